"""A policy that makes no sense is refused in words that name the field and the fault."""

from typing import Any

import pytest
from pydantic_core import PydanticUndefined

from catalog.policy import Policy
from catalog.policy_reading import PolicyRefused, read_policy


def ladder(kind: str, *rungs: tuple[int, str]) -> dict[str, Any]:
    steps = [{"at_percent": percent, "action": action} for percent, action in rungs]
    return {"clocks": {kind: {"a": "1h", "b": "1h", "c": "1h", "ladder": steps}}}


@pytest.mark.parametrize("written", [{}, {"reopen_days": 3}, Policy(), Policy(reopen_days=3).model_dump(mode="json")])
def test_what_makes_sense_is_read(written: Any) -> None:
    assert read_policy(written) == Policy.model_validate(written)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (None, "没有写明政策"),
        (PydanticUndefined, "没有写明政策"),
        ("strict", "没有写明政策"),
        ([], "没有写明政策"),
        ({"invented": 1}, "invented：没有这一项"),
        ({"reopen_days": -1}, "结案后可重开（天）：不能小于 0"),
        ({"reopen_days": "soon"}, "结案后可重开（天）：应为整数"),
        ({"confidence_threshold": 2}, "自动派单置信度：不能大于 1"),
        ({"calendar": "moon"}, "工作日历：只能是"),
        ({"clocks": {"feedback": {"a": "soon"}}}, "时限与逐级催办·签收并反馈·A 类时限：格式不对"),
        ({"clocks": []}, "时限与逐级催办：应为一组字段"),
        (ladder("feedback"), "时限与逐级催办·签收并反馈·逐级催办：至少要有一项"),
        (ladder("feedback", (50, "urge"), (50, "remind")), "时限与逐级催办·签收并反馈：逐级催办的各级，时点必须"),
        (ladder("feedback", (100, "close_unrated")), "时限与逐级催办：“签收并反馈”的逐级催办中不能有 close_unrated"),
        (ladder("callback", (50, "ask_citizen")), "时限与逐级催办：“回访”的逐级催办必须以 close_unrated 结束"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_fault(written: Any, told: str) -> None:
    with pytest.raises(PolicyRefused) as refused:
        read_policy(written)
    assert told in str(refused.value)


def test_several_faults_are_told_together() -> None:
    with pytest.raises(PolicyRefused) as refused:
        read_policy({"reopen_days": -1, "invented": 1})
    assert str(refused.value).count("；") == 1
