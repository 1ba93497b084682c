"""What waiting cases cost: the same stack with a few of them and with many, in one run."""

import asyncio

from catalog.texts import text
from deployments.bench.alarm_query import alarm_query
from deployments.bench.filling import park, waiting, warm
from deployments.bench.levels import Level, sheet
from deployments.bench.machine import machine
from deployments.bench.place import place
from deployments.bench.quiet import until_quiet
from deployments.bench.rungs import rung_lag
from deployments.bench.scene import Say, Scene, scene
from deployments.bench.sheet import Sheet
from deployments.bench.usage import Usage
from deployments.errors import CommandFailed
from ledger.settings import Settings

FEW, MANY = 10, 1000
QUIET_WITHIN = 240.0
READINGS = 8
BETWEEN_READINGS = 1.1
NAMES = ("worker", "gateway", "prefect")


async def parked(settings: Settings, cases: int | None, database_url: str, say: Say) -> Sheet:
    """Measure with 10 waiting cases, then with as many as are asked for (1,000). Raises `CommandFailed`."""
    many = cases or MANY
    if many <= FEW:
        raise CommandFailed(text("bench.too_few", few=FEW))
    with place(settings, database_url, say) as moved:
        async with scene(moved, say) as here:
            say(text("bench.warming"))
            await warm(here)
            few = await _level(here, FEW)
            return sheet(machine(moved), few, await _level(here, many))


async def _level(scene: Scene, cases: int) -> Level:
    """Rungs first: whatever the worker needs to have at hand for them, it then has at both levels."""
    scene.say(text("bench.parking", n=cases))
    await park(scene, cases - await waiting(scene))
    scene.say(text("bench.probing"))
    lag = await rung_lag(scene)
    await until_quiet(scene, QUIET_WITHIN)
    query = await alarm_query(scene.ledger)
    readings = [await _at_rest(scene) for _ in range(READINGS)]
    pids = {name: scene.pid(name) for name in NAMES}
    return Level(await waiting(scene), pids, readings, query, lag)


async def _at_rest(scene: Scene) -> dict[str, Usage]:
    """What each process uses while nothing is under way, and nothing has been for some seconds."""
    await asyncio.sleep(BETWEEN_READINGS)
    await until_quiet(scene, QUIET_WITHIN, settled=0)
    return {name: scene.usage(name) for name in NAMES}
