"""Prefect's REST API behind the door: four calls on one connection pool.

Not Prefect's own client: importing it takes 1.3 s and each of its calls half as much CPU again (measured on 3.8.8).
"""

from datetime import UTC, datetime
from typing import Any

import httpx
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

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
        answer = await self._call("POST", f"/deployments/{await self._deployment(run.district)}/create_flow_run", body)
        if answer.status_code == httpx.codes.NOT_FOUND:
            del self._deployments[run.district]  # deployed anew since it was looked up
            answer = await self._call(
                "POST", f"/deployments/{await self._deployment(run.district)}/create_flow_run", body
            )
        if not answer.is_success:
            raise CallRefused(f"Prefect made no run for {run.case_no}: {answer.status_code} {answer.text[:300]}")
        return str(answer.json()["id"])

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
            queued=run["work_queue_id"] is not None,
        )

    async def reachable(self) -> bool:
        try:
            return (await self._http.get("/health", timeout=PROBE_SECONDS)).is_success
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._http.aclose()

    async def _deployment(self, district: str) -> str:
        if district not in self._deployments:
            answer = await self._call("GET", f"/deployments/name/{FLOW}/{district}")
            if answer.status_code == httpx.codes.NOT_FOUND:
                raise DeploymentMissing.of(district)
            self._deployments[district] = answer.raise_for_status().json()["id"]
        return self._deployments[district]

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
