"""A child that dies is started again, and somebody is told."""

import asyncio
import os
import sys
from pathlib import Path

from deployments.child import Child
from deployments.supervision import kept_alive


async def test_a_child_that_dies_is_started_again_until_the_end(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("deployments.supervision.FIRST_WAIT", 0.01)
    told: list[str] = []
    one = Child(
        "worker", (sys.executable, "-c", "import sys; sys.exit(7)"), dict(os.environ), tmp_path, tmp_path / "log"
    )
    await one.start()
    async with kept_alive([one], told.append), asyncio.timeout(30):
        while len(told) < 3:
            await asyncio.sleep(0.02)
    await one.stop(patience=5)
    assert all("执行进程" in sentence and "7" in sentence for sentence in told)
    told.clear()
    await asyncio.sleep(0.1)
    assert told == []
