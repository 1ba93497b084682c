"""The same flows under Prefect's own `process` worker: a new process for each wake, one whole life."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from operating import Operator
from parties import Unit, running
from waiting import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.timeout(600)]

PATIENCE = 120.0  # a wake is a new process, and two at a time are as many as two cores take
TEXT = "坑梓街道金沙社区小区门口的垃圾堆了三天没人清运，臭气熏天，请尽快处理"
UNIT = "services-kengzi"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("process")
    (folder / "tmp").mkdir()
    chosen = {"HUIYIN_POOL_TYPE": "process", "HUIYIN_WORKER_LIMIT": "2", "TMPDIR": str(folder / "tmp")}
    with running(folder / "home", **chosen) as started:
        yield started


@pytest.fixture
def listening(unit: Any) -> Unit:
    made: Unit = unit("pingshan", UNIT)
    return made


def test_a_request_lives_under_the_process_worker(stack: Any, listening: Unit) -> None:
    operator = Operator(stack)
    assert operator.call("GET", "/work_pools/huiyin").json()["type"] == "process"
    stack.change_policy("pingshan", quiet_hours=None)  # so that the citizen is asked at whatever hour this runs
    receipt = stack.submit(district="pingshan", text=TEXT, contact={"phone": "13800000008"})
    case_no = receipt["case_no"]

    waiting = stack.badge_becomes(case_no, "待签收 ", PATIENCE)
    assert waiting["state_type"] == "PAUSED"
    assert {"district:pingshan", "grade:C", f"unit:{UNIT}", "待签收"} == set(waiting["tags"])
    order = listening.message("task.assigned", case_no)
    task = {"case_no": case_no, "task_id": order["task_id"]}
    listening.send("task.acknowledged", **task, handler="李工", feedback="马上派人清运").raise_for_status()
    listening.send("task.contacted", **task, note="已电话联系").raise_for_status()
    stack.badge_becomes(case_no, "办理中 ", PATIENCE)
    listening.send("task.first_round", **task, responsible_person="李工", note="清运车已到").raise_for_status()
    listening.send("task.completed", **task, result="垃圾已清运", evidence=[]).raise_for_status()
    stack.badge_becomes(case_no, "待回访 ", PATIENCE)
    wait_for(lambda: "callback.asked" in stack.events(case_no), "the citizen to be asked", PATIENCE)
    answer = httpx.post(f"{receipt['receipt_url']}/evaluate", json={"solved": True, "satisfaction": 5})
    assert answer.json()["state"] == "closed", answer.text

    ended = stack.badge_becomes(case_no, "已结案", PATIENCE)
    assert (ended["id"], ended["state_type"]) == (waiting["id"], "COMPLETED")
    assert {"classify", "grade", "assign", "notify", "callback"} <= set(stack.tasks_of(ended["id"]))
    assert stack.case(case_no)["outcome"] == "resolved"
    assert listening.message("case.closed", case_no)["evaluation"] == {"solved": True, "satisfaction": 5}
    assert stack.huiyin("verify")["ok"]


def test_parks_are_no_errors_and_nothing_is_left_in_files(stack: Any) -> None:
    operator = Operator(stack)
    failed = operator.custom_run("request/pingshan", case_no="PS2000010100001")
    assert operator.run_ends(failed.json()["id"])["state_name"] == "查无此诉求"
    log = (stack.home / "logs" / "worker.log").read_text(encoding="utf-8")
    errors = [line for line in log.splitlines() if "| ERROR" in line]
    assert [line for line in errors if "查无此诉求" not in line] == []
    temporary = stack.home.parent / "tmp"
    # While a run is at work, here is what its process was told to do.
    wait_for(lambda: not [file for file in temporary.rglob("*") if file.is_file()], "no file to be left")
