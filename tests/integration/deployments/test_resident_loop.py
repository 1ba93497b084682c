"""What the drain leaves behind when it may not wait for ever: the loop alone, in the test's own process."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from prefect.client.schemas.objects import StateType
from prefect.context import AsyncClientContext
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings
from prefect.states import Completed

from deployments.due_runs import DueRuns
from deployments.flow_shelf import FlowShelf
from deployments.resident_loop import ResidentLoop
from deployments.resident_run import ResidentRun


@pytest.fixture
async def loop_of(prefect_server: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Any]:
    """Makes a loop on a pool."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    with temporary_settings({PREFECT_API_URL: prefect_server, PREFECT_LOGGING_TO_API_ENABLED: False}):
        async with AsyncClientContext() as context:
            yield lambda pool: ResidentLoop(
                context.client,
                DueRuns(context.client, pool, frozenset()),
                limit=8,
                seconds=0.2,
                logger=logging.getLogger("test"),
            )


async def written(diary: Path) -> None:
    """Once the flow has come so far that it writes."""
    async with asyncio.timeout(60):
        while not await asyncio.to_thread(diary.exists):
            await asyncio.sleep(0.05)


async def test_what_is_not_done_in_time_is_stopped_and_given_back(desk: Any, loop_of: Any, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    run_id = await desk.run(await desk.deploy("resident_toys.slow"), diary=str(diary), seconds=300)
    loop = loop_of(desk.pool)
    polling = asyncio.create_task(loop.poll(lambda: None))
    await written(diary)
    await loop.drain(0.1)
    await polling
    assert (await desk.client.read_flow_run(run_id)).state_type == StateType.SCHEDULED
    assert [line.split()[0] for line in diary.read_text(encoding="utf-8").splitlines()] == ["begun", "stopped"]


async def test_a_park_outlives_the_code_that_set_it(desk: Any, loop_of: Any, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    run_id = await desk.run(await desk.deploy("resident_toys.lingering"), diary=str(diary))
    loop = loop_of(desk.pool)
    polling = asyncio.create_task(loop.poll(lambda: None))
    await written(diary)
    await loop.drain(0.1)
    await polling
    run = await desk.client.read_flow_run(run_id)
    assert (run.state_type, run.state_name) == (StateType.PAUSED, "待签收 10:30前")


async def test_a_run_that_somebody_else_has_ended_is_not_run_again(desk: Any, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    run_id = await desk.run(await desk.deploy("resident_toys.parker"), diary=str(diary), policy={"parks": 0})
    [seen] = await DueRuns(desk.client, desk.pool, frozenset()).first(8)
    assert seen.id == run_id
    await desk.client.set_flow_run_state(run_id, Completed(), force=True)
    run = ResidentRun(desk.client, seen, FlowShelf(desk.client), seen=time.monotonic() - 1)
    await run.carry()
    assert (await desk.client.read_flow_run(run_id)).state_type == StateType.COMPLETED
    assert not diary.exists()


async def test_due_runs_are_as_many_as_asked_for_and_the_most_urgent(desk: Any) -> None:
    runs = {}
    for queue in "CBA":
        deployment_id = await desk.deploy("resident_toys.failing", queue)
        for _ in range(2):
            runs[await desk.run(deployment_id)] = queue
    everything = DueRuns(desk.client, desk.pool, frozenset())
    assert [runs[run.id] for run in await everything.first(5)] == ["A", "A", "B", "B", "C"]
    assert [runs[run.id] for run in await DueRuns(desk.client, desk.pool, frozenset("C")).first(5)] == ["C", "C"]


async def test_a_pool_that_is_missing_is_said_once_and_waited_for(
    desk: Any, loop_of: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await desk.client.delete_work_pool(desk.pool)
    loop = loop_of(desk.pool)
    polls: list[float] = []
    polling = asyncio.create_task(loop.poll(lambda: polls.append(time.monotonic())))
    async with asyncio.timeout(60):
        while len(polls) < 4:
            await asyncio.sleep(0.05)
    assert caplog.text.count("run huiyin deploy") == 1
    await desk.open()
    diary = tmp_path / "diary"
    await desk.run(await desk.deploy("resident_toys.slow"), diary=str(diary), seconds=0)
    await written(diary)
    await loop.drain(10)
    await polling
    assert "Prefect's server cannot be had" not in caplog.text
