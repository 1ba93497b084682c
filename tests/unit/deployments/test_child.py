"""A process of the stack: its log, its end, and everything it started."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from deployments.child import Child

STUBBORN = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
code = "import signal, time; signal.signal(15, signal.SIG_IGN); time.sleep(60)"
grandchild = subprocess.Popen([sys.executable, "-c", code])
print(grandchild.pid, flush=True)
time.sleep(60)
"""


def child(tmp_path: Path, code: str) -> Child:
    return Child("gateway", (sys.executable, "-c", code), dict(os.environ), tmp_path, tmp_path / "logs" / "gateway.log")


async def printed(one: Child, lines: int = 1) -> list[str]:
    async with asyncio.timeout(20):
        while len(one.last_words()) < lines:
            await asyncio.sleep(0.02)
    return one.last_words()


def alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


async def test_its_output_goes_to_its_log_and_its_exit_code_is_told(tmp_path: Path) -> None:
    one = child(tmp_path, "import sys; print('out'); print('错', file=sys.stderr); sys.exit(3)")
    await one.start()
    assert await one.ended() == 3
    assert one.exit_code == 3
    assert sorted(one.last_words()) == ["out", "错"]


async def test_only_the_last_lines_are_its_last_words(tmp_path: Path) -> None:
    one = child(tmp_path, "for n in range(5000): print(n)")
    await one.start()
    await one.ended()
    assert one.last_words() == [str(n) for n in range(4985, 5000)]


async def test_one_that_listens_is_stopped_with_sigterm(tmp_path: Path) -> None:
    one = child(tmp_path, "import time; print('up', flush=True); time.sleep(60)")
    await one.start()
    await printed(one)
    await one.stop(patience=20)
    assert one.exit_code == -15


async def test_one_that_does_not_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    one = child(tmp_path, STUBBORN)
    await one.start()
    grandchild = int((await printed(one))[0])
    await one.stop(patience=0.2)
    assert one.exit_code == -9
    async with asyncio.timeout(10):
        while alive(grandchild):
            await asyncio.sleep(0.02)


async def test_what_a_dead_child_left_behind_is_ended_too(tmp_path: Path) -> None:
    one = child(tmp_path, STUBBORN.rpartition("time.sleep(60)")[0] + "sys.exit(1)")
    await one.start()
    await one.ended()
    grandchild = int(one.last_words()[0])
    assert alive(grandchild)
    await one.stop(patience=1)
    async with asyncio.timeout(10):
        while alive(grandchild):
            await asyncio.sleep(0.02)


async def test_a_second_interruption_kills_at_once(tmp_path: Path) -> None:
    one = child(tmp_path, STUBBORN)
    await one.start()
    await printed(one)
    stopping = asyncio.create_task(one.stop(patience=60))
    await asyncio.sleep(0)
    stopping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await stopping
    assert one.exit_code == -9


async def test_one_that_is_killed_is_dead_with_all_that_it_started(tmp_path: Path) -> None:
    one = child(tmp_path, STUBBORN)
    await one.start()
    grandchild = int((await printed(one))[0])
    await one.kill()
    assert one.exit_code == -9
    await one.kill()  # nobody is left, and nothing happens
    async with asyncio.timeout(10):
        while alive(grandchild):
            await asyncio.sleep(0.02)


async def test_it_can_be_started_again_and_the_log_goes_on(tmp_path: Path) -> None:
    one = child(tmp_path, "print('once')")
    for _ in range(2):
        await one.start()
        await one.ended()
    assert one.last_words() == ["once", "once"]
