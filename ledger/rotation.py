"""Rotation of the master key: a new one is written, everything sealed is sealed anew, then the old ones are dropped.

Other processes go on meanwhile: a keyring follows its file, and opens what any of the keys has sealed. A crash at any
moment leaves what can be opened; the same command run again finishes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.database import BUSY_SECONDS, Database
from ledger.errors import KeyFileUnusable, RetryHelps
from ledger.key_check import IN_USE, SEALED
from ledger.links import CITIZEN_LIFE
from ledger.secrets import Keyring, fingerprint
from ledger.tables import Base, MarkRow

BATCH = 500
SETTLING = timedelta(seconds=2 * BUSY_SECONDS)
"""Whoever sealed with an old key just before the rotation has written it by then, or never will."""


class RotatedJustNow(RetryHelps):
    """The keys were rotated a moment ago: what was sealed just before may not be written yet."""

    def __init__(self, wait: timedelta) -> None:
        seconds = wait.total_seconds()
        super().__init__(f"the keys were rotated a moment ago: run this again in {seconds:.0f} s")


@dataclass(frozen=True, slots=True)
class Rotated:
    """By fingerprint, the key in use now and the old ones that are kept; how many things were sealed anew."""

    newest: str
    kept: tuple[str, ...]
    resealed: int


@dataclass(frozen=True, slots=True)
class Retired:
    """The old keys, by fingerprint: those that were dropped, and those kept until when for the links signed by them."""

    dropped: tuple[str, ...]
    kept: dict[str, datetime]
    resealed: int


class Rotation:
    """Changes the key file and what is sealed by its keys."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring

    async def rotate(self) -> Rotated:
        """A new key in front, and everything sealed by it. One that was broken off is finished first and alone."""
        now = await self._database.now()
        async with self._database.write() as session:
            mark = await _in_use(session)
            masters = self._keyring.masters
            if mark.value == fingerprint(masters[0]):
                await session.merge(MarkRow(name=_replaced(masters[0]), value=mark.value, at=now))
                self._keyring.replace(Fernet.generate_key(), *masters)
        resealed = await self._reseal()
        newest, *old = self._keyring.fingerprints()
        return Rotated(newest, tuple(old), resealed)

    async def retire(self, *, links_too: bool = False) -> Retired:
        """Drop the old keys by which nothing is sealed. While links may be about that were signed by one it is kept,
        unless `links_too`: they stop working then. Raises `RotatedJustNow`.
        """
        now = await self._database.now()
        replaced = await self._replaced_at(now)
        youngest = max(replaced.values(), default=now - SETTLING)
        if now - youngest < SETTLING:
            raise RotatedJustNow(youngest + SETTLING - now)
        resealed = await self._reseal()
        ends = {master: at + CITIZEN_LIFE for master, at in replaced.items()}
        dropped = {master for master, end in ends.items() if links_too or end <= now}
        if dropped:
            async with self._database.write() as session:
                await _in_use(session)
                self._keyring.replace(*(master for master in self._keyring.masters if master not in dropped))
                await session.execute(delete(MarkRow).where(MarkRow.name.in_(map(_replaced, dropped))))
        kept = {fingerprint(master): end for master, end in ends.items() if master not in dropped}
        return Retired(tuple(sorted(map(fingerprint, dropped))), kept, resealed)

    async def _replaced_at(self, now: datetime) -> dict[bytes, datetime]:
        """When each old key was replaced: now, of one that was put into the file by hand."""
        found = {}
        async with self._database.write() as session:
            for master in self._keyring.masters[1:]:
                mark = await session.get(MarkRow, _replaced(master))
                if mark is None:
                    mark = MarkRow(name=_replaced(master), value=fingerprint(master), at=now)
                    session.add(mark)
                found[master] = mark.at
        return found

    async def _reseal(self) -> int:
        """Seal by the newest key whatever is not; answers how many. Batch by batch, so that nobody waits long."""
        count = sum([await self._reseal_table(table, columns) for table, columns in SEALED])
        newest = self._keyring.fingerprints()[0]
        async with self._database.write() as session:
            (await _in_use(session)).value = newest
        return count

    async def _reseal_table(self, table: type[Base], columns: tuple[str, ...]) -> int:
        key = table.__mapper__.primary_key
        wanted, last, count = select(table).order_by(*key).limit(BATCH).with_for_update(), None, 0
        while True:
            after = wanted.where(tuple_(*key) > tuple_(*last)) if last is not None else wanted
            async with self._database.write() as session:
                rows = list(await session.scalars(after))
                count += sum(self._reseal_row(row, columns) for row in rows)
            if len(rows) < BATCH:
                return count
            last = table.__mapper__.primary_key_from_instance(rows[-1])

    def _reseal_row(self, row: Base, columns: tuple[str, ...]) -> int:
        count = 0
        for column in columns:
            sealed: Any = getattr(row, column)
            try:
                anew = self._keyring.resealed(sealed) if sealed is not None else None
            except InvalidToken:
                raise KeyFileUnusable(
                    f"something in the table {row.__tablename__} was sealed by a key that is not in"
                    f" {self._keyring.path}: put that key back as a line of its own, and run this again"
                ) from None
            if anew is not None:
                setattr(row, column, anew)
                count += 1
        return count


async def _in_use(session: AsyncSession) -> MarkRow:
    """The mark of the key in use, locked: keys are changed by one at a time."""
    mark = await session.get(MarkRow, IN_USE, with_for_update=True)
    if mark is None:
        raise KeyFileUnusable("this ledger has not taken a key yet: open it once, as by huiyin verify")
    return mark


def _replaced(master: bytes) -> str:
    return f"key.replaced.{fingerprint(master)}"
