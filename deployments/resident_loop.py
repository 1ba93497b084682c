"""What a resident worker does all day: take what is due, most urgent first, and look after what it carries."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections import deque
from collections.abc import Awaitable, Callable
from uuid import UUID

import httpx
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings

from deployments.due_runs import DueRuns, PoolMissing
from deployments.flow_shelf import FlowShelf
from deployments.outage import Log, Outage
from deployments.resident_run import ResidentRun

LONG_SECONDS = 3.0  # a wake takes less; only runs carried for longer are looked up for a cancellation
WATCH_SECONDS = 2.0
SETTLE_SECONDS = 3.0  # for telling the server about runs that were stopped at the end

# The client retries each request for a minute: right for a run, which so outlives a restart of the server; the loops
# must know at once.
AT_ONCE = {PREFECT_CLIENT_MAX_RETRIES: 0}


class ResidentLoop:
    """Carries up to `limit` flow runs at a time. `poll` and `watch` are its two loops; `drain` ends them."""

    def __init__(self, client: PrefectClient, due: DueRuns, *, limit: int, seconds: float, logger: Log) -> None:
        self._client = client
        self._source = due
        self._limit = limit
        self._seconds = seconds
        self._logger = logger
        self._shelf = FlowShelf(client)
        self._outage = Outage(logger)
        self._without_pool = Outage(logger, "The work pool", "run huiyin deploy")
        self._due: deque[FlowRun] = deque()  # what the last poll brought and no hand was free for
        self._asked_at = 0.0
        self._carried: dict[UUID, tuple[ResidentRun, asyncio.Task[None]]] = {}
        self._unsettled: dict[UUID, ResidentRun] = {}  # runs whose end the lost server could not be told
        self._stopping = asyncio.Event()
        self._context = contextvars.copy_context()  # what runs see: the shared client, and none of the loops' settings

    async def poll(self, polled: Callable[[], None], once: bool = False) -> None:
        """Take what is due each `seconds` until stopped. `polled` is called after each answer."""
        with temporary_settings(AT_ONCE):
            while not self._stopping.is_set():
                wait = await self._trying(self._take)
                if wait is None:
                    polled()
                if once:
                    return
                await self._rest(wait or self._seconds)

    async def watch(self) -> None:
        """Stop runs that were cancelled in the UI, settle what is unsettled, until stopped."""
        with temporary_settings(AT_ONCE):
            while not self._stopping.is_set():
                wait = await self._trying(self._look_after)
                await self._rest(wait or WATCH_SECONDS)

    async def drain(self, seconds: float) -> None:
        """Take no more, wait for what is carried; what is not done after `seconds` is stopped and given back."""
        self._stopping.set()
        self._due.clear()
        tasks = {task for _, task in self._carried.values()}
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=seconds)
        if late:
            self._logger.warning("%d flow runs are not done after %.0f s: giving them back", len(late), seconds)
            await asyncio.gather(*(run.stop() for run, _ in list(self._carried.values())))
            await asyncio.wait(late, timeout=SETTLE_SECONDS)

    async def idle(self) -> None:
        """Wait until nothing is carried."""
        while self._carried:
            await asyncio.wait({task for _, task in self._carried.values()})

    async def _trying(self, act: Callable[[], Awaitable[bool]]) -> float | None:
        """Do it, which says whether the server was asked; if it cannot be had, the seconds until the next try."""
        try:
            asked = await act()
        except httpx.HTTPError as error:
            return self._outage.failed(error)
        if asked:
            self._outage.answered()
        return None

    async def _rest(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            pass

    async def _take(self) -> bool:
        if len(self._carried) >= self._limit:
            return False
        # Twice as many as hands: what gets free before the next poll, and what another worker claims first.
        self._asked_at = time.monotonic()
        try:
            self._due = deque(await self._source.first(2 * self._limit))
        except PoolMissing as missing:
            self._without_pool.failed(missing)
            return True
        self._without_pool.answered()
        self._fill_hands()
        return True

    def _fill_hands(self) -> None:
        while self._due and len(self._carried) < self._limit and not self._stopping.is_set():
            flow_run = self._due.popleft()
            if flow_run.id not in self._carried:
                run = ResidentRun(self._client, flow_run, self._shelf, seen=self._asked_at)
                task = asyncio.create_task(self._carry(run), context=self._context.copy())
                self._carried[flow_run.id] = (run, task)

    async def _carry(self, run: ResidentRun) -> None:
        try:
            await run.carry()
        except httpx.HTTPError as error:
            self._unsettled[run.flow_run.id] = run
            self._outage.failed(error)
        except Exception:  # a fault of ours or of Prefect's in one run is no reason to drop the others
            self._logger.exception("Flow run %s was dropped", run.flow_run.id)
        finally:
            del self._carried[run.flow_run.id]
            self._fill_hands()

    async def _look_after(self) -> bool:
        asked = bool(self._unsettled)
        for run_id, run in list(self._unsettled.items()):
            await run.settle()
            del self._unsettled[run_id]
        now = time.monotonic()
        long = [run_id for run_id, (run, _) in self._carried.items() if now - run.begun > LONG_SECONDS]
        if long:
            await asyncio.gather(*(self._carried[run_id][0].stop() for run_id in await self._cancelled(long)))
        return asked or bool(long)

    async def _cancelled(self, run_ids: list[UUID]) -> list[UUID]:
        ended = await self._client.read_flow_runs(
            flow_run_filter=FlowRunFilter(
                id=FlowRunFilterId(any_=run_ids),
                state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[StateType.CANCELLING, StateType.CANCELLED])),
            )
        )
        return [run.id for run in ended if run.id in self._carried]
