"""Runs something until it ends or somebody ends it: Ctrl-C, SIGTERM, a closed terminal."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_until_ended(main: Coroutine[Any, Any, T]) -> T | None:
    """What `main` returns; None when it was ended by a signal. A second signal interrupts its tidying up as well."""
    return asyncio.run(_run(main))


async def _run(main: Coroutine[Any, Any, T]) -> T | None:
    loop, task = asyncio.get_running_loop(), asyncio.ensure_future(main)
    ended_by: list[int] = []

    def end(number: int) -> None:
        ended_by.append(number)
        task.cancel()

    for number in ENDING:
        loop.add_signal_handler(number, end, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not ended_by:
            raise
        return None
