"""Quarantine: rows of an import that could not become cases, sealed, with their reasons, so that nothing is lost."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from ledger.database import Database
from ledger.secrets import Keyring
from ledger.tables import QuarantineRow

SEALED_LATER = defer(QuarantineRow.sealed)
"""A row may hold a megabyte that nobody asks for."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row as it was read, with its reason. `content` is the row's cells as JSON."""

    row: int
    reason: str
    content: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A row in quarantine without its words. `kinds` are its faults; `case_no` is what it became when released."""

    id: int
    district: str
    source: str
    row: int
    reason: str
    kinds: tuple[str, ...]
    at: datetime
    batch: str | None
    case_no: str | None


class Quarantine:
    """Puts rows away and shows them."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring

    async def put(self, district: str, source: str, row: int, reason: str, content: str) -> None:
        """Keep a row; the same row of the same source is kept once, with its latest reason."""
        now = await self._database.now()
        async with self._database.write() as session:
            place = Kept(0, district, source, row, reason, (), now, None, None)
            await self.keep(session, [(place, content)], ())

    async def keep(self, session: AsyncSession, bad: Sequence[tuple[Kept, str]], keys: Collection[str]) -> None:
        """Keep rows of one source with their contents, inside the caller's transaction; what is there gets the latest
        reason. `keys`: all that the rows' batch is known by. What was released stays released.
        """
        if not bad:
            return
        known = await self._known(session, [place for place, _ in bad], keys)
        for place, content in bad:
            row = await self._same(session, known.get(place.row, ()), keys, content)
            if row is None:
                row = QuarantineRow(district=place.district, row=place.row, sealed=self._sealed(content))
                session.add(row)
            row.source, row.reason, row.kinds, row.at = place.source, place.reason, " ".join(place.kinds), place.at
            row.batch = place.batch or row.batch

    async def _known(
        self, session: AsyncSession, places: Sequence[Kept], keys: Collection[str]
    ) -> dict[int, list[QuarantineRow]]:
        first, numbers = places[0], [place.row for place in places]
        here = and_(QuarantineRow.district == first.district, QuarantineRow.source == first.source)
        wanted = select(QuarantineRow).where(or_(QuarantineRow.batch.in_(keys), here), QuarantineRow.row.in_(numbers))
        found: dict[int, list[QuarantineRow]] = {}
        for row in await session.scalars(wanted.options(SEALED_LATER).order_by(QuarantineRow.id)):
            found.setdefault(row.row, []).append(row)
        return found

    async def _same(
        self, session: AsyncSession, rows: Sequence[QuarantineRow], keys: Collection[str], content: str
    ) -> QuarantineRow | None:
        for row in rows:
            if row.batch in keys:
                return row
            sealed = await session.scalar(select(QuarantineRow.sealed).where(QuarantineRow.id == row.id))
            if sealed is not None and self._keyring.open_sealed(sealed).decode() == content:
                return row
        return None

    async def rows(self, district: str) -> list[BadRow]:
        """The district's bad rows, in the order they came."""
        wanted = select(QuarantineRow).where(QuarantineRow.district == district, QuarantineRow.case_no.is_(None))
        async with self._database.read() as session:
            found = await session.scalars(wanted.order_by(QuarantineRow.id))
            return [BadRow(row.row, row.reason, self._content(row)) for row in found]

    async def of_district(self, district: str, source: str | None = None) -> list[Kept]:
        """What waits for somebody, in the order it came; of one source alone, where it is named."""
        wanted = select(QuarantineRow).where(QuarantineRow.district == district, QuarantineRow.case_no.is_(None))
        if source is not None:
            wanted = wanted.where(QuarantineRow.source == source)
        async with self._database.read() as session:
            rows = await session.scalars(wanted.options(SEALED_LATER).order_by(QuarantineRow.id))
            return [_kept(row) for row in rows]

    async def of_batch(self, keys: Collection[str], until: int) -> list[Kept]:
        """A batch's bad rows as far as row `until`, in order."""
        wanted = select(QuarantineRow).where(QuarantineRow.batch.in_(keys), QuarantineRow.case_no.is_(None))
        async with self._database.read() as session:
            wanted = wanted.options(SEALED_LATER).where(QuarantineRow.row <= until)
            rows = await session.scalars(wanted.order_by(QuarantineRow.row))
            return [_kept(row) for row in rows]

    async def one(self, number: int) -> tuple[Kept, str] | None:
        """A row and its content."""
        async with self._database.read() as session:
            row = await session.get(QuarantineRow, number)
            return (_kept(row), self._content(row)) if row is not None else None

    async def released(self, number: int, case_no: str) -> None:
        """The row has become this case: it is no longer shown, and its content is no longer needed."""
        async with self._database.write() as session:
            row = await session.get(QuarantineRow, number)
            if row is not None:
                row.case_no, row.sealed = case_no, self._sealed("{}")

    async def forget_before(self, moment: datetime) -> int:
        """Delete the rows that were put away before; answers how many."""
        async with self._database.write() as session:
            gone = delete(QuarantineRow).where(QuarantineRow.at < moment).returning(QuarantineRow.id)
            return len(list(await session.scalars(gone)))

    def _sealed(self, content: str) -> bytes:
        return self._keyring.seal(content.encode(errors="backslashreplace"))  # half a character, as JSON writes it

    def _content(self, row: QuarantineRow) -> str:
        return self._keyring.open_sealed(row.sealed).decode()


def _kept(row: QuarantineRow) -> Kept:
    kinds = tuple(row.kinds.split())
    return Kept(row.id, row.district, row.source, row.row, row.reason, kinds, row.at, row.batch, row.case_no)
