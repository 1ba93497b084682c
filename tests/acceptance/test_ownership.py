"""An old matter whose owners do nothing rises tier by tier; the highest ends it, and the leading group approves."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from beside import Parties, clocks, refused, taken, told
from waiting import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.slow, pytest.mark.timeout(600)]

TEXT = "楼盘延期交房两年了，工地早就停工，开发商资金链断裂，三百户业主还在还房贷，上访很多次都没有结果。"
PLACE = "临江街道江畔社区江畔新城"
UNIT, LEADERS, GROUP = "construction", "party-office", "command-centre"
OWNERS = {"unit": f"{UNIT}-chief", "district": "deputy-city", "head": "head"}
PROOF = ["https://photos.example.org/plan.jpg"]


def test_silent_owners_are_passed_over_and_the_leading_group_has_the_last_word(
    stack: Any, unit: Callable[[str, str], Any]
) -> None:
    with clocks(stack, accept="4s"):
        parties = Parties(stack, unit)
        for code in (UNIT, LEADERS, GROUP):
            parties[code]  # connected before there is something to hear
        receipt = parties.submit(TEXT, PLACE)
        case_no = receipt["case_no"]
        head = _rises(parties, case_no)
        _is_ended_by_the_head(parties, case_no, head)
        wait_for(lambda: "callback.asked" in stack.events(case_no), "the citizen to be asked")
        httpx.post(f"{receipt['receipt_url']}/evaluate", json={"solved": True, "satisfaction": 4}).raise_for_status()
        case = stack.state_becomes(case_no, "closed")
        assert [(one["tier"], one["owner"], one["state"]) for one in case["ownerships"]] == [
            ("head", "head", "dissolved")
        ]
        assert stack.huiyin("verify")["ok"]


def _rises(parties: Parties, case_no: str) -> dict[str, Any]:
    """Unit, district, head: each is told once, and who was passed over hears of it. The head's order."""
    orders = {
        tier: wait_for(lambda tier=tier: _orders(parties, case_no, tier), f"the order to the {tier} tier")
        for tier in OWNERS
    }
    taken(_acts(parties, LEADERS, "ownership.accepted", case_no, orders["head"][0], note="亲自抓"))
    for tier, owner in OWNERS.items():
        (order,) = _orders(parties, case_no, tier)
        assert (order["owner"], order["role"], order["trigger"]) == (owner, "owner", "long_standing")
    passed_over = [
        one["task_id"] for code in (UNIT, LEADERS) for one in told(parties[code], "task.reassigned", case_no)
    ]
    assert sorted(passed_over) == sorted(orders[tier][0]["task_id"] for tier in ("unit", "district"))
    events = parties.stack.events(case_no)
    assert (events.count("ownership.opened"), events.count("ownership.rose")) == (1, 2)
    refused(_acts(parties, LEADERS, "ownership.planned", case_no, orders["district"][0], note="晚了"), 409)
    return dict(orders["head"][0])


def _is_ended_by_the_head(parties: Parties, case_no: str, order: dict[str, Any]) -> None:
    """销案 of the highest tier waits for the leading group: nobody else may approve it."""
    stack = parties.stack
    for kind in ("ownership.visited", "ownership.planned"):
        taken(_acts(parties, LEADERS, kind, case_no, order, note="已安排"))
    said = {"disposition": "solved", "evidence": PROOF, "opinion": "业主代表认可复工方案"}
    refused(_acts(parties, LEADERS, "ownership.approved", case_no, order), 409)
    taken(_acts(parties, LEADERS, "ownership.dissolution_requested", case_no, order, **said))
    asked = parties[GROUP].message("ownership.assigned", case_no)
    assert (asked["role"], asked["tier"], asked["owner"]) == ("approver", "group", "leading-group")
    case = stack.case(case_no)
    assert (case["state"], case["ownerships"][-1]["state"]) == ("owned", "awaiting_approval")
    refused(_acts(parties, LEADERS, "ownership.approved", case_no, asked), 409)
    refused(_acts(parties, UNIT, "ownership.approved", case_no, asked), 409)
    taken(_acts(parties, GROUP, "ownership.refused", case_no, asked, reason="补充复工证明"))
    assert parties[LEADERS].message("task.decided", case_no)["granted"] is False
    assert stack.case(case_no)["state"] == "owned"
    taken(_acts(parties, LEADERS, "ownership.dissolution_requested", case_no, order, **said))
    again = wait_for(lambda: told(parties[GROUP], "ownership.assigned", case_no)[1:], "the second request")[0]
    taken(_acts(parties, GROUP, "ownership.approved", case_no, again, note="同意"))
    stack.state_becomes(case_no, "awaiting_callback")


def _orders(parties: Parties, case_no: str, tier: str) -> list[dict[str, Any]]:
    found = (one for code in (UNIT, LEADERS) for one in told(parties[code], "ownership.assigned", case_no))
    return [one for one in found if one["tier"] == tier and one["role"] == "owner"]


def _acts(parties: Parties, code: str, kind: str, case_no: str, order: dict[str, Any], **said: Any) -> httpx.Response:
    return parties[code].send(kind, case_no=case_no, task_id=order["task_id"], **said)
