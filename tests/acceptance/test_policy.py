"""A district's policy through Prefect's API and the command line: refused, mirrored, moved to, and put back."""

import copy
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from waiting import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.timeout(600)]

DISTRICT = "futian"
TEXT = "小区楼下有人半夜施工，噪音太大睡不着"
FOR_EVER = [{"at_percent": 50, "action": "ask_citizen"}]


@pytest.fixture
def policy(stack: Any) -> Iterator[dict[str, Any]]:
    """The policy of the district, as its form has it; put back at the end."""
    yield parameters_of(stack)["policy"]
    stack.huiyin("deploy", DISTRICT, "--policy-from-file")


def parameters_of(stack: Any) -> dict[str, Any]:
    return dict(
        httpx.get(f"{stack.prefect}/deployments/name/request/{DISTRICT}").raise_for_status().json()["parameters"]
    )


def put(stack: Any, body: dict[str, Any]) -> None:
    """Change the deployment through Prefect's API, around the form."""
    deployment = httpx.get(f"{stack.prefect}/deployments/name/request/{DISTRICT}").json()["id"]
    url = f"{stack.prefect}/deployments/{deployment}"
    wait_for(lambda: httpx.patch(url, json=body).is_success, "Prefect to take the parameters")


def trap(policy: dict[str, Any]) -> dict[str, Any]:
    """A form whose callback never ends: each field is right by itself."""
    made = copy.deepcopy(policy)
    made["clocks"]["callback"]["ladder"] = FOR_EVER
    return made


def alerts(stack: Any) -> dict[str, str]:
    open_alerts = stack.huiyin("alerts")["alerts"]
    return {alert["kind"]: alert["words"] for alert in open_alerts if alert["subject"] == DISTRICT}


def opened(stack: Any) -> dict[str, Any]:
    """A request that has found its unit."""
    case_no = stack.submit(district=DISTRICT, text=TEXT)["case_no"]
    return dict(stack.state_becomes(case_no, "awaiting_ack"))


def pinned(case: dict[str, Any]) -> dict[str, Any]:
    (event,) = (event for event in case["timeline"] if event["event"] == "policy.pinned")
    return dict(event["detail"])


def reconcile(stack: Any) -> None:
    """What happens each minute, now."""
    deployment = httpx.get(f"{stack.prefect}/deployments/name/reconcile/huiyin").json()["id"]
    url = f"{stack.prefect}/deployments/{deployment}/create_flow_run"
    run = wait_for(lambda: _made(httpx.post(url, json={})), "Prefect to make a reconcile run")
    state = f"{stack.prefect}/flow_runs/{run}"
    wait_for(lambda: httpx.get(state).json()["state_type"] == "COMPLETED", "the reconcile run to complete")


def feedback(case: dict[str, Any]) -> str:
    """When the acknowledgement is due."""
    (due,) = (clock["due_at"] for clock in case["clocks"] if clock["kind"] == "feedback")
    return str(due)


def _made(answer: httpx.Response) -> str | None:
    return str(answer.json()["id"]) if answer.is_success else None


def test_a_policy_that_makes_no_sense_stops_no_request_and_a_valid_one_is_mirrored(
    stack: Any, policy: dict[str, Any]
) -> None:
    reconcile(stack)
    last = stack.huiyin("policy", "diff", DISTRICT)["ledger"]["version"]
    for parameters in (
        {"parameters": {"policy": trap(policy)}},
        {"parameters": {}},
        {"parameters": {"policy": "strict"}, "enforce_parameter_schema": False},
    ):
        put(stack, parameters)
        case = opened(stack)
        assert (case["policy_version"], pinned(case)["policy_version"]) == (last, last)
        assert pinned(case)["refused"]
        assert pinned(case)["refused"] in alerts(stack)["policy_refused"]
    reconcile(stack)
    assert stack.huiyin("policy", "diff", DISTRICT)["ledger"]["version"] == last
    assert "policy_refused" in alerts(stack)

    changed = copy.deepcopy(policy)
    changed["clocks"]["feedback"].update(a="6m", b="6m", c="6m")
    put(stack, {"parameters": {"policy": changed}, "enforce_parameter_schema": True})
    reconcile(stack)
    diff = stack.huiyin("policy", "diff", DISTRICT)
    assert diff["form"]["version"] == diff["ledger"]["version"] != last
    assert {field["field"]: field["ledger"] for field in diff["fields"]} == {
        f"clocks.feedback.{grade}": "6m" for grade in "abc"
    }
    assert alerts(stack) == {}
    received = opened(stack)["timeline"][0]
    assert received["detail"]["policy_version"] == diff["ledger"]["version"]

    before = case["case_no"]
    (shown,) = stack.huiyin("policy", "move", DISTRICT, "--case", before)["cases"]
    changes = {clock["kind"]: clock["changes"] for clock in shown["clocks"]}
    assert (changes["feedback"], changes["completion"]) == (True, False)
    (moved,) = stack.huiyin("policy", "move", DISTRICT, "--case", before, "--yes")["cases"]
    assert moved["moved"]
    after = stack.case(before)
    assert after["policy_version"] == diff["ledger"]["version"]
    assert feedback(after) < feedback(case)
    assert stack.events(before).count("policy.moved") == 1
    assert stack.badge_becomes(before, "待签收 ")["state_type"] == "PAUSED"
    assert stack.huiyin("verify")["ok"]
