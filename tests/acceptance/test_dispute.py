"""Two units bounce a case, the adjudicator rules: the time is charged to whose it was, and it does not happen twice."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from beside import DISTRICT, Parties, clocks, refused, taken

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(600)]

FIRST, RULED, THIRD = "street-xinhu", "urban-management", "police"
PLACE = "新湖街道荷园社区荷园雅居门口"
BIKES = "小区门口的共享单车乱停乱放，堆成小山，把人行道堵死了，没有一家来清理。"
AGAIN = "荷园雅居大门外车辆乱停放，几百辆共享单车横在路上，行人只能走到马路上去，麻烦派人挪走。"
ELSEWHERE, ITS_UNIT = "临江街道柳岸社区柳岸新村门口", "team-linjiang"


def test_two_units_bounce_a_case_and_the_ruling_is_kept(stack: Any, unit: Callable[[str, str], Any]) -> None:
    with clocks(stack):
        parties = Parties(stack, unit)
        for code in (FIRST, RULED):
            parties[code]  # connected before there is something to hear
        bounced = _is_ruled(parties)
        _is_charged(parties, bounced)
        case = _precedes(parties, AGAIN, PLACE)
        assert case["department"]["code"] == RULED
        assert case["precedent"]["case_no"] == bounced
        assert case["precedent"]["ruling"]
        assert parties[RULED].message("task.assigned", case["case_no"])["precedent"]["case_no"] == bounced
        other = _precedes(parties, AGAIN.replace("荷园雅居", "柳岸新村"), ELSEWHERE)
        assert (other["department"]["code"], other["precedent"]) == (ITS_UNIT, None)  # another street, no precedent
        assert stack.huiyin("verify")["ok"]


def _is_ruled(parties: Parties) -> str:
    stack = parties.stack
    case_no = str(parties.submit(BIKES, PLACE)["case_no"])
    order = parties[FIRST].message("task.assigned", case_no)
    taken(_declines(parties, FIRST, order, RULED))
    case = stack.state_becomes(case_no, "in_dispute")
    assert case["department"]["code"] == FIRST  # responsible until somebody else is
    with stack.staff("adjudicator", DISTRICT) as adjudicator:
        early = adjudicator.post(f"/api/cases/{case_no}/rule", json={"unit": RULED, "reason": "属城管"})
        refused(early, 409)  # the dispatcher comes first
        with stack.staff("dispatcher", DISTRICT) as dispatcher:
            sent = dispatcher.post(f"/api/cases/{case_no}/dispatch", json={"unit": RULED, "reason": "按建议转办"})
            taken(sent)
        taken(_declines(parties, RULED, parties[RULED].message("task.assigned", case_no), THIRD))
        stack.badge_becomes(case_no, "待裁决")
        taken(adjudicator.post(f"/api/cases/{case_no}/rule", json={"unit": RULED, "reason": "共享单车由城管部门管理"}))
    case = stack.state_becomes(case_no, "awaiting_ack")
    assert case["department"]["code"] == RULED
    answer = parties[RULED].message("task.decided", case_no)
    assert (answer["request"], answer["granted"]) == ("decline", False)
    refused(_declines(parties, RULED, {"case_no": case_no, "task_id": answer["task_id"]}, THIRD), 409)
    return case_no


def _is_charged(parties: Parties, case_no: str) -> None:
    """Since the ruled unit declined what was its own, the time is its; the first unit's ends with its decline."""
    stack = parties.stack
    task = stack.case(case_no)["tasks"][-1]["task_id"]
    parties[RULED].send(
        "task.completed", case_no=case_no, task_id=task, result="已清走", evidence=[]
    ).raise_for_status()
    stack.state_becomes(case_no, "awaiting_callback")
    case = stack.huiyin("case", case_no)
    at = {
        (line["event"], line["actor"].rpartition(":")[2]): datetime.fromisoformat(line["at"])
        for line in case["timeline"]
    }
    held = {one["holder"]: one["seconds"] for one in case["held"]}
    declined, ruled, completed = (
        at["task.declined", RULED],
        next(when for (event, _), when in at.items() if event == "case.ruled"),
        at["task.completed", RULED],
    )
    assert "disputed" not in held
    assert held[f"department:{RULED}"] >= (ruled - declined).total_seconds() - 0.01
    assert held[f"department:{RULED}"] <= (completed - declined).total_seconds() + 5  # its notice was on the way
    assert held.get("adjudicator", 0) == 0  # it ruled within its limit
    elapsed = datetime.fromisoformat(case["timeline"][-1]["at"]) - datetime.fromisoformat(case["received_at"])
    assert sum(held.values()) >= elapsed.total_seconds() - 0.01


def _precedes(parties: Parties, text: str, place: str) -> dict[str, Any]:
    """Another request, once it has a unit."""
    return dict(parties.stack.state_becomes(parties.submit(text, place)["case_no"], "awaiting_ack"))


def _declines(parties: Parties, code: str, order: dict[str, Any], proposed: str) -> Any:
    work = {"case_no": order["case_no"], "task_id": order["task_id"]}
    return parties[code].send("task.declined", **work, reason="不属我单位职责", proposed_unit=proposed)
