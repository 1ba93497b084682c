"""Where a file's policy and a form's differ."""

from catalog.policy import Policy
from deployments.policy_difference import Difference, differences


def test_equal_policies_do_not_differ() -> None:
    body = Policy().model_dump(mode="json")
    assert differences(body, body) == []


def test_each_differing_field_is_named_with_both_values() -> None:
    file = {"a": 1, "clocks": {"feedback": {"a": "10m", "ladder": [1]}}, "gone": True}
    form = {"a": 1, "clocks": {"feedback": {"a": "5m", "ladder": [1, 2]}}, "new": "x"}
    assert differences(file, form) == [
        Difference("clocks.feedback.a", '"10m"', '"5m"'),
        Difference("clocks.feedback.ladder", "[1]", "[1, 2]"),
        Difference("gone", "true", "—"),
        Difference("new", "—", '"x"'),
    ]
