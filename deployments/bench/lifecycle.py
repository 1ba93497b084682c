"""How many lives a stack carries: requests sent at once, prompt units, satisfied citizens, until all are closed."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex

from sqlalchemy import select

from catalog.texts import text
from deployments.bench.districts import PROMPT
from deployments.bench.machine import machine
from deployments.bench.measured import Measured, measured
from deployments.bench.place import place
from deployments.bench.quiet import busy_cases
from deployments.bench.scene import Say, Scene, scene
from deployments.bench.sheet import Sheet
from deployments.bench.spread import Spread
from deployments.demo.behaviours import CitizenWay, UnitWay
from deployments.demo.company import company
from deployments.demo.script import Scripted
from deployments.errors import CommandFailed
from ledger.settings import Settings
from ledger.tables import CaseRow

LIVES = 40
A_LIFE = 6.0
"""Seconds that a life may take of a slow machine."""
AT_LEAST = 120.0
BETWEEN = 0.25


async def lifecycle(settings: Settings, cases: int | None, database_url: str, say: Say) -> Sheet:
    """Measure with so many lives (40). Raises `CommandFailed` when not all are closed in time."""
    lives = cases or LIVES
    with place(settings, database_url, say) as moved:
        async with scene(moved, say) as here, company(moved, PROMPT) as people:
            say(text("bench.living", n=lives))
            async with measured(here) as work:
                await people.citizens.arrive(_script(here, lives), 0.0, token_hex(4))
                await _until_closed(here, lives)
            return _sheet(moved, work, await _lengths(here))


def _script(scene: Scene, lives: int) -> Sequence[Scripted]:
    """Prompt units, citizens who judge on their page; nobody to be phoned."""
    prompt = {"unit": UnitWay.PROMPT, "citizen": CitizenWay.SATISFIED}
    requests = [request.model_copy(update=prompt) for request in scene.sender.requests]
    return [requests[n % len(requests)] for n in range(lives)]


async def _until_closed(scene: Scene, lives: int) -> None:
    """Until every case is closed and its run has ended."""
    limit = max(AT_LEAST, lives * A_LIFE)
    try:
        async with asyncio.timeout(limit):
            while await _closed(scene) < lives or await busy_cases(scene.ledger):  # noqa: ASYNC110  others change it
                await asyncio.sleep(BETWEEN)
    except TimeoutError:
        closed = await _closed(scene)
        raise CommandFailed(text("bench.not_closed", n=lives, closed=closed, seconds=round(limit))) from None


async def _closed(scene: Scene) -> int:
    return (await scene.ledger.lists.by_state()).get((PROMPT, "closed"), 0)


async def _lengths(scene: Scene) -> list[tuple[datetime, datetime]]:
    """When each case was received and when it was closed."""
    async with scene.ledger.database.read() as session:
        rows = await session.execute(select(CaseRow.received_at, CaseRow.closed_at).where(CaseRow.state == "closed"))
        return [(received, closed) for received, closed in rows if closed is not None]


def _sheet(settings: Settings, work: Measured, lengths: Sequence[tuple[datetime, datetime]]) -> Sheet:
    lives = len(lengths)
    first, last = min(received for received, _ in lengths), max(closed for _, closed in lengths)
    rate = lives / (last - first).total_seconds()
    length = Spread.of([(closed - received).total_seconds() for received, closed in lengths])
    document = {
        "bench": "lifecycle",
        "machine": machine(settings),
        "lives": lives,
        "lives_a_second": round(rate, 3),
        "wakes_a_life": round(work.wakes / lives, 2),
        "life_seconds": length.document(1),
        **work.document("life", lives),
    }
    rows = [
        (text("bench.row.lives_a_second"), f"{rate:.2f}"),
        (text("bench.row.wakes_a_life"), f"{work.wakes / lives:.1f}"),
        (text("bench.row.life"), length.line(".0f")),
        (text("bench.row.worker_cpu_a_life"), f"{1000 * work.worker_cpu / lives:.0f}"),
        (text("bench.row.server_cpu_a_life"), f"{1000 * work.server_cpu / lives:.0f}"),
    ]
    return Sheet([text("bench.lives", n=lives)], rows, document)
