"""Keeping the children of the stack alive: one that dies is said to have died, and started again."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from catalog.texts import text
from deployments.child import Child


@dataclass(frozen=True, slots=True)
class Restarts:
    """Seconds until a child that ended is started again: twice as many each time, from `first` to `longest`.

    Who had lived for `steady` seconds begins at `first` again.
    """

    first: float = 1.0
    longest: float = 30.0
    steady: float = 60.0

    def after(self, last: float | None, lived: float) -> float:
        """The wait for one that lived so long; `last` is the wait before it, None for the first."""
        if last is None or lived > self.steady:
            return self.first
        return min(last * 2, self.longest)


@asynccontextmanager
async def kept_alive(children: Iterable[Child], say: Callable[[str], None], restarts: Restarts) -> AsyncIterator[None]:
    """Inside, a child that ends is started again, each time a little later."""
    keepers = [asyncio.create_task(_keep(child, say, restarts)) for child in children]
    try:
        yield
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _keep(child: Child, say: Callable[[str], None], restarts: Restarts) -> None:
    wait: float | None = None
    name = text(f"stack.name.{child.name}")
    while True:
        since = time.monotonic()
        code = await child.ended()
        wait = restarts.after(wait, time.monotonic() - since)
        say(text("stack.died", name=name, code=code, seconds=round(wait), log=child.log))
        await asyncio.sleep(wait)
        try:
            await child.start()
        except OSError as error:  # no memory, no file handles: it may be possible again in a moment
            say(text("stack.not_restarted", name=name, reason=error))
