"""Claims: one run at a time may act on a case; each claim raises the epoch that its writes must name."""

from datetime import datetime, timedelta

from sqlalchemy import case, literal, or_, update

from ledger.database import Database
from ledger.errors import ClaimLost
from ledger.tables import CaseRow

LEASE = timedelta(seconds=60)


class Claims:
    """Conditional updates of the case's row; the database decides who wins."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, case_no: str) -> int | None:
        """The new epoch, or None when another run holds the case."""
        now = await self._database.now()
        free = or_(CaseRow.lease_until.is_(None), CaseRow.lease_until <= now)
        won = (
            update(CaseRow)
            .where(CaseRow.case_no == case_no, free)
            .values(lease_epoch=CaseRow.lease_epoch + 1, lease_until=now + LEASE, waking_until=None)
            .returning(CaseRow.lease_epoch)
        )
        async with self._database.write() as session:
            epoch: int | None = (await session.execute(won)).scalar_one_or_none()
            return epoch

    async def renew(self, case_no: str, epoch: int) -> None:
        """Hold on for another lease. Raises `ClaimLost`."""
        now = await self._database.now()
        await self._change(case_no, epoch, {"lease_until": now + LEASE})

    async def release(self, case_no: str, epoch: int, seen: int, alarm_at: datetime | None) -> None:
        """Let go, the alarm set; if something came in after `seen`, its own alarm stays. Raises `ClaimLost`."""
        alarm = case((CaseRow.seq == seen, literal(alarm_at, CaseRow.alarm_at.type)), else_=CaseRow.alarm_at)
        await self._change(case_no, epoch, {"lease_until": None, "alarm_at": alarm, "failures": 0})

    async def fail(self, case_no: str, epoch: int, alarm_at: datetime) -> None:
        """Let go after an error, to be tried again at `alarm_at`. Raises `ClaimLost`."""
        await self._change(
            case_no, epoch, {"lease_until": None, "alarm_at": alarm_at, "failures": CaseRow.failures + 1}
        )

    async def _change(self, case_no: str, epoch: int, values: dict[str, object]) -> None:
        change = update(CaseRow).where(CaseRow.case_no == case_no, CaseRow.lease_epoch == epoch).values(**values)
        async with self._database.write() as session:
            done = await session.execute(change.returning(CaseRow.case_no))
            if done.scalar_one_or_none() is None:
                raise ClaimLost(case_no)
