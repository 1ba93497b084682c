"""Two workers on one pool, and runs woken at random past the guard: what runs twice has its effect once."""

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
from parties import Unit, running
from scale import sized
from standardwebhooks import Webhook
from waiting import wait_for

from deployments.prefect_environment import prefect_environment

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.timeout(1500)]

CASES = sized(500, ci=150)
LIMIT_SECONDS = 1200.0
WAKES_A_SECOND = 2.0
WORDS = ("路灯不亮", "垃圾没人清运", "窨井盖破损")


@dataclass
class Receiver:
    """All units' own systems: each completes what it is given, and remembers every delivery."""

    stack: Any
    pages: dict[str, str] = field(default_factory=dict)
    received: list[tuple[str, str, str]] = field(default_factory=list)  # webhook-id, type, case
    units: dict[str, Unit] = field(default_factory=dict)

    def take(self, code: str, headers: dict[str, str], body: str) -> None:
        unit = self.units[code]
        Webhook(unit.secret).verify(body, headers)
        message = json.loads(body)
        data = message["data"]
        first = headers["webhook-id"] not in {id_ for id_, _, _ in self.received}
        self.received.append((headers["webhook-id"], message["type"], data["case_no"]))
        if message["type"] == "task.assigned" and first:
            said = {"case_no": data["case_no"], "task_id": data["task_id"], "result": "已办妥", "evidence": []}
            threading.Thread(target=self._finish, args=(unit, said), daemon=True).start()

    def _finish(self, unit: Unit, said: dict[str, Any]) -> None:
        """The unit completes, and the citizen is content."""
        name = f"{said['task_id']}-done"  # the same each time: what a slow gateway has taken it knows again
        done = wait_for(lambda: _try(lambda: unit.send("task.completed", id=name, **said)), "a completion to be taken")
        assert done.json()["status"] in ("accepted", "duplicate"), done.text
        page = wait_for(lambda: self.pages.get(said["case_no"]), "the receipt")
        judged = {"solved": True, "satisfaction": 5}
        wait_for(lambda: _try(lambda: httpx.post(f"{page}/evaluate", json=judged), 409), "an evaluation to be taken")


def _try(call: Any, taken_before: int | None = None) -> httpx.Response | None:
    """Its answer, once there is a good one, or the one that says that an earlier try was taken."""
    try:
        answer: httpx.Response = call()
    except httpx.TransportError:
        return None
    return answer if answer.is_success or answer.status_code == taken_before else None


@contextmanager
def listening(receiver: Receiver) -> Iterator[None]:
    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            receiver.take(self.path.strip("/"), dict(self.headers.items()), body)
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    known = receiver.stack.auditor.get("/api/units", params={"district": "demo"}).json()
    for code in (unit["code"] for unit in known):
        url = f"http://127.0.0.1:{server.server_port}/{code}"
        unit = Unit(receiver.stack, "demo", code)
        unit.secret = receiver.stack.huiyin("department", "connect", "demo", code, "--url", url)["secret"]
        receiver.units[code] = unit
    yield
    server.shutdown()
    server.server_close()


@contextmanager
def second_worker(stack: Any, log: Path) -> Iterator[None]:
    """Another resident worker on the same pool."""
    port = int(stack.environment["HUIYIN_PREFECT_PORT"])
    environment = {**prefect_environment(stack.home, port), **stack.environment, "PREFECT_API_URL": stack.prefect}
    words = ("--type", "huiyin-resident", "--pool", "huiyin", "--name", "second", "--limit", "8")
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "prefect", "worker", "start", *words, "--install-policy", "never"],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=60)


@dataclass
class Meddler:
    """Wakes runs of open cases at random, whatever they are doing, asking nobody."""

    stack: Any
    stopped: threading.Event = field(default_factory=threading.Event)
    accepted: int = 0

    def run(self) -> None:
        chance = random.Random(20261122)
        states = {"state": {"type": {"any_": ["RUNNING", "PENDING", "PAUSED"]}}}
        while not self.stopped.wait(1 / WAKES_A_SECOND):
            try:
                asked = {"flow_runs": states, "limit": 200, "sort": "START_TIME_DESC"}
                runs = httpx.post(f"{self.stack.prefect}/flow_runs/filter", json=asked, timeout=30).json()
                # Those that run are what is wanted: a second execution beside the first.
                running = [run for run in runs if run["state_type"] != "PAUSED"] or runs
                if not running:
                    continue
                url = f"{self.stack.prefect}/flow_runs/{chance.choice(running)['id']}/set_state"
                state = {"state": {"type": "SCHEDULED", "name": "Scheduled"}, "force": True}
                self.accepted += httpx.post(url, json=state, timeout=30).is_success
            except (httpx.TransportError, ValueError):  # the server is busy: its database is locked for a moment
                continue


def test_what_runs_twice_has_its_effect_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with running(tmp_path / "home") as stack, second_worker(stack, tmp_path / "second.log"):
        stack.change_policy("demo", clocks=_in_hours(stack))
        receiver, meddler = Receiver(stack), Meddler(stack)
        with listening(receiver):
            meddling = threading.Thread(target=meddler.run, daemon=True)
            meddling.start()
            numbers = _submit(stack, receiver)
            wait_for(lambda: _closed(stack) >= CASES, f"{CASES} cases to be closed", LIMIT_SECONDS)
            meddler.stopped.set()
            meddling.join(timeout=60)
            wait_for(lambda: _settled(receiver), "the last messages", 120)
        cases = [stack.case(case_no) for case_no in numbers]
        absorbed = _absorbed(stack)
        verified = stack.huiyin("verify")

    for case in cases:
        told = Counter(event["event"] for event in case["timeline"])
        once = ("case.classified", "case.graded", "task.completed", "citizen.evaluated")
        assert {kind: told[kind] for kind in once} == dict.fromkeys(once, 1), case["case_no"]
        assert told["task.notified"] <= 1, case["case_no"]  # a unit that is quicker than our note of it has shown it
    effects = Counter((type_, case_no) for _, type_, case_no in {*receiver.received})
    assert set(effects.values()) == {1}
    assert len(effects) == 2 * CASES  # the order, and that the case is closed
    assert (verified["ok"], verified["findings"]) == (True, [])
    assert sum(absorbed.values()) > 0, "nothing ran twice: the test has shown nothing"
    with capsys.disabled():
        again = len(receiver.received) - len({*receiver.received})
        print(
            f"\n{CASES} cases, {meddler.accepted} wakes past the guard: {absorbed['refused']:.0f} runs found the case "
            f"claimed, {absorbed['lost']:.0f} lost their claim, {again} deliveries came twice, no effect doubled"
        )


def _in_hours(stack: Any) -> dict[str, Any]:
    """The demo's clocks, so long that none rings while the test is at work."""
    clocks = httpx.get(f"{stack.prefect}/deployments/name/request/demo").json()["parameters"]["policy"]["clocks"]
    return {kind: {**clock, "a": "8h", "b": "8h", "c": "8h"} for kind, clock in clocks.items()}


def _submit(stack: Any, receiver: Receiver) -> list[str]:
    channel = "web"
    key = {"X-Channel-Key": stack.huiyin("channel", "key", "demo", channel)["key"]}

    def one(n: int) -> str:
        text = f"临江街道江畔社区第{n % 97}号院门口{WORDS[n % len(WORDS)]}，请处理"
        form = {"district": "demo", "channel": channel, "text": text, "external_id": f"two-{n}"}
        answer = wait_for(
            lambda: _try(lambda: httpx.post(f"{stack.gateway}/api/requests", json=form, headers=key, timeout=30)),
            "the gateway to take a request",
        ).json()
        receiver.pages[answer["case_no"]] = answer["receipt_url"]
        return str(answer["case_no"])

    with ThreadPoolExecutor(2) as hands:
        return list(hands.map(one, range(CASES)))


def _closed(stack: Any) -> int:
    time.sleep(1)  # a look each second is enough
    return int(sum(_metric(stack, 'huiyin_cases{district="demo",state="closed"').values()))


def _settled(receiver: Receiver) -> bool:
    return len({*receiver.received}) >= 2 * CASES


def _absorbed(stack: Any) -> dict[str, float]:
    return {line.split('"')[1]: value for line, value in _metric(stack, "huiyin_absorbed_runs{").items()}


def _metric(stack: Any, begins: str) -> dict[str, float]:
    """The gateway's metrics whose line begins so."""
    lines = httpx.get(f"{stack.gateway}/metrics", timeout=30).text.splitlines()
    found = (line.rpartition(" ") for line in lines if line.startswith(begins))
    return {name: float(value) for name, _, value in found}
