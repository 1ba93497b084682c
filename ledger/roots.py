"""The daily root: one hash over the heads of all chains that grew since the root before, which it covers too.

It is kept in the ledger and written to a file: whoever rewrites a case's whole chain, or takes a case away, must also
change the file, and every copy of it.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.working_time import SHANGHAI
from ledger import root_file
from ledger.chain import GENESIS
from ledger.database import Database
from ledger.root_file import Head, Line
from ledger.tables import EventRow, RootRow

LAG = timedelta(minutes=5)
"""A root ends so long before now: whatever was recorded before has been written, or never will be."""

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Roots:
    """Writes the root of a day once, and reads them all. Without a file they are in the ledger alone."""

    def __init__(self, database: Database, file: Path | None = None) -> None:
        self._database, self.file = database, file

    async def write_due(self) -> RootRow | None:
        """Write today's root if there is none yet; also to the file, with what a crash has kept from it.

        Raises `OSError` when the file cannot be written: the ledger has the root, the next call writes it down.
        """
        until = await self._database.now() - LAG
        made = None
        try:
            async with self._database.write() as session:
                made = await _make(session, until)
        except IntegrityError:  # somebody else has just written it
            pass
        await self._write_down()
        return made

    async def all(self) -> list[RootRow]:
        """In order of time."""
        async with self._database.read() as session:
            return list(await session.scalars(select(RootRow).order_by(RootRow.since)))

    async def restore_file(self) -> int:
        """Write the file anew from what the ledger says now; answers how many lines. Only for a file that was lost."""
        if self.file is None:
            return 0
        rows = await self.all()
        lines = [await self._line(row) for row in rows]
        root_file.rewrite(self.file, lines)
        return len(lines)

    async def _write_down(self) -> None:
        """Append the roots after the file's last. A file that was lost is not quietly made anew."""
        if self.file is None:
            return
        rows = await self.all()
        days = {line.day for line in root_file.read(self.file).lines}
        written = max((n for n, row in enumerate(rows, 1) if row.day in days), default=0)
        if written or len(rows) == 1:
            for row in rows[written:]:
                root_file.append(self.file, await self._line(row))

    async def _line(self, row: RootRow) -> Line:
        async with self._database.read() as session:
            heads = await heads_of(session, row.since, row.until)
        return Line(row.day, row.since, row.until, row.previous, row.root, heads)


async def _make(session: AsyncSession, until: datetime) -> RootRow | None:
    last = await session.scalar(select(RootRow).order_by(RootRow.since.desc()).limit(1))
    day = until.astimezone(SHANGHAI).date().isoformat()
    if last is not None and last.day >= day:
        return None
    since, previous = (last.until, last.root) if last else (BEGINNING, GENESIS)
    heads = await heads_of(session, since, until)
    root = root_over(previous, since, until, heads)
    made = RootRow(day=day, since=since, until=until, cases=len(heads), previous=previous, root=root)
    session.add(made)
    await session.flush()
    return made


async def heads_of(session: AsyncSession, since: datetime, until: datetime) -> list[Head]:
    """The last event, among those recorded in this stretch, of each case that grew in it; by number."""
    last = (
        select(EventRow.case_no, func.max(EventRow.seq).label("seq"))
        .where(EventRow.recorded_at >= since, EventRow.recorded_at < until)
        .group_by(EventRow.case_no)
        .subquery()
    )
    wanted = select(EventRow.case_no, EventRow.seq, EventRow.hash).join(
        last, (EventRow.case_no == last.c.case_no) & (EventRow.seq == last.c.seq)
    )
    return sorted(Head(*row) for row in await session.execute(wanted))


def root_over(previous: str, since: datetime, until: datetime, heads: Iterable[Head]) -> str:
    """SHA-256 over the root before, the stretch of time, and the heads by number."""
    digest = hashlib.sha256()
    times = (at.astimezone(UTC).isoformat(timespec="microseconds") for at in (since, until))
    for part in (previous, *times, *(f"{head.case_no}\x1f{head.seq}\x1f{head.hash}" for head in sorted(heads))):
        digest.update(f"{part}\x1e".encode())
    return digest.hexdigest()
