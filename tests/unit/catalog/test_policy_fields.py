"""Each field of a policy has the name that its form shows."""

import pytest

from catalog.marked import Loc
from catalog.policy_fields import field_name


@pytest.mark.parametrize(
    ("loc", "name"),
    [
        (("reopen_days",), "结案后可重开（天）"),
        (("quiet_hours", "start"), "免打扰时段·开始"),
        (("clocks", "feedback", "a"), "时限与逐级催办·签收并反馈·A 类时限"),
        (("clocks", "callback", "ladder", 1, "action"), "时限与逐级催办·回访·逐级催办·2·动作"),
        (("invented",), "invented"),
        (("clocks", "invented", "a"), "时限与逐级催办·invented·a"),
        ((), ""),
    ],
)
def test_a_field_is_called_as_on_the_form(loc: Loc, name: str) -> None:
    assert field_name(loc) == name
