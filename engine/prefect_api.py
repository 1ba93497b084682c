"""Prefect's REST API behind the door: a handful of calls on one connection pool.

Not Prefect's own client: importing it takes 1.3 s and each of its calls half as much CPU again (measured on 3.8.8).
"""

from datetime import UTC, datetime
from typing import Any

import httpx
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from catalog.texts import text
from engine.child_runs import CHILD_STEP, MadeChild, NewChild
from engine.prefect_door import (
    FLOW,
    CallRefused,
    DeploymentMissing,
    NewRun,
    PrefectAway,
    PrefectBusy,
    RunGone,
    Standing,
)

TIMEOUT = httpx.Timeout(15, connect=3)
PROBE_SECONDS = 2
KEPT_SECONDS = 3
"""The server drops a line that is idle for five: ours must be the first to let go, or a call meets a closed one."""
BUSY = frozenset({408, 429, 500, 502, 503, 504})
"""On SQLite the server says 503 when its database is locked; every call here may be repeated."""


class PrefectApi:
    """Opens its connections when first used; `close` it when done."""

    def __init__(self, url: str, auth: str = "") -> None:
        user, _, password = auth.partition(":")
        self._http = httpx.AsyncClient(
            base_url=url,
            timeout=TIMEOUT,
            limits=httpx.Limits(keepalive_expiry=KEPT_SECONDS),
            trust_env=False,
            auth=(user, password) if auth else None,
        )
        self._deployments: dict[str, str] = {}

    async def create(self, run: NewRun) -> str:
        body = {
            "name": run.case_no,
            "idempotency_key": run.idempotency_key,
            "work_queue_name": run.grade,
            "parameters": {"case_no": run.case_no},
            # The policy was checked when the deployment took it, and the run checks it again. Checked here too by the
            # server, within its transaction, it was half of the server's CPU and most of its 503s on SQLite (profiled).
            "enforce_parameter_schema": False,
            "tags": run.tags,
        }
        return await self._run_from(FLOW, run.district, run.case_no, body)

    async def create_child(self, parent_run_id: str, child: NewChild) -> MadeChild:
        """The child's run, scheduled for now, and the step of its parent under which it is shown: made twice, it is the
        same step and the same run. Raises `DeploymentMissing`, `CallRefused`.
        """
        step = await self._call(
            "POST",
            "/task_runs/",
            {
                "flow_run_id": parent_run_id,
                "task_key": CHILD_STEP,  # the server knows a step by its parent, this key and the strand
                "dynamic_key": child.strand,
                "name": child.name,
                "state": {"type": "PENDING", "name": "Pending"},
            },
        )
        if not step.is_success:
            raise CallRefused(f"Prefect made no step for {child.child_id}: {step.status_code} {step.text[:300]}")
        body = {
            "name": child.name,
            "idempotency_key": child.idempotency_key,
            "work_queue_name": child.grade,
            "parameters": {"case_no": child.case_no, "strand": child.strand},
            "enforce_parameter_schema": False,
            "tags": list(child.tags),
            "parent_task_run_id": step.json()["id"],
        }
        return MadeChild(await self._run_from(child.flow, child.district, child.child_id, body), str(step.json()["id"]))

    async def wake(self, run_id: str) -> None:
        details = {"scheduled_time": datetime.now(UTC).isoformat()}
        state = {"type": "SCHEDULED", "name": "Scheduled", "state_details": details}
        answer = await self._call("POST", f"/flow_runs/{run_id}/set_state", {"state": state})
        _there(run_id, answer)
        told: dict[str, Any] = answer.json() if answer.is_success else {}
        if told.get("status") != "ACCEPT":
            raise CallRefused(f"Prefect did not wake run {run_id}: {answer.status_code} {answer.text[:300]}")

    async def standing(self, run_id: str) -> Standing:
        answer = await self._call("GET", f"/flow_runs/{run_id}")
        _there(run_id, answer)
        run = answer.json()
        state = run["state"] or {"type": "", "timestamp": run["created"]}
        due = run["next_scheduled_start_time"]
        return Standing(
            state=state["type"],
            since=datetime.fromisoformat(state["timestamp"]),
            scheduled_at=datetime.fromisoformat(due) if due else None,
            deliverable=run["work_queue_id"] is not None and await self._deployed(run["deployment_id"]),
        )

    async def retire(self, run_id: str) -> None:
        try:
            if (await self.standing(run_id)).ended:
                return
        except RunGone:
            return
        words = {"name": text("run.followed.name"), "message": text("run.followed.message")}
        body = {"state": {"type": "CANCELLED", **words}, "force": True}
        await self._call("POST", f"/flow_runs/{run_id}/set_state", body)

    async def reachable(self) -> bool:
        try:
            return (await self._http.get("/health", timeout=PROBE_SECONDS)).is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._http.aclose()

    async def _run_from(self, flow: str, district: str, whose: str, body: dict[str, Any]) -> str:
        """The id of the run that is made of the deployment."""
        name = f"{flow}/{district}"
        answer = await self._made_from(flow, district, body)
        if answer.status_code in (httpx.codes.NOT_FOUND, httpx.codes.BAD_REQUEST):
            del self._deployments[name]  # deployed anew, or without its work pool, since it was looked up
            answer = await self._made_from(flow, district, body)
        if not answer.is_success:
            raise CallRefused(f"Prefect made no run for {whose}: {answer.status_code} {answer.text[:300]}")
        return str(answer.json()["id"])

    async def _made_from(self, flow: str, district: str, body: dict[str, Any]) -> httpx.Response:
        deployment = await self._deployment(flow, district)
        return await self._call("POST", f"/deployments/{deployment}/create_flow_run", body)

    async def _deployment(self, flow: str, district: str) -> str:
        name = f"{flow}/{district}"
        if name not in self._deployments:
            answer = await self._call("GET", f"/deployments/name/{name}")
            found = None if answer.status_code == httpx.codes.NOT_FOUND else answer.raise_for_status().json()
            if found is None or found["work_pool_name"] is None:
                raise DeploymentMissing.of(district, flow)
            self._deployments[name] = found["id"]
        return self._deployments[name]

    async def _deployed(self, deployment_id: str | None) -> bool:
        """Whether the deployment that a run was made from is still there."""
        if deployment_id is None:
            return False
        answer = await self._call("POST", "/deployments/count", {"deployments": {"id": {"any_": [deployment_id]}}})
        return bool(answer.raise_for_status().json())

    async def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """One call, tried a few times while the server is busy. Raises `PrefectAway`, `PrefectBusy`."""
        tries = AsyncRetrying(
            retry=retry_if_exception_type(PrefectBusy),
            wait=wait_random_exponential(multiplier=0.1, max=1),
            stop=stop_after_attempt(4),
            reraise=True,
        )
        return await tries(self._once, method, path, body)

    async def _once(self, method: str, path: str, body: dict[str, Any] | None) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, json=body)
        except httpx.HTTPError as error:
            raise PrefectAway(str(error) or type(error).__name__) from error
        if answer.status_code in BUSY:
            raise PrefectBusy(f"Prefect answered {answer.status_code}")
        if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
            raise PrefectAway(f"it answers {answer.status_code}: check PREFECT_API_AUTH_STRING")
        return answer


def _there(run_id: str, answer: httpx.Response) -> None:
    if answer.status_code == httpx.codes.NOT_FOUND:
        raise RunGone(f"Prefect has no run {run_id} any more")
