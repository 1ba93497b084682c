"""One life in Pingshan, from receipt to closed, through nothing but public doors; and every bad delivery."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from waiting import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

TEXT = "坑梓街道金沙社区小区门口的垃圾堆了三天没人清运，臭气熏天，请尽快处理"
MESSAGE = {"schema": 1, "timestamp": "2026-11-23T10:00:00+08:00"}


def test_a_request_lives(stack: Any, unit: Callable[[str, str], Any]) -> None:
    stack.change_policy("pingshan", quiet_hours=None)  # so that the citizen is asked at whatever hour this runs
    contact = {"name": "王小明", "phone": "13800000001"}
    classified = stack.huiyin("classify", "--district", "pingshan", "--text", TEXT)
    department = unit("pingshan", classified["unit"]["code"])
    receipt = stack.submit(district="pingshan", text=TEXT, place="坑梓街道金沙社区", contact=contact)
    case_no = receipt["case_no"]

    order = department.message("task.assigned", case_no)
    assert order["text"] == TEXT
    assert {clock["kind"] for clock in order["clocks"]} >= {"feedback", "contact", "first_round", "completion"}
    run = stack.badge_becomes(case_no, "待签收 ")
    assert run["state_type"] == "PAUSED"
    assert {"district:pingshan", "grade:C", f"unit:{department.code}", "待签收"} <= set(run["tags"])
    _refuses_bad_deliveries(stack, department, order)

    task = {"case_no": case_no, "task_id": order["task_id"]}
    assert department.send("task.acknowledged", **task, handler="李工", feedback="马上派人清运").json() == {
        "status": "accepted"
    }
    assert stack.badge_becomes(case_no, "待联系 ")
    assert "王小明" in httpx.post(order["contact_url"]).text
    department.send("task.contacted", **task, note="已电话联系").raise_for_status()
    department.send("task.first_round", **task, responsible_person="李工", note="清运车已到").raise_for_status()
    assert stack.badge_becomes(case_no, "办理中 ")
    department.send("task.completed", **task, result="垃圾已清运", evidence=[]).raise_for_status()
    assert stack.badge_becomes(case_no, "待回访 ")
    wait_for(lambda: "callback.asked" in stack.events(case_no), "the citizen to be asked")

    page = httpx.get(receipt["receipt_url"])
    assert "垃圾已清运" in page.text
    answer = httpx.post(f"{receipt['receipt_url']}/evaluate", json={"solved": True, "satisfaction": 5})
    assert answer.status_code == 200, answer.text
    case = stack.state_becomes(case_no, "closed")
    assert (case["outcome"], case["state_zh"]) == ("resolved", "已结案")
    assert not any(clock["breached"] for clock in case["clocks"])
    assert department.message("case.closed", case_no)["evaluation"] == {"solved": True, "satisfaction": 5}
    ended = stack.badge_becomes(case_no, "已结案")
    assert ended["state_type"] == "COMPLETED"
    assert {"classify", "grade", "assign", "notify", "callback"} <= set(stack.tasks_of(ended["id"]))
    received = datetime.fromisoformat(case["received_at"])
    elapsed = datetime.fromisoformat(case["closed_at"]) - received
    assert sum(held["seconds"] for held in case["held"]) == pytest.approx(elapsed.total_seconds(), abs=0.01)
    assert "13800000001" not in json.dumps(case, ensure_ascii=False)
    late = department.send("task.progress", **task, note="还有一点")
    assert (late.status_code, late.json()["state"]) == (409, "closed")
    assert stack.huiyin("verify")


def _refuses_bad_deliveries(stack: Any, department: Any, order: dict[str, Any]) -> None:
    """Each bad delivery of CONTRACT has its answer, and nothing changes."""
    before = stack.case(order["case_no"])["timeline"]
    task = {"case_no": order["case_no"], "task_id": order["task_id"]}
    body = json.dumps({"type": "task.acknowledged", **MESSAGE, "data": {**task, "handler": "x", "feedback": "y"}})
    stale = datetime.now(UTC) - timedelta(minutes=6)
    stranger = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    answers = {
        "bad signature": (department.post(body, secret=stranger), 401),
        "stale": (department.post(body, at=stale), 401),
        "unknown unit": (department.post(body, path="/webhooks/pingshan/no-such-unit"), 404),
        "not its task": (
            department.send("task.acknowledged", **{**task, "task_id": "other"}, handler="x", feedback="y"),
            409,
        ),
        "no sense here": (department.send("task.resumed", **task, reason="x"), 409),
        "malformed": (department.send("task.first_round", **task, note="没有责任人"), 422),
        "unknown type": (department.send("task.sung", **task), 422),
        "no JSON": (department.post("{"), 422),
        "too long": (department.post(json.dumps({"x": "y" * 2**20})), 413),
    }
    for what, (answer, status) in answers.items():
        assert answer.status_code == status, f"{what}: {answer.status_code} {answer.text}"
    assert answers["malformed"][0].text.find("responsible_person") >= 0
    refused = answers["no sense here"][0].json()
    assert refused["state"] == "awaiting_ack"
    assert "task.acknowledged" in refused["allowed"]
    assert stack.case(order["case_no"])["timeline"] == before


def test_the_same_delivery_twice_has_one_effect(stack: Any, unit: Callable[[str, str], Any]) -> None:
    case_no, department, task = _assigned(stack, unit)
    said = {"type": "task.acknowledged", **MESSAGE, "data": {**task, "handler": "李工", "feedback": "收到"}}
    body = json.dumps(said)
    assert department.post(body, id="once").json() == {"status": "accepted"}
    again = department.post(body, id="once")
    assert (again.status_code, again.json()) == (200, {"status": "duplicate"})
    said["data"]["feedback"] = "别的话"
    assert department.post(json.dumps(said), id="once").status_code == 409
    assert stack.events(case_no).count("task.acknowledged") == 1


def test_a_dispatcher_decides_where_the_classifier_is_unsure(stack: Any, unit: Callable[[str, str], Any]) -> None:
    case_no = stack.submit(district="pingshan", text="你好，帮帮我")["case_no"]
    assert stack.badge_becomes(case_no, "待分拨 ")
    department = unit("pingshan", stack.huiyin("classify", "--district", "pingshan", "--text", TEXT)["unit"]["code"])
    with stack.staff("dispatcher", "pingshan") as dispatcher:
        listed = dispatcher.get("/api/cases", params={"state": "triage"}).json()
        assert case_no in json.dumps(listed)
        answer = dispatcher.post(f"/api/cases/{case_no}/dispatch", json={"unit": department.code})
        assert answer.status_code == 200, answer.text
    assert department.message("task.assigned", case_no)
    with stack.staff("dispatcher", "futian") as stranger:
        assert stranger.post(f"/api/cases/{case_no}/dispatch", json={"unit": department.code}).status_code == 403


def test_the_same_request_gets_other_clocks_in_another_district(stack: Any) -> None:
    limits = {}
    for district in ("pingshan", "futian"):
        case_no = stack.submit(
            district=district, text="路口红绿灯不亮了，车都堵住了", contact={"phone": "13800000002"}
        )["case_no"]
        case = stack.state_becomes(case_no, "awaiting_ack")
        limits[district] = {clock["kind"]: _length(clock) for clock in case["clocks"] if clock["due_at"]}
    assert limits["pingshan"] != limits["futian"]


def test_a_policy_changed_in_prefect_holds_for_the_next_request_only(stack: Any) -> None:
    def feedback(case_no: str) -> float:
        case = stack.state_becomes(case_no, "awaiting_ack")
        return next(_length(clock) for clock in case["clocks"] if clock["kind"] == "feedback")

    text = "对面工地凌晨还在打桩，吵得睡不着"
    before = stack.submit(district="futian", text=text)["case_no"]
    limit = feedback(before)
    clocks = httpx.get(f"{stack.prefect}/deployments/name/request/futian").json()["parameters"]["policy"]["clocks"]
    changed = {**clocks["feedback"], "a": "7m", "b": "7m", "c": "7m"}
    stack.change_policy("futian", clocks={**clocks, "feedback": changed})
    after = stack.submit(district="futian", text=text)["case_no"]
    assert feedback(after) == 7 * 60
    assert feedback(before) == limit != 7 * 60


def _length(clock: dict[str, Any]) -> float:
    return (datetime.fromisoformat(clock["due_at"]) - datetime.fromisoformat(clock["started_at"])).total_seconds()


def _assigned(stack: Any, unit: Callable[[str, str], Any]) -> tuple[str, Any, dict[str, str]]:
    code = stack.huiyin("classify", "--district", "pingshan", "--text", TEXT)["unit"]["code"]
    department = unit("pingshan", code)
    case_no = stack.submit(district="pingshan", text=TEXT, contact={"phone": "13800000003"})["case_no"]
    order = department.message("task.assigned", case_no)
    return case_no, department, {"case_no": case_no, "task_id": order["task_id"]}
