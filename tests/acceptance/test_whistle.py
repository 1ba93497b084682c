"""A street whistles, one of the called units stays silent, a leader owns the case until 销案: by webhooks alone."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from beside import LEAD, STREET, Call, Parties, clocks, refused, taken, told
from waiting import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(600)]

HELPERS = ("construction", "urban-management")
SILENT = "police"
LEADERS = "party-office"  # where the district's leaders are reached
PROOF = ["https://photos.example.org/after.jpg"]


def test_a_silent_unit_ends_with_a_leader_and_the_case_only_with_the_end_of_that(
    stack: Any, unit: Callable[[str, str], Any]
) -> None:
    with clocks(stack, report_in="14s"):
        parties = Parties(stack, unit)
        parties[LEADERS]  # connected before there is something to hear
        call = parties.whistled(*HELPERS, SILENT)
        for code in HELPERS:
            call.does_its_part(code)
        call.comes(LEAD)
        refused(call.says(LEAD, "whistle.joint_result", result="处置完毕"), 409, SILENT)
        _climbs(parties, call)
        _is_owned(parties, call)
        _ends(parties, call)


def _climbs(parties: Parties, call: Call) -> None:
    """The silent unit's ladder is climbed to its end, and the leader in charge hears of it. Of rungs that are due at
    once, as on a busy machine, only the highest is told.
    """
    order = parties[LEADERS].message("task.supervised", call.case_no)
    assert (order["owner"], order["clock"]) == ("deputy-safety", "report_in")  # who is linked to the silent unit
    assert parties[SILENT].message("task.supervised", call.case_no)["clock"] == "report_in"
    parties[LEAD].message("ownership.assigned", call.case_no)
    ladders = [one for one in parties.stack.case(call.case_no)["clocks"] if one["kind"] == "report_in"]
    (climbed,) = (one["rungs"] for one in ladders if one["holder"] == f"department:{SILENT}")
    actions = [rung["action"] for rung in climbed if rung["fired_at"] or rung["skipped"]]
    assert actions[:4] == ["remind", "urge", "supervise", "own"]
    for code in HELPERS:
        assert told(parties[code], "task.supervised", call.case_no) == []


def _is_owned(parties: Parties, call: Call) -> None:
    """At the ladder's end the leader of the responsible unit has the case; the other parts stand."""
    owner = parties[LEAD].message("ownership.assigned", call.case_no)
    assert (owner["tier"], owner["role"], owner["trigger"]) == ("unit", "owner", "ladder")
    case = parties.stack.state_becomes(call.case_no, "owned")
    assert [one["trigger"] for one in case["ownerships"]] == ["ladder"]
    assert call.states() == {
        LEAD: "in_progress",
        **dict.fromkeys(HELPERS, "done"),
        SILENT: "awaiting_report_in",
    }
    work = {"case_no": call.case_no, "task_id": owner["task_id"]}
    for kind in ("ownership.accepted", "ownership.visited", "ownership.planned"):
        taken(parties[LEAD].send(kind, **work, note="已安排"))
    refused(call.says(LEAD, "whistle.joint_result", result="处置完毕"), 409, SILENT)
    refused(_asks_for_its_end(parties, call, work), 409)  # not while a call is open

    refused(call.says(HELPERS[0], "whistle.excused", unit=SILENT, reason="没有来"), 409)
    taken(call.caller_says("whistle.excused", unit=SILENT, reason="始终没有报到"))
    assert parties[SILENT].message("task.withdrawn", call.case_no)
    refused(call.caller_says("whistle.signed_off", ratings={LEAD: 5}), 409, "joint result")
    taken(call.says(LEAD, "whistle.joint_result", result="联合处置完毕"))
    refused(call.caller_says("whistle.signed_off", ratings={LEAD: 5}), 422, *HELPERS)
    taken(call.caller_says("whistle.signed_off", ratings=dict.fromkeys((LEAD, *HELPERS), 4)))
    assert parties.stack.case(call.case_no)["state"] == "owned"  # the leader still has it
    taken(_asks_for_its_end(parties, call, work))


def _ends(parties: Parties, call: Call) -> None:
    """The tier above approves, the citizen is asked, and only then it closes."""
    stack, case_no = parties.stack, call.case_no
    asked = parties[LEADERS].message("ownership.assigned", case_no)
    assert (asked["role"], asked["disposition"]) == ("approver", "solved")
    assert stack.case(case_no)["state"] == "owned"
    taken(parties[LEADERS].send("ownership.approved", case_no=case_no, task_id=asked["task_id"], note="同意"))
    stack.state_becomes(case_no, "awaiting_callback")
    wait_for(lambda: "callback.asked" in stack.events(case_no), "the citizen to be asked")
    judged = httpx.post(f"{call.page}/evaluate", json={"solved": True, "satisfaction": 5})
    assert judged.status_code == 200, judged.text
    case = stack.state_becomes(case_no, "closed")
    assert case["outcome"] == "resolved"
    (whistle,), (ownership,) = case["whistles"], case["ownerships"]
    assert (whistle["state"], whistle["caller"], whistle["lead"]) == ("done", STREET, LEAD)
    assert whistle["ratings"] == dict.fromkeys((LEAD, *HELPERS), 4)
    assert call.states() == {**dict.fromkeys((LEAD, *HELPERS), "done"), SILENT: "excused"}
    assert (ownership["state"], ownership["disposition"]) == ("dissolved", "solved")
    events = [line["event"] for line in case["timeline"]]
    order = ["whistle.requested", "ownership.opened", "whistle.joint_result", "whistle.signed_off"]
    order += ["ownership.approved", "callback.asked", "citizen.evaluated"]
    assert [event for event in events if event in order] == order
    for code in (LEAD, *HELPERS):
        assert parties[code].message("case.closed", case_no)
    stack.badge_becomes(case_no, "已结案")
    assert stack.huiyin("verify")["ok"]


def _asks_for_its_end(parties: Parties, call: Call, work: dict[str, str]) -> httpx.Response:
    said = {"disposition": "solved", "evidence": PROOF, "opinion": "诉求人同意销案", "result": "工地夜间停工"}
    return parties[LEAD].send("ownership.dissolution_requested", **work, **said)
