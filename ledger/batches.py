"""Imports: rows settled many at a time, each time with a note of how far the file has come, in one transaction.

So a crash leaves either both or neither, and the same command goes on where the last one ended.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from tenacity import retry, retry_if_exception_type, stop_after_attempt

from ledger.database import Database
from ledger.errors import RetryHelps
from ledger.policies import Policies
from ledger.quarantine import Kept, Quarantine
from ledger.receiving import NewRequest, known_cases, open_cases
from ledger.tables import BatchRow, QuarantineRow
from ledger.vault import Vault

TRIES = 3
COUNTS = ("done", "read", "accepted", "repeated", "quarantined")


class BatchTaken(RetryHelps):
    """Another process imports the same file at this moment."""


@dataclass(frozen=True, slots=True)
class Import:
    """What is imported: `identity` says which file, how it is read and where it goes, whatever it is called."""

    district: str
    channel: str
    source: str
    columns: str
    identity: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How far an import has come. `key` is its own, `keys` are all that it may be known by (one a master key).

    `resumed_after` is the row after which it had been broken off.
    """

    key: str
    keys: tuple[str, ...]
    what: Import
    done: int = 0
    read: int = 0
    accepted: int = 0
    repeated: int = 0
    quarantined: int = 0
    resumed_after: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """A row that has been judged: the request it makes, or what is wrong with it.

    `names` are the numbers by which the channel knows the row, the one it gets first; `kinds` and `reason` its faults;
    `content` its cells as JSON, to be kept if it is bad.
    """

    row: int
    names: tuple[str, ...]
    request: NewRequest | None = None
    kinds: tuple[str, ...] = ()
    reason: str = ""
    content: str = field(default="", repr=False)


# What another process wrote at the same moment is there when it is looked up again.
_once_more = retry(retry=retry_if_exception_type(IntegrityError), stop=stop_after_attempt(TRIES), reraise=True)


class Batches:
    """The register of imports."""

    def __init__(self, database: Database, vault: Vault, policies: Policies, quarantine: Quarantine) -> None:
        self._database, self._vault, self._policies, self._quarantine = database, vault, policies, quarantine

    @_once_more
    async def take_up(self, what: Import) -> Standing:
        """Where the import stands: at its beginning, unless it was broken off."""
        keys = tuple(self._vault.blinded(f"{what.district}\x1f{what.channel}\x1f{what.columns}\x1f{what.identity}"))
        now = await self._database.now()
        async with self._database.write() as session:
            row = await session.scalar(select(BatchRow).where(BatchRow.key.in_(keys)).with_for_update())
            if row is None:
                row = BatchRow(key=keys[0], district=what.district, channel=what.channel, finished_at=now)
                session.add(row)
            row.source, row.columns, row.updated_at = what.source, what.columns, now
            if row.finished_at is None:
                counts = {name: getattr(row, name) for name in COUNTS}
                return Standing(row.key, keys, what, **counts, resumed_after=row.done)
            row.started_at, row.finished_at = now, None
            row.done = row.read = row.accepted = row.repeated = row.quarantined = 0
            return Standing(row.key, keys, what)

    async def of(self, key: str) -> Import | None:
        """What was imported under this key; its file's identity is not kept."""
        async with self._database.read() as session:
            row = await session.get(BatchRow, key)
            return Import(row.district, row.channel, row.source, row.columns, "") if row is not None else None

    @_once_more
    async def settle(self, standing: Standing, rows: Sequence[Settled]) -> tuple[Standing, list[str]]:
        """Open the cases of the good rows that have none, keep the bad ones; answers the numbers of the new cases.

        `rows` follow upon `standing.done`, in order. Raises `BatchTaken`.
        """
        now = await self._database.now()
        async with self._database.write() as session:
            await self._hold(session, standing)
            fresh, bad = _apart(rows, await self._opened_before(session, standing, rows))
            case_nos = await open_cases(session, self._vault, self._policies, fresh, now)
            kept = [(_kept(standing, row, now), row.content) for row in bad]
            await self._quarantine.keep(session, kept, standing.keys)
            await self._let_go(session, standing, rows, {row.row for row in bad})
            after = replace(
                standing,
                done=rows[-1].row,
                read=standing.read + len(rows),
                accepted=standing.accepted + len(fresh),
                repeated=standing.repeated + len(rows) - len(fresh) - len(bad),
                quarantined=standing.quarantined + len(bad),
            )
            counts = {name: getattr(after, name) for name in COUNTS}
            await session.execute(update(BatchRow).where(_of(standing)).values(**counts, updated_at=now))
        return after, case_nos

    async def finish(self, standing: Standing) -> None:
        """The file has come to its end: the next time it is read from its beginning."""
        now = await self._database.now()
        async with self._database.write() as session:
            await session.execute(update(BatchRow).where(_of(standing)).values(updated_at=now, finished_at=now))

    async def _hold(self, session: AsyncSession, standing: Standing) -> None:
        """The batch's row, locked, where this process left it."""
        done = await session.scalar(select(BatchRow.done).where(_of(standing)).with_for_update())
        if done != standing.done:
            raise BatchTaken("another process imports the same file: let it end, then run this again")

    async def _opened_before(
        self, session: AsyncSession, standing: Standing, rows: Sequence[Settled]
    ) -> frozenset[int]:
        """The rows that are cases already: known by one of their numbers, or released from quarantine."""
        names = [name for row in rows for name in row.names]
        what = standing.what
        known = await known_cases(session, self._vault, what.district, what.channel, names)
        released = await session.scalars(
            select(QuarantineRow.row).where(*_among(standing, rows), QuarantineRow.case_no.is_not(None))
        )
        return frozenset(released) | {row.row for row in rows if not known.keys().isdisjoint(row.names)}

    async def _let_go(
        self, session: AsyncSession, standing: Standing, rows: Sequence[Settled], bad: Collection[int]
    ) -> None:
        """What an earlier run of this batch put away and is no longer bad: a rule or the district has changed since."""
        gone = delete(QuarantineRow).where(*_among(standing, rows), QuarantineRow.case_no.is_(None))
        await session.execute(gone.where(QuarantineRow.row.not_in(bad)))


def _apart(rows: Sequence[Settled], opened: Collection[int]) -> tuple[list[NewRequest], list[Settled]]:
    """The requests to open, each number once, and the bad rows."""
    fresh: dict[str, NewRequest] = {}
    bad = []
    for row in rows:
        if row.row in opened:
            continue
        if row.request is None:
            bad.append(row)
        else:
            fresh.setdefault(row.names[0], replace(row.request, external_id=row.names[0]))
    return list(fresh.values()), bad


def _of(standing: Standing) -> ColumnElement[bool]:
    return BatchRow.key == standing.key


def _among(standing: Standing, rows: Sequence[Settled]) -> tuple[ColumnElement[bool], ...]:
    """The batch's rows in quarantine, as far as these rows go."""
    first, last = rows[0].row, rows[-1].row
    return QuarantineRow.batch.in_(standing.keys), QuarantineRow.row.between(first, last)


def _kept(standing: Standing, row: Settled, at: datetime) -> Kept:
    what = standing.what
    return Kept(0, what.district, what.source, row.row, row.reason, row.kinds, at, standing.key, None)
