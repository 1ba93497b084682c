"""What an operator does to a run in Prefect's UI loses no case."""

from typing import Any

import httpx
import pytest
from waiting import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


def test_a_cancelled_and_a_deleted_run_are_found_and_go_on(stack: Any) -> None:
    cancelled, deleted = (_waiting(stack, text) for text in ("小区电梯坏了三天没人修", "路边井盖破损，行人容易绊倒"))
    run = stack.run_of(cancelled)
    state = {"state": {"type": "CANCELLED", "name": "Cancelled"}, "force": True}
    url = f"{stack.prefect}/flow_runs/{run['id']}/set_state"
    wait_for(lambda: httpx.post(url, json=state).is_success, "Prefect to cancel a run")
    gone = f"{stack.prefect}/flow_runs/{stack.run_of(deleted)['id']}"
    wait_for(lambda: httpx.delete(gone).is_success, "Prefect to delete a run")
    assert stack.run_of(deleted) == {}

    _reconcile(stack)
    for case_no in (cancelled, deleted):
        assert stack.badge_becomes(case_no, "待签收 ")["state_type"] == "PAUSED"
        case = stack.case(case_no)
        assert case["state"] == "awaiting_ack"
        assert [event["event"] for event in case["timeline"]].count("case.assigned") == 1


def _waiting(stack: Any, text: str) -> str:
    case_no = stack.submit(district="pingshan", text=f"坑梓街道{text}，请处理", contact={"phone": "13800000004"})[
        "case_no"
    ]
    if stack.badge_becomes(case_no, "待")["state_name"].startswith("待分拨"):
        unit = stack.huiyin("classify", "--district", "pingshan", "--text", "路边井盖破损")["unit"]["code"]
        with stack.staff("dispatcher", "pingshan") as dispatcher:
            dispatcher.post(f"/api/cases/{case_no}/dispatch", json={"unit": unit}).raise_for_status()
    stack.badge_becomes(case_no, "待签收 ")
    return str(case_no)


def _reconcile(stack: Any) -> None:
    """The full comparison, now."""
    deployment = httpx.get(f"{stack.prefect}/deployments/name/reconcile/huiyin").json()["id"]
    started = httpx.post(
        f"{stack.prefect}/deployments/{deployment}/create_flow_run", json={"parameters": {"full": True}}
    )
    url = f"{stack.prefect}/flow_runs/{started.json()['id']}"
    wait_for(lambda: httpx.get(url).json()["state_type"] == "COMPLETED", "the reconcile run to complete")
