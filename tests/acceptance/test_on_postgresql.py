"""The same life with the ledger on PostgreSQL: reassigned by a dispatcher, sent back by its citizen, then resolved."""

from typing import Any

import httpx
import pytest
from parties import Unit
from waiting import wait_for

pytestmark = [pytest.mark.slow, pytest.mark.stack, pytest.mark.needs_postgresql, pytest.mark.timeout(600)]


def test_a_request_lives_on_postgresql(stack_on_postgresql: Any) -> None:
    stack = stack_on_postgresql
    stack.change_policy("demo", clocks=_in_minutes(stack))
    receipt = stack.submit(district="demo", text="你好，帮帮我", contact={"phone": "13800000006"})
    case_no, page = receipt["case_no"], receipt["receipt_url"]
    stack.badge_becomes(case_no, "待分拨 ")
    units = stack.auditor.get("/api/units", params={"district": "demo"}).json()
    first, second = [unit["code"] for unit in units if unit["kind"] == "department"][:2]
    with stack.staff("dispatcher", "demo") as dispatcher:
        for unit in (first, second):
            dispatcher.post(f"/api/cases/{case_no}/dispatch", json={"unit": unit}).raise_for_status()
    case = stack.state_becomes(case_no, "awaiting_ack")
    assert [task["department"]["code"] for task in case["tasks"]] == [first, second]

    _completes(stack, case_no, second)
    answer = httpx.post(f"{page}/evaluate", json={"solved": False, "satisfaction": 1})
    assert answer.json()["state"] == "awaiting_ack", answer.text
    _completes(stack, case_no, second)
    assert httpx.post(f"{page}/evaluate", json={"solved": True, "satisfaction": 4}).json()["state"] == "closed"
    case = stack.case(case_no)
    assert (case["reopened"], case["outcome"]) == (1, "resolved")
    assert [said["satisfaction"] for said in case["evaluations"]] == [1, 4]


def _in_minutes(stack: Any) -> dict[str, Any]:
    """The demo's clocks, long enough that none rings while the test is at work."""
    clocks = httpx.get(f"{stack.prefect}/deployments/name/request/demo").json()["parameters"]["policy"]["clocks"]
    return {kind: {**clock, "a": "30m", "b": "30m", "c": "30m"} for kind, clock in clocks.items()}


def _completes(stack: Any, case_no: str, code: str) -> None:
    """The unit completes its present task by webhook."""
    unit = Unit(stack, "demo", code)
    unit.connect()
    task = stack.case(case_no)["tasks"][-1]["task_id"]
    unit.send("task.completed", case_no=case_no, task_id=task, result="已办妥", evidence=[]).raise_for_status()
    wait_for(lambda: "callback.asked" in stack.events(case_no)[-3:], "the citizen to be asked")
