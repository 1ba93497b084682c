"""A child that dies is started again, and somebody is told."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from deployments.child import Child
from deployments.supervision import Restarts, kept_alive


async def test_a_child_that_dies_is_started_again_until_the_end(tmp_path: Path) -> None:
    told: list[str] = []
    one = Child(
        "worker", (sys.executable, "-c", "import sys; sys.exit(7)"), dict(os.environ), tmp_path, tmp_path / "log"
    )
    await one.start()
    async with kept_alive([one], told.append, Restarts(first=0.01)), asyncio.timeout(30):
        while len(told) < 3:
            await asyncio.sleep(0.02)
    await one.stop(patience=5)
    assert all("执行进程" in sentence and "7" in sentence for sentence in told)
    told.clear()
    await asyncio.sleep(0.1)
    assert told == []


async def test_a_start_that_is_impossible_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    one = Child("gateway", (sys.executable, "-c", "print('up')"), dict(os.environ), tmp_path, tmp_path / "log")
    await one.start()
    await one.ended()
    start, refused = asyncio.create_subprocess_exec, iter([True, True])

    async def sometimes(*command: str, **more: Any) -> Any:
        if next(refused, False):
            raise BlockingIOError("no more processes")
        return await start(*command, **more)

    monkeypatch.setattr("deployments.child.asyncio.create_subprocess_exec", sometimes)
    async with kept_alive([one], told.append, Restarts(first=0.01)), asyncio.timeout(30):
        while one.last_words() != ["up", "up"]:
            await asyncio.sleep(0.02)
    await one.stop(patience=5)
    assert sum("no more processes" in sentence for sentence in told) == 2


def test_waits_grow_and_begin_again_for_who_was_steady() -> None:
    restarts = Restarts(first=1, longest=5, steady=60)
    assert [restarts.after(wait, lived=3) for wait in (None, 1, 2, 4, 5)] == [1, 2, 4, 5, 5]
    assert restarts.after(5, lived=61) == 1
