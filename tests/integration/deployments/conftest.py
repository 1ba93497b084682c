"""What the resident worker's tests work with: a pool of their own, its deployments and runs, and worker processes."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import FlowRun, State
from prefect.states import Scheduled

from deployments.office import Office
from deployments.resident_worker import ResidentWorker
from ledger.city import City
from ledger.ledger import Ledger
from ledger.seeding import seed_policies
from ledger.settings import Settings

HERE = Path(__file__).parent
PATIENCE = 60.0  # seconds


CITY = City.of(Settings())


@pytest.fixture
async def office(ledger: Ledger, tmp_path: Path) -> Office:
    """What a command works with, on each database."""
    await seed_policies(ledger, CITY)
    return Office(Settings(home=tmp_path / "home"), CITY, ledger)


class Desk:
    """A work pool with three queues, A before B before C, and what an operator does there."""

    def __init__(self, client: PrefectClient) -> None:
        self.client = client
        self.pool = f"pool-{uuid4().hex[:8]}"

    async def open(self) -> None:
        """Create the pool and its queues."""
        template = ResidentWorker.get_default_base_job_template()
        await self.client.create_work_pool(
            WorkPoolCreate(name=self.pool, type=ResidentWorker.type, base_job_template=template)
        )
        for name, priority in (("C", 3), ("A", 1), ("B", 2)):
            await self.client.create_work_queue(name, work_pool_name=self.pool, priority=priority)

    async def deploy(self, entrypoint: str, queue: str = "B") -> UUID:
        """A deployment of a module-path entrypoint."""
        flow_id = await self.client.create_flow_from_name(entrypoint.rpartition(".")[2])
        return await self.client.create_deployment(
            flow_id=flow_id,
            name=f"{self.pool}-{uuid4().hex[:8]}",
            entrypoint=entrypoint,
            work_pool_name=self.pool,
            work_queue_name=queue,
        )

    async def run(self, deployment_id: UUID, **parameters: Any) -> UUID:
        """A run of it, due now."""
        made = await self.client.create_flow_run_from_deployment(deployment_id, parameters=parameters)
        return made.id

    async def wake(self, run_id: UUID) -> None:
        """What the gateway's waker does."""
        await self.client.set_flow_run_state(run_id, Scheduled())

    async def until(self, run_id: UUID, holds: Callable[[State[Any]], bool], patience: float = PATIENCE) -> FlowRun:
        """The run, once its state is such. Fails after `patience` seconds with the state it is in."""
        async with asyncio.timeout(patience * 2):
            for _ in range(int(patience / 0.2)):
                run = await self.client.read_flow_run(run_id)
                if run.state is not None and holds(run.state):
                    return run
                await asyncio.sleep(0.2)
        pytest.fail(f"after {patience} s run {run.name} is {run.state!r}")


OpenDesk = Callable[[str], AbstractAsyncContextManager[Desk]]


@pytest.fixture
def open_desk() -> OpenDesk:
    """A pool of this test's own on the server at this URL."""

    @asynccontextmanager
    async def opened(url: str) -> AsyncIterator[Desk]:
        async with PrefectClient(url) as client:
            made = Desk(client)
            await made.open()
            yield made

    return opened


@pytest.fixture
async def desk(prefect_server: str, open_desk: OpenDesk) -> AsyncIterator[Desk]:
    """A pool of this test's own on the shared server."""
    async with open_desk(prefect_server) as made:
        yield made


class WorkerProcess:
    """`prefect worker start`, as anybody would type it."""

    def __init__(self, url: str, pool: str, log: Path, limit: int) -> None:
        self.log = log
        command = ["-m", "prefect", "worker", "start", "--type", "huiyin-resident", "--pool"]
        with log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, *command, pool, "--limit", str(limit), "--name", log.stem],
                env={**os.environ, "PREFECT_API_URL": url, "PREFECT_HOME": str(log.parent), "PYTHONPATH": str(HERE)},
                stdout=out,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        """What it has printed and logged so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def alive(self) -> bool:
        """Whether the process is still there."""
        return self.process.poll() is None

    def end(self, patience: float = PATIENCE) -> int:
        """SIGTERM; its exit code."""
        if self.alive():
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            pytest.fail(f"the worker did not end within {patience} s of SIGTERM:\n{self.said}")


StartWorker = Callable[..., WorkerProcess]


@pytest.fixture
def start_worker(prefect_server: str, tmp_path: Path) -> Iterator[StartWorker]:
    """Starts resident workers on a pool; ends them after the test."""
    workers: list[WorkerProcess] = []

    def start(pool: str, *, limit: int = 8, url: str = prefect_server) -> WorkerProcess:
        workers.append(WorkerProcess(url, pool, tmp_path / f"worker-{len(workers)}.log", limit))
        return workers[-1]

    yield start
    for worker in workers:
        worker.end()
