"""What a story tells is looked for in the case, and what is missing is said in a sentence."""

from typing import Any

import pytest

from deployments.demo.behaviours import Story
from deployments.demo.script import Scripted, load_script
from deployments.demo.stories import untold

TOLD = {story: next(request for request in load_script() if request.story is story) for story in Story}


def part(unit: str, state: str = "done") -> dict[str, Any]:
    return {"department": {"code": unit}, "state": state, "role": "handler"}


def case(story: Story) -> dict[str, Any]:
    """A case in which everything happened as the script says."""
    request = TOLD[story]
    bare: dict[str, Any] = {
        "case_no": "SF1",
        "whistles": [],
        "ownerships": [],
        "timeline": [],
        "tasks": [],
        "precedent": None,
        "referral": None,
        "instant_answer": None,
        "evaluations": [{"solved": True, "satisfaction": 5}],
        "reopened": 0,
    }
    if request.call is not None:
        silent = request.call.silent
        parts = [part(unit, "excused" if unit == silent else "done") for unit in request.call.units]
        ratings = {unit: 5 for unit in request.call.units if unit != silent}
        bare["whistles"] = [{"parts": parts, "joint_result": "x", "ratings": ratings}]
    if request.dispute is not None:
        bare["department"] = {"code": request.dispute.ruled}
        declined = [{"event": "task.declined", "actor": f"unit:{unit}"} for unit in request.dispute.proposes]
        bare["timeline"] = [*declined, {"event": "case.ruled"}]
    match story:
        case Story.JOINT_ALONE:
            bare["ownerships"] = [{"tier": "unit", "state": "dissolved", "trigger": "ladder"}]
        case Story.SILENT_OWNERS:
            bare["ownerships"] = [{"tier": "head", "state": "dissolved", "trigger": "long_standing"}]
            bare["timeline"] = [{"event": "ownership.rose"}] * 2
        case Story.PRECEDENT:
            bare["precedent"], bare["tasks"] = {"case_no": "SF0"}, [part("urban-management")]
        case Story.ANSWERED:
            bare["instant_answer"] = {"entry": "probation", "turned_down_at": None}
        case Story.TURNED_DOWN:
            bare["instant_answer"] = {"entry": "ev-charger", "turned_down_at": "2026-11-23T10:00:00+08:00"}
            bare["tasks"] = [part("construction")]
        case Story.REFERRED:
            bare["referral"] = {"confirmed_at": "2026-11-23T10:00:00+08:00"}
    return bare


@pytest.mark.parametrize("story", Story)
def test_a_story_as_it_was_written_has_nothing_missing(story: Story) -> None:
    assert list(untold(TOLD[story], case(story))) == []


@pytest.mark.parametrize(
    ("story", "change", "said"),
    [
        (Story.JOINT, {"whistles": []}, "吹哨"),
        (Story.JOINT, {"whistles": [{"parts": [part("eco-water")], "joint_result": "x", "ratings": {}}]}, "分工"),
        (Story.JOINT_ALONE, {"ownerships": []}, "提级包案"),
        (Story.JOINT_ALONE, {"ownerships": [{"trigger": "ladder", "state": "owned"}]}, "销案"),
        (Story.BOUNCED, {"timeline": []}, "裁决"),
        (Story.BOUNCED, {"department": {"code": "police"}}, "裁决"),
        (Story.PRECEDENT, {"precedent": None}, "先例"),
        (Story.PRECEDENT, {"tasks": [part("police"), part("urban-management")]}, "先例"),
        (Story.SILENT_OWNERS, {"timeline": [{"event": "ownership.rose"}]}, "逐级"),
        (Story.REFERRED, {"referral": {"confirmed_at": None}}, "转接"),
        (Story.ANSWERED, {"instant_answer": None}, "即时答复"),
        (Story.ANSWERED, {"tasks": [part("livelihood")]}, "即时答复"),
        (Story.ANSWERED, {"evaluations": []}, "即时答复"),
        (Story.TURNED_DOWN, {"instant_answer": {"entry": "ev-charger", "turned_down_at": None}}, "转人工"),
        (Story.TURNED_DOWN, {"tasks": []}, "首次派单"),
        (Story.TURNED_DOWN, {"reopened": 1}, "首次派单"),
    ],
)
def test_what_is_missing_is_told(story: Story, change: dict[str, Any], said: str) -> None:
    missing = list(untold(TOLD[story], {**case(story), **change}))
    assert missing
    assert said in missing[0]
    assert "SF1" in missing[0]


def test_a_request_without_a_story_has_nothing_to_tell() -> None:
    plain = Scripted(text="污水井一直往外冒脏水", channel="app")
    assert list(untold(plain, {})) == []
