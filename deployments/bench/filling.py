"""Cases sent at once and carried by the stack until they wait for their unit."""

import asyncio
from collections.abc import Sequence

from catalog.texts import text
from deployments.bench.districts import WAITING
from deployments.bench.quiet import until_quiet
from deployments.bench.scene import Scene
from deployments.bench.sender import Receipt
from deployments.errors import CommandFailed

BATCH = 100
"""Sent at once: more would only wait in a longer queue, and nothing could be said of how far it is."""
BATCH_WITHIN = 240.0
WARMINGS = 6


async def park(scene: Scene, n: int) -> Sequence[Receipt]:
    """Send `n` requests whose limits are days, and wait until each is parked and nothing else is going on.

    Raises `CommandFailed` when not all of them come to wait for their unit.
    """
    before = await waiting(scene)
    receipts: list[Receipt] = []
    while len(receipts) < n:
        batch = range(len(receipts), min(len(receipts) + BATCH, n))
        receipts += await asyncio.gather(*(scene.sender.submit(WAITING, each) for each in batch))
        await until_quiet(scene, BATCH_WITHIN, settled=0)
        scene.say(text("bench.parked", n=before + len(receipts)))
    parked = await waiting(scene) - before
    if parked != n:
        raise CommandFailed(text("bench.not_parked", n=n, parked=parked))
    return receipts


async def warm(scene: Scene) -> None:
    """Send batches that come at once and wait for nobody, until one more adds no connection: whatever the processes
    need to have at hand at their busiest, the ledger's pool above all, they have from then on.
    """
    held = -1
    for _ in range(WARMINGS):
        before, held = held, await _busiest(scene)
        if held <= before:
            return


async def _busiest(scene: Scene) -> int:
    """Send a batch of thanks; answers how many connections the worker then holds at rest."""
    await asyncio.gather(*(scene.sender.thank(WAITING, each) for each in range(BATCH)))
    await until_quiet(scene, BATCH_WITHIN)
    return scene.usage("worker").connections


async def waiting(scene: Scene) -> int:
    """How many cases wait for their unit with a run that is paused."""
    states = await scene.ledger.lists.by_state()
    paused = await scene.prefect("/flow_runs/count", {"flow_runs": {"state": {"type": {"any_": ["PAUSED"]}}}})
    return min(states.get((WAITING, "awaiting_ack"), 0), int(paused))
