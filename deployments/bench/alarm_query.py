"""How long the alarm query takes: asked again and again, by turns with a query that finds one row by its key."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy import select

from deployments.bench.spread import Spread
from ledger.ledger import Ledger
from ledger.tables import CounterRow

TURNS = 300
ROOM = 12
"""As many as the gateway's waker asks for."""
MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class AlarmQuery:
    """Milliseconds that the alarm query takes, and those of a look at one row, asked by turns in the same seconds."""

    alarm: Spread
    one_row: Spread


async def alarm_query(ledger: Ledger) -> AlarmQuery:
    """Ask this ledger while it has nothing else to do."""

    async def alarm() -> None:
        await ledger.alarms.ringing(ROOM)

    async def one_row() -> None:
        await ledger.database.now()  # the alarm query asks for the time as well
        async with ledger.database.read() as session:
            await session.scalar(select(CounterRow.value).limit(1))

    alarms, rows = [], []
    for _ in range(TURNS):
        alarms.append(await _timed(alarm))
        rows.append(await _timed(one_row))
    return AlarmQuery(Spread.of(alarms), Spread.of(rows))


async def _timed(query: Callable[[], Awaitable[None]]) -> float:
    began = time.perf_counter()
    await query()
    return (time.perf_counter() - began) * MILLISECONDS
