"""Flows for the resident worker's tests: imported by the worker's process under `resident_toys.…`."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from uuid import UUID, uuid4

from prefect import flow, get_client, task
from prefect.client.schemas.objects import State
from prefect.exceptions import Pause
from prefect.runtime import flow_run
from prefect.states import Paused
from pydantic import BaseModel, ConfigDict, Field

NOWHERE = Path(gettempdir()) / "huiyin-test-results"


class Policy(BaseModel):
    """A parameter that must be validated."""

    model_config = ConfigDict(extra="forbid")

    parks: int = Field(ge=0)
    waits_for: str = "待签收 10:30前"


def keep(diary: str, line: str) -> int:
    """Append a line with the time; returns how many lines there were before."""
    path = Path(diary)
    before = len(path.read_text(encoding="utf-8").splitlines()) if path.exists() else 0
    with path.open("a", encoding="utf-8") as out:
        out.write(f"{line} {datetime.now(UTC).timestamp():.6f}\n")
    return before


async def set_parked(name: str) -> State[Any] | None:
    """Tell the server that this run waits."""
    state: State[Any] = Paused(reschedule=True, pause_key=uuid4().hex)
    state.name = name
    async with get_client() as client:
        return (await client.set_flow_run_state(UUID(flow_run.get_id()), state)).state


async def park(name: str) -> None:
    """End the run's code in a paused state of this name."""
    raise Pause(state=await set_parked(name))


@task(name="classify", persist_result=False)
async def classify() -> str:
    return "shi"


@task(name="assign", persist_result=False)
async def assign(item: str) -> str:
    return f"{item}-unit"


@task(name="notify", persist_result=False)
async def notify(unit: str) -> None:
    assert unit


@flow(name="parker", persist_result=False, result_storage=NOWHERE)
async def parker(diary: str, policy: Policy) -> None:
    """Three steps a wake; parks `policy.parks` times, then completes."""
    wake = keep(diary, "wake")
    await notify(await assign(await classify()))
    if wake < policy.parks:
        await park(policy.waits_for)


@flow(name="failing", persist_result=False, result_storage=NOWHERE)
async def failing() -> None:
    raise ValueError("the flow's own fault")


@flow(name="leaving", persist_result=False, result_storage=NOWHERE)
async def leaving() -> None:
    """What must not take the worker with it."""
    raise SystemExit(3)


@flow(name="slow", persist_result=False, result_storage=NOWHERE)
async def slow(diary: str, seconds: float) -> None:
    """Says when it begins, when it is stopped and when it is done."""
    keep(diary, "begun")
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        keep(diary, "stopped")
        raise
    keep(diary, "done")


@flow(name="silent", persist_result=False, result_storage=NOWHERE)
async def silent(diary: str) -> None:
    """Ends its code once without any state of its own."""
    if keep(diary, "wake") == 0:
        raise Pause()


@flow(name="lingering", persist_result=False, result_storage=NOWHERE)
async def lingering(diary: str) -> None:
    """Parks on the server, but its code does not get to its end."""
    await set_parked("待签收 10:30前")
    keep(diary, "parked")
    await asyncio.sleep(300)
