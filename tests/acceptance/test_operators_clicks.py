"""What an operator clicks in Prefect's UI loses no case, doubles nothing and moves no deadline (docs/operators.md)."""

import threading
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from operating import Operator
from parties import Unit
from waiting import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]

UNIT = "services-kengzi"
TEXT = "坑梓街道金沙社区小区门口的垃圾堆了三天没人清运，臭气熏天，请尽快处理"
URGENT = "坑梓街道金沙社区煤气泄漏，味道很大，有人晕倒"
LAST_OF_TRIAGE = 2  # at 150 %: those at 80 and 100 % were due as well
RECONCILE_LIMIT = 150.0  # a minute to be stale, a minute until the next look, and the wake


class Scene:
    """The desk, a unit that listens, and the waiting cases as they were before a click."""

    def __init__(self, stack: Any, unit: Callable[[str, str], Any]) -> None:
        self.stack, self.operator, self.unit = stack, Operator(stack), unit("pingshan", UNIT)
        self.before: dict[str, dict[str, Any]] = {}

    def submit(self, text: str = TEXT, district: str = "pingshan") -> str:
        receipt = self.stack.submit(district=district, text=text, contact={"phone": "13800000007"})
        return str(receipt["case_no"])

    def waiting(self, *names: str) -> dict[str, str]:
        """Cases that wait to be acknowledged, by the names of what will be done to them."""
        cases = {name: self.submit() for name in names}
        for case_no in cases.values():
            self.is_right(case_no)
            wait_for(lambda case_no=case_no: self.orders(case_no), f"the order of {case_no}")
            self.before[case_no] = self.stack.case(case_no)
        return cases

    def is_right(self, case_no: str, badge: str = "待签收 ", seconds: float = 60.0) -> dict[str, Any]:
        """The case's own run stands on the desk under its badge, once it does."""

        def look() -> dict[str, Any] | None:
            run = self.operator.run(case_no)
            named = run and run["state_type"] == "PAUSED" and run["state_name"].startswith(badge)
            return run if named and self.operator.runs_not_ended(case_no) == 1 else None

        return dict(wait_for(look, f"{case_no} to stand on the desk once, as {badge}", seconds))

    def unharmed(self, cases: Iterable[str]) -> None:
        """Nothing was lost, nothing came twice, and no deadline has moved."""
        for case_no in cases:
            case, before = self.stack.case(case_no), self.before[case_no]
            assert case["timeline"] == before["timeline"]
            assert _deadlines(case) == _deadlines(before)
            assert self.orders(case_no) == 1

    def orders(self, case_no: str) -> int:
        return sum(one["type"] == "task.assigned" and one["data"]["case_no"] == case_no for one in self.unit.received)

    def acknowledge(self, case_no: str) -> None:
        """The unit does what it has to do: the gateway takes it, whatever Prefect is doing."""
        task = self.stack.case(case_no)["tasks"][-1]["task_id"]
        said = self.unit.send("task.acknowledged", case_no=case_no, task_id=task, handler="李工", feedback="马上到")
        assert said.json() == {"status": "accepted"}
        case = self.stack.case(case_no)
        assert case["state"] == "awaiting_contact"
        feedback = next(clock for clock in case["clocks"] if clock["kind"] == "feedback")
        assert not feedback["breached"]


@pytest.fixture
def scene(stack: Any, unit: Callable[[str, str], Any]) -> Scene:
    return Scene(stack, unit)


def _deadlines(case: dict[str, Any]) -> list[tuple[str, str]]:
    return [(clock["kind"], clock["due_at"]) for clock in case["clocks"]]


def test_what_wakes_a_run_is_right_again_at_once(scene: Scene) -> None:
    cases, operator = scene.waiting("retry", "resume", "scheduled", "edited"), scene.operator
    own = {case_no: operator.run(case_no)["id"] for case_no in cases.values()}
    operator.change_state(cases["retry"], "FAILED")
    operator.retry(cases["retry"])
    operator.resume(cases["resume"])
    operator.change_state(cases["scheduled"], "SCHEDULED")
    operator.edit(cases["edited"], name="我的诉求", tags=["x"])
    operator.resume(cases["edited"])
    for case_no in cases.values():
        run = scene.is_right(case_no)
        assert run["id"] == own[case_no]
        assert run["name"] == case_no
        assert {"district:pingshan", "grade:C", f"unit:{UNIT}", "待签收"} == set(run["tags"])
    scene.unharmed(cases.values())


def test_a_run_that_is_ended_lost_or_renamed_is_found_within_the_minute(scene: Scene) -> None:
    operator = scene.operator
    ends = ("completed", "failed", "crashed", "cancelled")
    cases = scene.waiting("cancel", "delete", "pause", "paused", *ends)
    operator.cancel(cases["cancel"])
    operator.delete(cases["delete"])
    operator.pause(cases["pause"])
    operator.change_state(cases["paused"], "PAUSED")
    for end in ends:
        operator.change_state(cases[end], end.upper())
    assert operator.run(cases["cancel"])["state_type"] == "CANCELLED"
    assert operator.run(cases["delete"]) == {}
    operator.reconcile()
    for case_no in cases.values():
        scene.is_right(case_no)
    scene.unharmed(cases.values())


@pytest.mark.long
def test_a_run_that_only_says_it_runs_is_found_within_two(scene: Scene) -> None:
    cases = scene.waiting("running", "pending")
    for state, case_no in cases.items():
        scene.operator.change_state(case_no, state.upper())
    for case_no in cases.values():
        scene.is_right(case_no, seconds=RECONCILE_LIMIT)
    scene.unharmed(cases.values())


def test_a_second_run_for_a_case_hands_over_and_ends(scene: Scene) -> None:
    operator, case_no = scene.operator, scene.waiting("custom")["custom"]
    own = operator.run(case_no)["id"]
    policy = operator.deployment("request/pingshan")["parameters"]["policy"]
    other = {**policy, "quiet_hours": None, "reopen_days": policy["reopen_days"] + 1}
    strays = [operator.custom_run("request/pingshan", case_no=case_no, policy=other) for _ in range(2)]
    for stray in strays:
        ended = operator.run_ends(stray.json()["id"])
        assert (ended["state_type"], ended["state_name"]) == ("COMPLETED", "由另一运行承办")
        assert case_no in ended["state"]["message"]
    assert scene.is_right(case_no)["id"] == own
    scene.unharmed([case_no])  # and so lives on under the policy that it was received under

    scene.operator.delete(case_no)  # a custom run for a case whose own run is gone: that one is made anew
    operator.custom_run("request/pingshan", case_no=case_no)
    assert scene.is_right(case_no)["id"] != own
    scene.unharmed([case_no])


def test_a_custom_run_that_makes_no_sense_says_so(scene: Scene) -> None:
    unknown = scene.operator.custom_run("request/pingshan", case_no="PS2000010100001")
    ended = scene.operator.run_ends(unknown.json()["id"])
    assert (ended["state_type"], ended["state_name"]) == ("FAILED", "查无此诉求")
    assert "PS2000010100001：请核对编号" in ended["state"]["message"]
    assert "There is no such case" in ended["state"]["message"]
    without = scene.operator.custom_run("request/pingshan")
    assert (without.status_code, "case_no" in without.text) == (409, True)


def test_a_paused_deployment_holds_up_nothing(scene: Scene) -> None:
    case_no = scene.waiting("event")["event"]
    scene.operator.pause_deployment("request/pingshan", paused=True)
    try:
        scene.is_right(scene.submit())
        scene.acknowledge(case_no)
        scene.is_right(case_no, "待联系 ")
    finally:
        scene.operator.pause_deployment("request/pingshan", paused=False)


def test_a_paused_queue_holds_up_its_own_requests_alone(scene: Scene) -> None:
    case_no = scene.waiting("event")["event"]
    scene.operator.pause_queue("C", paused=True)
    try:
        new = scene.submit()
        scene.acknowledge(case_no)
        scene.is_right(scene.submit(URGENT), "待转接 ")  # in queue A
        wait_for(lambda: scene.operator.run(new), "the new request's run")
        assert scene.operator.run(new)["state_type"] == "SCHEDULED"
        assert scene.operator.run(case_no)["state_type"] == "SCHEDULED"
    finally:
        scene.operator.pause_queue("C", paused=False)
    scene.is_right(new)
    scene.is_right(case_no, "待联系 ")


@pytest.mark.long
def test_while_the_pool_is_paused_clocks_go_on_and_acts_are_received(scene: Scene) -> None:
    """Afterwards one rung a clock fires, the highest that was due."""
    operator, case_no = scene.operator, scene.waiting("event")["event"]
    urged = scene.submit("你好，帮帮我", "demo")  # its dispatcher has seconds
    scene.is_right(urged, "待分拨 ")
    operator.pause_pool(paused=True)
    try:
        scene.acknowledge(case_no)
        new = scene.submit()
        triage = next(clock for clock in scene.stack.case(urged)["clocks"] if clock["kind"] == "triage")
        due = datetime.fromisoformat(triage["due_at"])
        over = due + (due - datetime.fromisoformat(triage["started_at"])) + timedelta(seconds=2)
        before = scene.stack.events(urged)
        wait_for(lambda: datetime.now(due.tzinfo) > over, "the last rung's time to pass")
        assert scene.stack.events(urged) == before
        assert operator.run(case_no)["state_type"] == "SCHEDULED"
    finally:
        operator.pause_pool(paused=False)
    scene.is_right(case_no, "待联系 ")
    scene.is_right(new)

    def fired() -> list[int]:
        since = scene.stack.case(urged)["timeline"][len(before) :]
        return [event["detail"]["rung"] for event in since if event["detail"].get("clock", "").startswith("triage")]

    assert wait_for(fired, "the rung that was due")[0] == LAST_OF_TRIAGE


@pytest.mark.long
def test_after_a_deleted_deployment_one_deploy_makes_everything_right(scene: Scene) -> None:
    cases, operator = scene.waiting("still", "event"), scene.operator
    operator.delete_deployment("request/pingshan")
    scene.acknowledge(cases["event"])
    new = scene.submit()
    operator.reconcile()  # there is nothing to make another run from yet: what waits stays on the desk
    assert operator.run(cases["still"])["state_type"] == "PAUSED"
    deployed = {each["deployment"]: each["change"] for each in scene.stack.huiyin("deploy")["deployments"]}
    assert deployed["request/pingshan"] == "created"
    scene.is_right(new)
    scene.is_right(cases["event"], "待联系 ")
    scene.is_right(cases["still"])
    scene.unharmed([cases["still"]])


@pytest.mark.long
def test_after_a_deleted_pool_one_deploy_makes_everything_right(scene: Scene) -> None:
    cases, operator = scene.waiting("still", "event"), scene.operator
    operator.delete_pool()
    scene.acknowledge(cases["event"])
    new = scene.submit()
    assert operator.run(cases["still"])["work_queue_id"] is None
    scene.stack.huiyin("deploy")
    scene.is_right(new)
    scene.is_right(cases["event"], "待联系 ")
    assert scene.is_right(cases["still"])["work_queue_id"] is not None
    scene.unharmed([cases["still"]])


@pytest.mark.long
def test_a_run_that_is_cancelled_at_work_goes_on_when_its_claim_has_run_out(stack: Any) -> None:
    """The unit takes its time to answer; what it is sent again has the same id."""
    told = threading.Event()
    ids: list[str] = []

    class Slow(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            ids.append(self.headers["webhook-id"])
            told.wait(20)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    slow = Unit(stack, "pingshan", UNIT)
    server = ThreadingHTTPServer(("127.0.0.1", slow.port), Slow)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    slow.connect()
    operator = Operator(stack)
    case_no = str(stack.submit(district="pingshan", text=TEXT)["case_no"])
    wait_for(lambda: ids, "the order to be sent")
    operator.cancel(case_no)
    wait_for(lambda: operator.run(case_no)["state_type"] == "CANCELLED", "the worker to stop the run")
    told.set()
    stack.badge_becomes(case_no, "待签收 ", RECONCILE_LIMIT)
    assert len(set(ids)) == 1
    assert stack.events(case_no).count("case.assigned") == 1
    server.shutdown()
    server.server_close()
