"""The flow runs that are due in a work pool, most urgent first."""

from __future__ import annotations

from datetime import UTC, datetime

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.responses import WorkerFlowRunResponse


class PoolMissing(Exception):
    """There is no such work pool: run `huiyin deploy`."""


class DueRuns:
    """What a worker asks the server for, again and again."""

    def __init__(self, client: PrefectClient, pool: str, queues: frozenset[str]) -> None:
        """Of these queues of the pool; of all of them if there are none."""
        self._client = client
        self._pool = pool
        self._queues = sorted(queues)

    async def first(self, most: int) -> list[FlowRun]:
        """At most `most` runs due now: by priority of their work queue (A before B before C), then by time.

        Raises `httpx.HTTPError` and `PoolMissing`. The order is the server's: its query respects queue priorities on
        SQLite and on PostgreSQL. The client's own method knows no limit, and would bring 200 runs with all their
        parameters each second of a backlog.
        """
        try:
            response = await self._ask(most)
        except httpx.HTTPStatusError as error:
            if error.response.status_code == httpx.codes.NOT_FOUND:
                raise PoolMissing(f"there is no work pool {self._pool}") from error
            raise
        entries: list[WorkerFlowRunResponse] = WorkerFlowRunResponse.model_validate_list(response.json())
        return [entry.flow_run for entry in entries]

    async def _ask(self, most: int) -> httpx.Response:
        return await self._client.request(
            "POST",
            "/work_pools/{name}/get_scheduled_flow_runs",
            path_params={"name": self._pool},
            json={
                "work_queue_names": self._queues,
                "scheduled_before": datetime.now(UTC).isoformat(),
                "limit": most,
            },
        )
