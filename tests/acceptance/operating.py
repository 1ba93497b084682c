"""An operator at Prefect's UI: each button is the call that the page makes, in Prefect 3.8.8."""

from dataclasses import dataclass
from typing import Any

import httpx
from parties import Stack
from waiting import wait_for

POOL = "huiyin"
NOT_ENDED = ["SCHEDULED", "PENDING", "RUNNING", "PAUSED", "CANCELLING"]


@dataclass
class Operator:
    """Clicks. What a click did is asked of the server and of the ledger."""

    stack: Stack

    def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        """Asked again while the server's database is locked, as anybody would click again."""

        def answer() -> httpx.Response | None:
            got = httpx.request(method, f"{self.stack.prefect}{path}", json=body, timeout=30)
            return None if got.status_code == httpx.codes.SERVICE_UNAVAILABLE else got

        got: httpx.Response = wait_for(answer, f"Prefect to take {method} {path}")
        return got

    def run(self, case_no: str) -> dict[str, Any]:
        """The run that the ledger names as the case's own; empty where Prefect has none."""
        answer = self.call("GET", f"/flow_runs/{self.stack.case(case_no)['flow_run_id']}")
        return dict(answer.json()) if answer.is_success else {}

    def runs_not_ended(self, case_no: str) -> int:
        """How many runs stand on the desk for the case."""
        wanted = {"name": {"any_": [case_no]}, "state": {"type": {"any_": NOT_ENDED}}}
        return int(self.call("POST", "/flow_runs/count", {"flow_runs": wanted}).json())

    def deployment(self, name: str) -> dict[str, Any]:
        return dict(self.call("GET", f"/deployments/name/{name}").raise_for_status().json())

    # --- a run ---

    def change_state(self, case_no: str, kind: str, name: str = "", **details: Any) -> None:
        state = {"type": kind, "name": name or kind.title(), "message": "by hand", "state_details": details}
        path = f"/flow_runs/{self.run(case_no)['id']}/set_state"
        self.call("POST", path, {"state": state, "force": True}).raise_for_status()

    def cancel(self, case_no: str) -> None:
        self.change_state(case_no, "CANCELLING")

    def pause(self, case_no: str) -> None:
        later = "2099-01-01T00:00:00Z"
        self.change_state(case_no, "PAUSED", "Suspended", pause_reschedule=True, pause_timeout=later)

    def retry(self, case_no: str) -> None:
        self.change_state(case_no, "SCHEDULED", "AwaitingRetry")

    def resume(self, case_no: str) -> None:
        answer = self.call("POST", f"/flow_runs/{self.run(case_no)['id']}/resume", {})
        assert answer.json()["status"] == "ACCEPT", answer.text

    def delete(self, case_no: str) -> None:
        self.call("DELETE", f"/flow_runs/{self.run(case_no)['id']}").raise_for_status()

    def edit(self, case_no: str, **fields: Any) -> None:
        self.call("PATCH", f"/flow_runs/{self.run(case_no)['id']}", fields).raise_for_status()

    # --- deployments, pool, queues ---

    def custom_run(self, deployment: str, **parameters: Any) -> httpx.Response:
        path = f"/deployments/{self.deployment(deployment)['id']}/create_flow_run"
        return self.call("POST", path, {"parameters": parameters})

    def run_ends(self, run_id: str) -> dict[str, Any]:
        def ended() -> dict[str, Any] | None:
            run = dict(self.call("GET", f"/flow_runs/{run_id}").json())
            return None if run["state_type"] in NOT_ENDED else run

        return dict(wait_for(ended, f"run {run_id} to end"))

    def reconcile(self, *, full: bool = False) -> None:
        """What happens each minute, now; `full`: what happens each night."""
        started = self.custom_run("reconcile/huiyin", full=full)
        assert self.run_ends(started.json()["id"])["state_type"] == "COMPLETED"

    def pause_deployment(self, name: str, *, paused: bool) -> None:
        self.call("PATCH", f"/deployments/{self.deployment(name)['id']}", {"paused": paused}).raise_for_status()

    def delete_deployment(self, name: str) -> None:
        self.call("DELETE", f"/deployments/{self.deployment(name)['id']}").raise_for_status()

    def pause_pool(self, *, paused: bool) -> None:
        self.call("PATCH", f"/work_pools/{POOL}", {"is_paused": paused}).raise_for_status()

    def pause_queue(self, name: str, *, paused: bool) -> None:
        self.call("PATCH", f"/work_pools/{POOL}/queues/{name}", {"is_paused": paused}).raise_for_status()

    def delete_pool(self) -> None:
        self.call("DELETE", f"/work_pools/{POOL}").raise_for_status()
