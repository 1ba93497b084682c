"""The whole stack as its users have it: `huiyin up`, spoken to over HTTP and the command line."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import httpx
from standardwebhooks import Webhook
from waiting import WAIT_SECONDS, wait_for

START_SECONDS = 240.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class Stack:
    """A running stack."""

    home: Path
    gateway: str
    prefect: str
    environment: dict[str, str]
    process: "subprocess.Popen[bytes]"

    def huiyin(self, *words: str, given: str = "") -> Any:
        """The answer of a command with `--json`."""
        done = subprocess.run(
            [sys.executable, "-m", "deployments", *words, "--json"],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, f"huiyin {' '.join(words)}: {done.stderr}"
        return json.loads(done.stdout)

    def submit(self, **form: Any) -> dict[str, Any]:
        answer = httpx.post(f"{self.gateway}/api/requests", json=form)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    @cached_property
    def auditor(self) -> httpx.Client:
        """Somebody who may read everything."""
        token = self.huiyin("token", "create", "--role", "auditor")["token"]
        return httpx.Client(base_url=self.gateway, headers={"authorization": f"Bearer {token}"})

    def case(self, case_no: str) -> dict[str, Any]:
        return dict(self.auditor.get(f"/api/cases/{case_no}").raise_for_status().json())

    def events(self, case_no: str) -> list[str]:
        return [event["event"] for event in self.case(case_no)["timeline"]]

    def staff(self, role: str, district: str) -> httpx.Client:
        token = self.huiyin("token", "create", "--role", role, "--district", district)["token"]
        return httpx.Client(base_url=self.gateway, headers={"authorization": f"Bearer {token}"})

    def change_policy(self, district: str, **changes: Any) -> None:
        """What an administrator does in the deployment's form."""
        deployment = httpx.get(f"{self.prefect}/deployments/name/request/{district}").json()
        parameters = {"policy": {**deployment["parameters"]["policy"], **changes}}
        url = f"{self.prefect}/deployments/{deployment['id']}"
        # On SQLite the server says 503 while its database is locked.
        wait_for(lambda: httpx.patch(url, json={"parameters": parameters}).is_success, "Prefect to take the policy")

    def run_of(self, case_no: str) -> dict[str, Any]:
        """The case's flow run, as Prefect has it."""
        asked = {"flow_runs": {"name": {"any_": [case_no]}}, "limit": 5}
        runs = httpx.post(f"{self.prefect}/flow_runs/filter", json=asked).json()
        return dict(runs[0]) if runs else {}

    def tasks_of(self, run_id: str) -> list[str]:
        """Names of the run's task runs, without their numbers."""
        asked = {"flow_runs": {"id": {"any_": [run_id]}}, "limit": 200}
        runs = httpx.post(f"{self.prefect}/task_runs/filter", json=asked).json()
        return [run["name"].rsplit("-", 1)[0] for run in runs]

    def state_becomes(self, case_no: str, state: str) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            case = self.case(case_no)
            return case if case["state"] == state else None

        return wait_for(look, f"{case_no} to be {state}")

    def badge_becomes(self, case_no: str, name: str, seconds: float = WAIT_SECONDS) -> dict[str, Any]:
        """Prefect's run shows a state whose name begins so."""

        def look() -> dict[str, Any] | None:
            run = self.run_of(case_no)
            return run if run and (run["state_name"] or "").startswith(name) else None

        return wait_for(look, f"the run of {case_no} to show {name}", seconds)


@dataclass
class Unit:
    """A department's own system: it receives signed messages and sends some."""

    stack: Stack
    district: str
    code: str
    port: int = field(default_factory=free_port)
    received: list[dict[str, Any]] = field(default_factory=list)
    secret: str = ""

    def connect(self) -> None:
        url = f"http://127.0.0.1:{self.port}/"
        answer = self.stack.huiyin("department", "connect", self.district, self.code, "--url", url)
        self.secret = answer["secret"]

    def message(self, kind: str, case_no: str) -> dict[str, Any]:
        """The data of the first message of a kind about a case, once it has come."""

        def look() -> dict[str, Any] | None:
            about = (one["data"] for one in self.received if one["type"] == kind)
            return next((data for data in about if data["case_no"] == case_no), None)

        return dict(wait_for(look, f"{kind} about {case_no} at {self.code}"))

    def send(self, kind: str, *, id: str | None = None, at: datetime | None = None, **data: Any) -> httpx.Response:  # noqa: A002
        body = json.dumps({"type": kind, "schema": 1, "timestamp": datetime.now(UTC).isoformat(), "data": data})
        return self.post(body, id=id or f"{self.code}-{time.time_ns()}", at=at)

    def post(
        self,
        body: str,
        *,
        id: str = "m-1",  # noqa: A002
        at: datetime | None = None,
        secret: str | None = None,
        path: str | None = None,
    ) -> httpx.Response:
        at = at or datetime.now(UTC)
        headers = {
            "content-type": "application/json",
            "webhook-id": id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": Webhook(secret or self.secret).sign(id, at, body),
        }
        path = path or f"/webhooks/{self.district}/{self.code}"
        return httpx.post(f"{self.stack.gateway}{path}", content=body.encode(), headers=headers)


@contextmanager
def running(home: Path, **more: str) -> Iterator[Stack]:
    """`huiyin up` in this folder, on free ports, with these variables more."""
    ports = {"HUIYIN_GATEWAY_PORT": str(free_port()), "HUIYIN_PREFECT_PORT": str(free_port())}
    environment = {**os.environ, "HUIYIN_HOME": str(home), "HUIYIN_ALLOW_PRIVATE_WEBHOOKS": "1", **ports, **more}
    environment.pop("PREFECT_API_URL", None)
    log = home.parent / "up.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "deployments", "up"],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    gateway = f"http://127.0.0.1:{ports['HUIYIN_GATEWAY_PORT']}"
    prefect = f"http://127.0.0.1:{ports['HUIYIN_PREFECT_PORT']}/api"
    stack = Stack(home, gateway, prefect, environment, process)
    try:
        wait_for(lambda: _up(stack, log), "the stack to be up", START_SECONDS)
        yield stack
    finally:
        if "auditor" in stack.__dict__:
            stack.auditor.close()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=90)


def _up(stack: Stack, log: Path) -> bool:
    said = log.read_text(encoding="utf-8", errors="replace")
    assert stack.process.poll() is None, said[-3000:]
    return stack.gateway in said and stack.prefect.removesuffix("/api") in said
