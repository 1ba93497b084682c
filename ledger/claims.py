"""Claims: one run at a time may act on what it carries; each claim raises the epoch that its writes must name."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, literal, or_, select, update

from ledger.counters import next_value
from ledger.database import Database
from ledger.errors import ClaimLost
from ledger.tables import CaseRow, ChildRow, CounterRow

LEASE = timedelta(seconds=60)
REFUSED, LOST = "claims.refused", "claims.lost"


class Claims:
    """Conditional updates of a case's row, or of a child's; the database decides who wins.

    `key` is the case's number or the child's id.
    """

    def __init__(self, database: Database, row: type[CaseRow] | type[ChildRow] = CaseRow) -> None:
        self._database, self._row = database, row

    async def claim(self, key: str) -> int | None:
        """The new epoch, or None when another run holds it."""
        row, now = self._row, await self._database.now()
        free = or_(row.lease_until.is_(None), row.lease_until <= now)
        won = (
            update(row)
            .where(row.key == key, free)
            .values(lease_epoch=row.lease_epoch + 1, lease_until=now + LEASE, waking_until=None)
            .returning(row.lease_epoch)
        )
        async with self._database.write() as session:
            epoch: int | None = (await session.execute(won)).scalar_one_or_none()
            if epoch is None:
                await next_value(session, REFUSED)
            return epoch

    async def lost(self) -> None:
        """A run has found that its claim had passed to another one: counted, so that operators see how often."""
        async with self._database.write() as session:
            await next_value(session, LOST)

    async def absorbed(self) -> Mapping[str, int]:
        """Double executions that came to nothing, of cases and children: runs that found what they carry claimed, and
        runs whose claim passed on.
        """
        counted = select(CounterRow.name, CounterRow.value).where(CounterRow.name.in_((REFUSED, LOST)))
        async with self._database.read() as session:
            found = {row.name: row.value for row in await session.execute(counted)}
        return {"refused": found.get(REFUSED, 0), "lost": found.get(LOST, 0)}

    async def renew(self, key: str, epoch: int) -> None:
        """Hold on for another lease. Raises `ClaimLost`."""
        now = await self._database.now()
        await self._change(key, epoch, {"lease_until": now + LEASE})

    async def release(self, key: str, epoch: int, calls: int, alarm_at: datetime | None) -> None:
        """Let go, the alarm set; one that was set from outside since `calls` was read stays. Raises `ClaimLost`."""
        await self._change(
            key, epoch, {"lease_until": None, "alarm_at": self._unless_called(calls, alarm_at), "failures": 0}
        )

    async def fail(self, key: str, epoch: int, calls: int, alarm_at: datetime, *, counted: bool = True) -> None:
        """Let go after an error, to be tried again at `alarm_at`, or at once if called since. Raises `ClaimLost`.

        `counted`: whether it is one of the failures in a row that end in quarantine.
        """
        failures = self._row.failures + int(counted)
        await self._change(
            key, epoch, {"lease_until": None, "alarm_at": self._unless_called(calls, alarm_at), "failures": failures}
        )

    async def _change(self, key: str, epoch: int, values: dict[str, object]) -> None:
        row = self._row
        change = update(row).where(row.key == key, row.lease_epoch == epoch).values(**values)
        async with self._database.write() as session:
            done = await session.execute(change.returning(row.lease_epoch))
            if done.scalar_one_or_none() is None:
                raise ClaimLost(key)

    def _unless_called(self, calls: int, alarm_at: datetime | None) -> ColumnElement[datetime | None]:
        row = self._row
        return case((row.calls == calls, literal(alarm_at, row.alarm_at.type)), else_=row.alarm_at)
