"""The resident worker against a real Prefect server: what it takes, what it leaves alone, and how it stops."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId
from prefect.client.schemas.objects import State, StateType
from prefect.states import Cancelling


def is_parked(state: State[Any]) -> bool:
    return state.is_paused()


def is_final(state: State[Any]) -> bool:
    return state.is_final()


def lines(diary: Path) -> Counter[str]:
    """How often each word was written into the diary."""
    return Counter(line.split()[0] for line in diary.read_text(encoding="utf-8").splitlines())


async def test_a_parked_run_is_woken_and_goes_on_to_its_end(desk: Any, start_worker: Any, tmp_path: Path) -> None:
    worker = start_worker(desk.pool)
    run_id = await desk.run(
        await desk.deploy("resident_toys.parker"), diary=str(tmp_path / "diary"), policy={"parks": 2}
    )
    for wakes in (1, 2):
        parked = await desk.until(run_id, is_parked)
        assert parked.state.name == "待签收 10:30前"
        assert lines(tmp_path / "diary") == {"wake": wakes}
        await desk.wake(run_id)
    done = await desk.until(run_id, is_final)
    assert done.state.is_completed()
    assert lines(tmp_path / "diary") == {"wake": 3}
    assert (done.run_count, done.infrastructure_pid) == (1, None)
    await steps_shown(desk, run_id, 9)
    assert "ERROR" not in worker.said
    assert "Finished in state 待签收 10:30前(type=PAUSED)" in worker.said


async def says(worker: Any, words: str) -> None:
    """Once a worker's process has said so."""
    async with asyncio.timeout(60):
        while words not in worker.said:
            await asyncio.sleep(0.1)


async def steps_shown(desk: Any, run_id: UUID, count: int) -> None:
    """Task runs reach the server as events, a moment later than the states."""
    async with asyncio.timeout(30):
        while True:
            only = FlowRunFilter(id=FlowRunFilterId(any_=[run_id]))
            steps = await desk.client.read_task_runs(flow_run_filter=only)
            if len(steps) == count and all(step.state_type == StateType.COMPLETED for step in steps):
                return
            await asyncio.sleep(0.2)


async def test_a_goes_before_b_before_c_whatever_their_age(desk: Any, start_worker: Any, tmp_path: Path) -> None:
    runs = {}
    for queue in "CCBBAA":
        deployment_id = await desk.deploy("resident_toys.parker", queue)
        run_id = await desk.run(deployment_id, diary=str(tmp_path / "diary"), policy={"parks": 0})
        runs[run_id] = queue
    start_worker(desk.pool, limit=1)
    ended = [await desk.until(run_id, is_final) for run_id in runs]
    assert "".join(runs[run.id] for run in sorted(ended, key=lambda run: run.start_time)) == "AABBCC"


async def test_a_run_that_fails_takes_no_other_with_it(desk: Any, start_worker: Any, tmp_path: Path) -> None:
    failing = await desk.run(await desk.deploy("resident_toys.failing"))
    leaving = await desk.run(await desk.deploy("resident_toys.leaving"))
    slow = await desk.run(await desk.deploy("resident_toys.slow"), diary=str(tmp_path / "diary"), seconds=3)
    worker = start_worker(desk.pool)
    failed = await desk.until(failing, is_final)
    assert failed.state_type == StateType.FAILED
    assert "the flow's own fault" in failed.state.message
    assert (await desk.until(leaving, is_final)).state_type == StateType.CRASHED
    assert (await desk.until(slow, is_final)).state_type == StateType.COMPLETED
    assert lines(tmp_path / "diary") == {"begun": 1, "done": 1}
    assert worker.alive()


async def test_an_entrypoint_that_is_not_there_fails_the_run_and_says_so(desk: Any, start_worker: Any) -> None:
    nowhere = await desk.run(await desk.deploy("resident_toys_nowhere.parker"))
    nothing = await desk.run(await desk.deploy("resident_toys.nothing"))
    a_file = await desk.run(await desk.deploy("flows/resident_toys.py:parker"))
    start_worker(desk.pool)
    for run_id, reason in (
        (nowhere, "“resident_toys_nowhere.parker”：ModuleNotFoundError"),
        (nothing, "“resident_toys.nothing”：MissingFlowError"),
        (a_file, "“flows/resident_toys.py:parker”不是模块路径"),
    ):
        run = await desk.until(run_id, is_final)
        assert run.state_type == StateType.FAILED
        assert reason in run.state.message


async def test_parameters_are_validated_against_the_flows_own_types(
    desk: Any, start_worker: Any, tmp_path: Path
) -> None:
    deployment_id = await desk.deploy("resident_toys.parker")
    start_worker(desk.pool)
    diary = tmp_path / "diary"
    wrong = await desk.until(await desk.run(deployment_id, diary=str(diary), policy={"parks": -1}), is_final)
    unknown = await desk.until(await desk.run(deployment_id, diary=str(diary), policy={"parks": 0}, extra=1), is_final)
    assert (wrong.state_type, unknown.state_type) == (StateType.FAILED, StateType.FAILED)
    assert "policy.parks" in wrong.state.message
    assert "运行参数与流程不符" in unknown.state.message
    assert not diary.exists()


async def test_a_running_run_that_is_cancelled_in_the_ui_is_stopped(
    desk: Any, start_worker: Any, tmp_path: Path
) -> None:
    slow = await desk.run(await desk.deploy("resident_toys.slow"), diary=str(tmp_path / "diary"), seconds=300)
    start_worker(desk.pool)
    await desk.until(slow, lambda state: state.is_running())
    await desk.client.set_flow_run_state(slow, Cancelling())  # the UI's button
    ended = await desk.until(slow, is_final, patience=15)
    assert ended.state_type == StateType.CANCELLED
    assert lines(tmp_path / "diary") == {"begun": 1, "stopped": 1}


async def test_a_parked_run_that_is_cancelled_in_the_ui_ends_at_once(
    desk: Any, start_worker: Any, tmp_path: Path
) -> None:
    run_id = await desk.run(
        await desk.deploy("resident_toys.parker"), diary=str(tmp_path / "diary"), policy={"parks": 1}
    )
    start_worker(desk.pool)
    await desk.until(run_id, is_parked)
    await desk.client.set_flow_run_state(run_id, Cancelling())
    assert (await desk.client.read_flow_run(run_id)).state_type == StateType.CANCELLED


async def test_sigterm_lets_what_runs_finish_and_takes_nothing_more(
    desk: Any, start_worker: Any, tmp_path: Path
) -> None:
    deployment_id = await desk.deploy("resident_toys.slow")
    first = await desk.run(deployment_id, diary=str(tmp_path / "diary"), seconds=3)
    worker = start_worker(desk.pool, limit=1)
    await desk.until(first, lambda state: state.is_running())
    second = await desk.run(deployment_id, diary=str(tmp_path / "diary"), seconds=3)
    assert await asyncio.to_thread(worker.end) == 0
    assert (await desk.client.read_flow_run(first)).state_type == StateType.COMPLETED
    assert (await desk.client.read_flow_run(second)).state_type == StateType.SCHEDULED
    assert lines(tmp_path / "diary") == {"begun": 1, "done": 1}


async def test_a_run_whose_code_ends_without_a_state_is_given_back(
    desk: Any, start_worker: Any, tmp_path: Path
) -> None:
    run_id = await desk.run(await desk.deploy("resident_toys.silent"), diary=str(tmp_path / "diary"))
    start_worker(desk.pool)
    assert (await desk.until(run_id, is_final)).state_type == StateType.COMPLETED
    assert lines(tmp_path / "diary") == {"wake": 2}


@pytest.mark.slow
async def test_two_workers_on_one_pool_share_the_runs(desk: Any, start_worker: Any, tmp_path: Path) -> None:
    deployment_id = await desk.deploy("resident_toys.parker")
    workers = [start_worker(desk.pool, limit=2) for _ in range(2)]
    for worker in workers:
        await says(worker, "started!")
    runs = {}
    for number in range(12):
        diary = tmp_path / f"diary-{number}"
        runs[await desk.run(deployment_id, diary=str(diary), policy={"parks": 1})] = diary
    for run_id in runs:
        await desk.until(run_id, is_parked)
        await desk.wake(run_id)
    for run_id, diary in runs.items():
        assert (await desk.until(run_id, is_final)).state_type == StateType.COMPLETED
        # One more at the most: a worker that saw the run as due before the other had it parked; claims absorb that.
        assert 2 <= lines(diary)["wake"] <= 3
    assert all("Finished in state" in worker.said for worker in workers)


@pytest.mark.slow
async def test_a_lost_server_is_said_once_and_waited_for(
    own_prefect_server: Any, start_worker: Any, open_desk: Any, tmp_path: Path
) -> None:
    server = await asyncio.to_thread(own_prefect_server)
    async with open_desk(server.url) as desk:
        deployment_id = await desk.deploy("resident_toys.slow")
        worker = start_worker(desk.pool, url=server.url)
        interrupted = await desk.run(deployment_id, diary=str(tmp_path / "interrupted"), seconds=2)
        await desk.until(interrupted, lambda state: state.is_running())
        await asyncio.to_thread(server.stop)
        async with asyncio.timeout(60):
            while "cannot be had" not in worker.said:
                await asyncio.sleep(0.2)
        await asyncio.sleep(8)  # long enough for a line a second to show
        await asyncio.to_thread(server.start)
        later = await desk.run(deployment_id, diary=str(tmp_path / "later"), seconds=0)
        assert (await desk.until(later, is_final)).state_type == StateType.COMPLETED
        assert (await desk.until(interrupted, is_final)).state_type == StateType.COMPLETED
    assert worker.said.count("cannot be had") == 1
    assert worker.said.count("answers again") == 1
