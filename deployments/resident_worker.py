"""The worker type `huiyin-resident`: runs flow runs in one event loop instead of a new process each."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from functools import partial
from typing import Any

import anyio.abc
import httpx
from prefect.client.schemas.objects import FlowRun
from prefect.context import AsyncClientContext
from prefect.settings import (
    PREFECT_API_SSL_CERT_FILE,
    PREFECT_API_URL,
    PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    get_current_settings,
    temporary_settings,
)
from prefect.settings.legacy import Setting
from prefect.types._datetime import now
from prefect.workers.base import BaseJobConfiguration, BaseVariables, BaseWorker, BaseWorkerResult

from deployments.due_runs import DueRuns
from deployments.loop_thread import LoopThread
from deployments.prefect_environment import PLAIN_HTTP_CERTIFICATE
from deployments.resident_loop import AT_ONCE, ResidentLoop
from tasks.engine_logs import quieten_engine

DEFAULT_LIMIT = 8  # flow runs at a time; more gain nothing, the server is the narrow place
QUERY_SECONDS = 1.0  # unless PREFECT_WORKER_QUERY_SECONDS says otherwise
DRAIN_SECONDS = 20.0  # less than the 30 s Kubernetes gives a container to end
SYNC_SECONDS = 2.0  # between tries to register, as long as that has not succeeded


class ResidentResult(BaseWorkerResult):
    """What `run` returns."""


class ResidentWorker(BaseWorker[BaseJobConfiguration, BaseVariables, ResidentResult]):
    """Polls a work pool and runs what is due in its own event loop; job variables are not used.

    `prefect worker start --type huiyin-resident --pool huiyin` finds it. It never prefetches: a run is started when it
    is taken. SIGTERM and SIGINT drain it: no more polls, what runs is waited for, then given back.
    """

    type = "huiyin-resident"
    _description = "Runs flow runs inside the worker's own event loop: a wake costs milliseconds, not a process."

    def __init__(self, work_pool_name: str, *, limit: int | None = None, **kwargs: Any) -> None:
        super().__init__(work_pool_name, limit=limit or DEFAULT_LIMIT, **kwargs)
        self._stopping = asyncio.Event()

    @classmethod
    def get_default_base_job_template(cls) -> dict[str, Any]:
        """No job, so no variables: nothing to fill in on the work pool's page."""
        # The server refuses an empty configuration; this one is read by nobody.
        return {"job_configuration": {"process": "resident"}, "variables": {"type": "object", "properties": {}}}

    async def start(
        self, run_once: bool = False, with_healthcheck: bool = False, printer: Callable[..., None] = print
    ) -> None:
        """Work until cancelled, then drain; with `run_once`, take what is due now and wait for it."""
        if with_healthcheck:
            raise NotImplementedError("start it with `prefect worker start --with-healthcheck`")
        thread = LoopThread(partial(self._work, run_once, printer), name="resident-worker")
        ended = asyncio.wrap_future(thread.start())
        try:
            await asyncio.shield(ended)
        except asyncio.CancelledError:
            thread.call(self._stopping.set)
            await asyncio.shield(ended)
            raise
        printer(f"Worker {self.name!r} stopped!")

    async def run(
        self,
        flow_run: FlowRun,
        configuration: BaseJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> ResidentResult:
        """Not how this worker works: `start` takes flow runs without the base class's calls for each of them."""
        raise NotImplementedError("a resident worker runs what it polls itself: call `start`")

    async def _work(self, run_once: bool, printer: Callable[..., None]) -> None:
        quieten_engine()
        async with AsyncExitStack() as stack:
            stack.enter_context(temporary_settings(_settings_of_a_resident()))
            # One client for the worker's life: the engine finds it in the context and makes none of its own.
            await stack.enter_async_context(AsyncClientContext())
            await stack.enter_async_context(self)
            resident = ResidentLoop(
                self.client,
                DueRuns(self.client, self._work_pool_name, frozenset(self._work_queues)),
                limit=self._limit or DEFAULT_LIMIT,
                seconds=_query_seconds(),
                logger=self._logger,
            )
            self._started_event = await self._emit_worker_started_event()
            printer(f"Worker {self.name!r} started!")
            await (self._once(resident) if run_once else self._until_stopped(resident))

    async def _once(self, resident: ResidentLoop) -> None:
        await resident.poll(self._polled, once=True)
        await resident.idle()

    async def _until_stopped(self, resident: ResidentLoop) -> None:
        acts = (resident.poll(self._polled), resident.watch(), self._sync(), self._stopping.wait())
        tasks = [asyncio.ensure_future(act) for act in acts]
        ended, running = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        await resident.drain(DRAIN_SECONDS)
        for task in running:
            task.cancel()
        await asyncio.wait(tasks)
        for task in ended:
            task.result()  # raises, if that is how it ended

    async def _sync(self) -> None:
        """Register the worker and its pool, and keep it shown as online."""
        with temporary_settings(AT_ONCE):
            while True:
                await asyncio.sleep(self.heartbeat_interval_seconds if self._has_successfully_synced else SYNC_SECONDS)
                try:
                    await self._sync_and_initialize()
                except httpx.HTTPError as error:  # the poll says so, once
                    self._logger.debug("Could not synchronise with the server: %s", error)

    def _polled(self) -> None:
        self._last_polled_time = now("UTC")  # what the health check looks at


def _settings_of_a_resident() -> dict[Setting, Any]:
    settings: dict[Setting, Any] = {
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,  # a thread for each run; the ledger's claim says who is alive
        PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED: False,  # fails where the server is not up yet; versions are locked
    }
    if (PREFECT_API_URL.value() or "").startswith("http://"):
        # Every client Prefect makes builds a TLS context, used or not: 30 ms with all authorities, 1 ms with one.
        settings[PREFECT_API_SSL_CERT_FILE] = str(PLAIN_HTTP_CERTIFICATE)
    return settings


def _query_seconds() -> float:
    worker = get_current_settings().worker
    return worker.query_seconds if "query_seconds" in worker.model_fields_set else QUERY_SECONDS
