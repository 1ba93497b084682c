"""Outages: stretches in which no gateway was alive, so that nobody could act and nobody but the system is charged.

A gateway beats every few seconds. Whoever beats and finds the last beat too old writes down the stretch between: a
restart, a suspended machine, a clock that jumped forward and a database that was away are all one thing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, literal, select, union_all, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from casework.case import Interruption
from ledger.database import Database
from ledger.folding import Loaded
from ledger.tables import Instant, MarkRow, OutageRow

GATEWAY = "gateway"
AWAY_AFTER = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Beat:
    """What a beat found: the outage that it ended, if any, and how far the clock is behind what it has shown before."""

    at: datetime
    away: Interruption | None = None
    behind: timedelta = timedelta(0)


class Outages:
    """One row for all gateways: while any of them beats, there is no outage."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def beat(self) -> Beat:
        """A gateway is alive. The first beat of all ends no outage."""
        try:
            return await self._beat()
        except IntegrityError:  # two gateways' first beats at the same moment
            return await self._beat()

    async def _beat(self) -> Beat:
        async with self._database.write() as session:
            row = await session.get(MarkRow, GATEWAY, with_for_update=True)
            now = await self._database.now(session)
            if row is None:
                session.add(MarkRow(name=GATEWAY, value=now.isoformat(), at=now))
                return Beat(now)
            away = Interruption(row.at, now) if now - row.at > AWAY_AFTER else None
            if away is not None:
                await session.merge(OutageRow(since=away.since, until=away.until))
            latest = datetime.fromisoformat(row.value)
            if now < latest:
                await _forget_the_future(session, now)
            row.at, row.value = now, max(latest, now).isoformat()
            return Beat(now, away, max(latest - now, timedelta(0)))


async def interruptions(session: AsyncSession, since: datetime, now: datetime) -> tuple[Interruption, ...]:
    """The outages between two moments, in order, one that still lasts included. Read at one moment, by index."""
    lasting = literal(None, Instant())
    ended = select(OutageRow.since, OutageRow.until).where(OutageRow.until > since)
    beating = select(MarkRow.at.label("since"), lasting).where(MarkRow.name == GATEWAY)
    found: list[Interruption] = []
    for row in sorted(await session.execute(union_all(ended, beating)), key=lambda row: row.since):
        if row.until is None and now - row.since <= AWAY_AFTER:
            continue
        begins, ends = max(row.since, since), min(row.until or now, now)
        if begins < ends:
            found.append(Interruption(begins, ends))
            since = ends
    return tuple(found)


async def unnoted(session: AsyncSession, loaded: Loaded, now: datetime) -> tuple[Interruption, ...]:
    """The outages that an open case has lived through since its last event; what is at its end is nobody's."""
    return await interruptions(session, loaded.events[-1].recorded_at, now) if loaded.case.open else ()


async def _forget_the_future(session: AsyncSession, now: datetime) -> None:
    """The clock has been put back: outages that it had run ahead into have not been."""
    await session.execute(delete(OutageRow).where(OutageRow.since >= now))
    await session.execute(update(OutageRow).where(OutageRow.until > now).values(until=now))
