"""A thread with an event loop of its own, out of reach of signal handlers."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from typing import Any


class LoopThread:
    """Runs one coroutine in a daemon thread's event loop.

    Prefect's engine puts a SIGTERM handler of its own over the process's while a flow runs, which raises in whatever
    frame is running and so ends every flow run as crashed. It can do so in the main thread only: the worker's loop is
    not there.
    """

    def __init__(self, main: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        self.loop = asyncio.new_event_loop()
        self._main = main
        self._ended: Future[None] = Future()
        run = contextvars.copy_context().run  # Prefect keeps its settings in a context variable
        self._thread = threading.Thread(target=run, args=(self._run,), name=name, daemon=True)

    def start(self) -> Future[None]:
        """Start it. The future ends as the coroutine does."""
        self._thread.start()
        return self._ended

    def call(self, act: Callable[[], object]) -> None:
        """Call something in the loop, soon."""
        self.loop.call_soon_threadsafe(act)

    def _run(self) -> None:
        try:
            with asyncio.Runner(loop_factory=lambda: self.loop) as runner:
                runner.run(self._main())
        except BaseException as error:  # noqa: BLE001 handed on to whoever waits for the future
            self._ended.set_exception(error)
        else:
            self._ended.set_result(None)
