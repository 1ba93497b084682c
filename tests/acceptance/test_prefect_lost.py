"""Prefect's database is deleted in mid-run: started again and deployed, every open case goes on, no clock has moved."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from parties import Stack, running
from waiting import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.timeout(900)]

GARBAGE = "坑梓街道金沙社区小区门口的垃圾堆了三天没人清运，臭气熏天，请尽快处理"
LIGHTS = "路口红绿灯不亮了，车都堵住了"
FOUND_AGAIN = 200.0  # seconds: reconcile looks each minute, on a machine that has other things to do
PARTS = {"prefect": "deployments.prefect_server", "worker": "prefect", "gateway": "gateway"}


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """A stack of this test's own."""
    with running(tmp_path / "home") as started:
        yield started


def test_every_open_case_goes_on_with_its_clocks(stack: Any, unit: Callable[[str, str], Any]) -> None:
    _an_administrator_changes_the_policy(stack)
    code = stack.huiyin("classify", "--district", "pingshan", "--text", GARBAGE)["unit"]["code"]
    department = unit("pingshan", code)
    done = _closed(stack)
    fresh, contacted, working = (_taken(stack, department, deeds) for deeds in (0, 1, 3))
    unsure = stack.submit(district="pingshan", text="你好，帮帮我")["case_no"]
    elsewhere = stack.submit(district="futian", text=LIGHTS, contact={"phone": "13800000002"})["case_no"]
    badges = {fresh: "待签收 ", contacted: "待联系 ", working: "办理中 ", unsure: "待分拨 ", elsewhere: "待签收 "}
    for case_no, badge in badges.items():
        stack.badge_becomes(case_no, badge)
    before = {case_no: _clocks(stack.case(case_no)) for case_no in badges}
    policies = _policies(stack)
    worker, gateway = _pid(stack, "worker"), _pid(stack, "gateway")

    _loses_prefects_database(stack)
    during = stack.submit(district="pingshan", text=GARBAGE, contact={"phone": "13800000009"})["case_no"]
    deployed = {each["deployment"]: each for each in stack.huiyin("deploy")["deployments"]}
    assert deployed["request/pingshan"]["policy"]["source"] == "ledger"
    assert _policies(stack) == policies

    # A unit that acts before anybody has looked for the lost runs is not kept waiting.
    task = {"case_no": contacted, "task_id": f"{contacted}-T1"}
    department.send("task.contacted", **task, note="已电话联系").raise_for_status()
    department.send("task.first_round", **task, responsible_person="李工", note="车已到").raise_for_status()
    badges |= {contacted: "办理中 ", during: "待签收 "}
    for case_no, badge in badges.items():
        assert stack.badge_becomes(case_no, badge, FOUND_AGAIN)["state_type"] == "PAUSED"
    after = {case_no: _clocks(stack.case(case_no)) for case_no in before}
    # What the unit has stopped rings no more; its limits stand as all others do.
    assert [clock[:3] for clock in after.pop(contacted)] == [clock[:3] for clock in before.pop(contacted)]
    assert after == before
    assert (_pid(stack, "worker"), _pid(stack, "gateway")) == (worker, gateway)  # nobody had to start them again

    for case_no in (fresh, contacted, working, during):
        _finish(stack, department, case_no)
    assert stack.case(done)["state"] == "closed"
    assert stack.huiyin("verify")["ok"]


def _an_administrator_changes_the_policy(stack: Any) -> None:
    clocks = httpx.get(f"{stack.prefect}/deployments/name/request/pingshan").json()["parameters"]["policy"]["clocks"]
    changed = {**clocks["feedback"], "a": "3h", "b": "4h", "c": "5h"}
    stack.change_policy("pingshan", quiet_hours=None, clocks={**clocks, "feedback": changed})
    # Each minute the ledger learns what the forms say; here at once.
    reconcile = httpx.get(f"{stack.prefect}/deployments/name/reconcile/huiyin").json()["id"]
    started = httpx.post(f"{stack.prefect}/deployments/{reconcile}/create_flow_run", json={}).raise_for_status()
    look = f"{stack.prefect}/flow_runs/{started.json()['id']}"
    wait_for(lambda: httpx.get(look).json()["state_type"] == "COMPLETED", "the reconcile run to complete")


def _policies(stack: Any) -> dict[str, Any]:
    """What the forms of all districts say."""
    asked = httpx.post(f"{stack.prefect}/deployments/filter", json={"flows": {"name": {"any_": ["request"]}}}).json()
    policies = {deployment["name"]: deployment["parameters"]["policy"] for deployment in asked}
    assert policies["pingshan"]["clocks"]["feedback"]["c"] == "5h"
    return policies


def _closed(stack: Any) -> str:
    """A case that is over before anything is lost."""
    receipt = stack.submit(district="pingshan", text=GARBAGE)
    httpx.post(f"{receipt['receipt_url']}/withdraw", json={}).raise_for_status()
    stack.badge_becomes(receipt["case_no"], "已结案")
    return str(receipt["case_no"])


def _taken(stack: Any, department: Any, deeds: int) -> str:
    """A case in the department's hands, of which it has done the first so many deeds."""
    case_no = stack.submit(district="pingshan", text=GARBAGE, contact={"phone": "13800000001"})["case_no"]
    task = {"case_no": case_no, "task_id": department.message("task.assigned", case_no)["task_id"]}
    for kind, said in (
        ("task.acknowledged", {"handler": "李工", "feedback": "马上派人清运"}),
        ("task.contacted", {"note": "已电话联系"}),
        ("task.first_round", {"responsible_person": "李工", "note": "清运车已到"}),
    )[:deeds]:
        department.send(kind, **task, **said).raise_for_status()
    return str(case_no)


def _clocks(case: dict[str, Any]) -> list[Any]:
    return [
        (clock["kind"], clock["started_at"], clock["due_at"], [rung["at"] for rung in clock["rungs"]])
        for clock in case["clocks"]
    ]


def _pid(stack: Any, part: str) -> int:
    """The process of a part: the child of `huiyin up` that runs its module."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
            words = (status.parent / "cmdline").read_bytes().decode().split("\0")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == stack.process.pid and "-m" in words and words[words.index("-m") + 1] == PARTS[part]:
            return int(status.parent.name)
    raise AssertionError(f"there is no {part} under {stack.process.pid}")


def _loses_prefects_database(stack: Any) -> None:
    """Its files go while the server is dead; whoever keeps the stack alive then starts it again by itself."""
    os.kill(_pid(stack, "prefect"), signal.SIGKILL)
    files = list(stack.home.glob("prefect.db*"))
    assert files
    for file in files:
        file.unlink(missing_ok=True)
    health = f"{stack.prefect}/health"
    wait_for(lambda: _answers(health), "Prefect's server to be back", FOUND_AGAIN)
    assert httpx.post(f"{stack.prefect}/flow_runs/filter", json={"limit": 5}).json() == []


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False


def _finish(stack: Any, department: Any, case_no: str) -> None:
    task = {"case_no": case_no, "task_id": department.message("task.assigned", case_no)["task_id"]}
    department.send("task.completed", **task, result="垃圾已清运", evidence=[]).raise_for_status()
    wait_for(lambda: "callback.asked" in stack.events(case_no), "the citizen to be asked")
    with stack.staff("callback", "pingshan") as centre:
        said = {"solved": True, "satisfaction": 5}
        centre.post(f"/api/cases/{case_no}/callback", json=said).raise_for_status()
    assert stack.state_becomes(case_no, "closed")["outcome"] == "resolved"
    assert stack.badge_becomes(case_no, "已结案")["state_type"] == "COMPLETED"
    assert [one["type"] for one in department.received if one["data"]["case_no"] == case_no].count("task.assigned") == 1
