"""Alerts: what operators must know. One is said once, counted each time, and open until whoever raised it clears it."""

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from ledger.database import Database
from ledger.tables import AlertRow


class Alerts:
    """`kind` is what is wrong (its Chinese name: the text ``alert.KIND``), `subject` whose: a case, a unit, a district.

    `words` is one clear sentence that says what to do; it names no person.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def raise_(self, kind: str, subject: str, words: str) -> bool:
        """Say it; answers whether it is new (or has come back after it was cleared)."""
        try:
            return await self._raise(kind, subject, words)
        except IntegrityError:  # raised for the first time by two at once: this one comes after
            return await self._raise(kind, subject, words)

    async def _raise(self, kind: str, subject: str, words: str) -> bool:
        now = await self._database.now()
        async with self._database.write() as session:
            row = await session.get(AlertRow, (kind, subject))
            if row is None:
                session.add(AlertRow(kind=kind, subject=subject, words=words, times=1, first_at=now, last_at=now))
                return True
            new = row.cleared_at is not None
            row.words, row.times, row.last_at, row.cleared_at = words, 1 if new else row.times + 1, now, None
            row.first_at = now if new else row.first_at
            return new

    async def clear(self, kind: str, subject: str) -> None:
        """It is right again; nothing happens where nothing was wrong."""
        now = await self._database.now()
        mine = (AlertRow.kind == kind, AlertRow.subject == subject, AlertRow.cleared_at.is_(None))
        async with self._database.write() as session:
            await session.execute(update(AlertRow).where(*mine).values(cleared_at=now))

    async def open(self) -> list[AlertRow]:
        """What is wrong now, oldest first."""
        in_order = (AlertRow.first_at, AlertRow.kind, AlertRow.subject)
        wanted = select(AlertRow).where(AlertRow.cleared_at.is_(None)).order_by(*in_order)
        async with self._database.read() as session:
            return list(await session.scalars(wanted))

    async def count(self) -> dict[str, int]:
        """How many are open, by kind."""
        wanted = (
            select(AlertRow.kind, func.count().label("n")).where(AlertRow.cleared_at.is_(None)).group_by(AlertRow.kind)
        )
        async with self._database.read() as session:
            return {row.kind: row.n for row in await session.execute(wanted)}
