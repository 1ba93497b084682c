"""Ctrl-C and SIGTERM end a command in order, a second one at once."""

import signal
import subprocess
import sys
import time

import pytest

PROGRAM = """
import asyncio
from deployments.signals import run_until_ended

async def main():
    print("up", flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        {tidying}
        print("tidy", flush=True)

print(run_until_ended(main()))
"""


def ended_by(numbers: list[int], tidying: str = "pass") -> tuple[str, int]:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM.format(tidying=tidying)], stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    assert program.stdout.readline() == "up\n"
    for number in numbers:
        program.send_signal(number)
        time.sleep(0.3)
    said, _ = program.communicate(timeout=20)
    return said, program.returncode


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_in_order(number: int) -> None:
    assert ended_by([number]) == ("tidy\nNone\n", 0)


def test_a_second_signal_interrupts_the_tidying_up() -> None:
    assert ended_by([signal.SIGINT, signal.SIGINT], "await asyncio.sleep(60)") == ("None\n", 0)


def test_what_it_returns_is_handed_on() -> None:
    done = "from deployments.signals import run_until_ended\nasync def main(): return 7\nprint(run_until_ended(main()))"
    assert subprocess.run([sys.executable, "-c", done], capture_output=True, text=True, check=True).stdout == "7\n"
