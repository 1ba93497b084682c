"""So many posts at a time to one endpoint from this process: one that hangs must not take all of the worker's hands."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

AT_A_TIME = 2  # of a worker's eight hands
BRIEFLY = 1.0  # seconds: a line that moves is worth waiting for, since to come again costs a whole wake
LONGEST_WAIT = timedelta(seconds=10)


class Lines:
    """Who finds an endpoint's line full and stuck does not wait: it is told when to come again, each one later."""

    def __init__(self, at_a_time: int = AT_A_TIME) -> None:
        self._at_a_time = at_a_time
        self._lines: dict[str, _Line] = {}

    @asynccontextmanager
    async def hand(self, endpoint: str) -> AsyncIterator[timedelta | None]:
        """None: post now, inside the block. Else how long to stay away."""
        line = self._lines.setdefault(endpoint, _Line(self._at_a_time))
        line.visitors += 1
        try:
            if not await line.enter():
                yield line.turn_away()
                return
            began = line.begin()
            try:
                yield None
            finally:
                line.end(began)
        finally:
            line.visitors -= 1
            if not line.visitors:
                del self._lines[endpoint]


class _Line:
    def __init__(self, at_a_time: int) -> None:
        self.visitors = 0
        self._at_a_time = at_a_time
        self._free = asyncio.Semaphore(at_a_time)
        self._going: list[float] = []  # when each post began
        self._turned_away = 0

    async def enter(self) -> bool:
        """Whether there is a place now, or in a moment."""
        stuck_for = time.monotonic() - max(self._going, default=time.monotonic())
        try:
            async with asyncio.timeout(max(BRIEFLY - stuck_for, 0) if self._free.locked() else None):
                return await self._free.acquire()
        except TimeoutError:
            return False

    def begin(self) -> float:
        began = time.monotonic()
        self._going.append(began)
        return began

    def end(self, began: float) -> None:
        self._going.remove(began)
        self._turned_away = 0  # it moves
        self._free.release()

    def turn_away(self) -> timedelta:
        self._turned_away += 1
        return min(timedelta(seconds=0.5 + self._turned_away / self._at_a_time), LONGEST_WAIT)
