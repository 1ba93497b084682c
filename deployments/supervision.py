"""Keeping the children of the stack alive: one that dies is said to have died, and started again."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from catalog.texts import text
from deployments.child import Child

FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
STEADY = 60.0  # who lived this long starts again at once


@asynccontextmanager
async def kept_alive(children: Iterable[Child], say: Callable[[str], None]) -> AsyncIterator[None]:
    """Inside, a child that ends is started again, each time a little later."""
    keepers = [asyncio.create_task(_keep(child, say)) for child in children]
    try:
        yield
    finally:
        for keeper in keepers:
            keeper.cancel()
        await asyncio.gather(*keepers, return_exceptions=True)


async def _keep(child: Child, say: Callable[[str], None]) -> None:
    wait = FIRST_WAIT
    while True:
        since = time.monotonic()
        code = await child.ended()
        wait = FIRST_WAIT if time.monotonic() - since > STEADY else wait
        say(text("stack.died", name=text(f"stack.name.{child.name}"), code=code, seconds=round(wait), log=child.log))
        await asyncio.sleep(wait)
        wait = min(wait * 2, LONGEST_WAIT)
        await child.start()
