"""Remembered places and moments, by name."""

from ledger.database import Database
from ledger.tables import MarkRow

RECONCILED = "reconcile.looked_at"
"""When reconcile last looked, in ISO 8601; there is none where it never has."""


class Marks:
    """Small values that outlive a process: how far a round has come."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str | None:
        async with self._database.read() as session:
            row = await session.get(MarkRow, name)
            return row.value if row else None

    async def set(self, name: str, value: str) -> None:
        now = await self._database.now()
        async with self._database.write() as session:
            await session.merge(MarkRow(name=name, value=value, at=now))
