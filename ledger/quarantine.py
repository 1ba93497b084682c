"""Quarantine: rows of an import that could not become cases, sealed, with their reasons, so that nothing is lost."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from ledger.database import Database
from ledger.secrets import Keyring
from ledger.tables import QuarantineRow


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row as it was read, with its reason. `content` is the row's cells as JSON."""

    row: int
    reason: str
    content: str


class Quarantine:
    """Puts rows away and shows them."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring

    async def put(self, district: str, source: str, row: int, reason: str, content: str) -> None:
        """Keep a row; the same row of the same source is kept once, with its latest reason."""
        now = await self._database.now()
        async with self._database.write() as session:
            place = (QuarantineRow.district == district, QuarantineRow.source == source, QuarantineRow.row == row)
            for known in await session.scalars(select(QuarantineRow).where(*place)):
                if self._content(known) == content:
                    known.reason, known.at = reason, now
                    return
            sealed = self._keyring.seal(content.encode())
            session.add(QuarantineRow(district=district, source=source, row=row, reason=reason, sealed=sealed, at=now))

    async def rows(self, district: str) -> list[BadRow]:
        """The district's bad rows, in the order they came."""
        wanted = select(QuarantineRow).where(QuarantineRow.district == district).order_by(QuarantineRow.id)
        async with self._database.read() as session:
            return [BadRow(row.row, row.reason, self._content(row)) for row in await session.scalars(wanted)]

    async def forget_before(self, moment: datetime) -> int:
        """Delete the rows that were put away before; answers how many."""
        async with self._database.write() as session:
            gone = delete(QuarantineRow).where(QuarantineRow.at < moment).returning(QuarantineRow.id)
            return len(list(await session.scalars(gone)))

    def _content(self, row: QuarantineRow) -> str:
        return self._keyring.open_sealed(row.sealed).decode()
