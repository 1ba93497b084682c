"""The alarm: which cases are due to be looked at, and who may wake them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update

from ledger.database import Database
from ledger.tables import CaseRow

WAKING = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Ringing:
    """A case whose alarm has rung. `again`: it was woken for this before, and no run has claimed it since."""

    case_no: str
    district: str
    grade: str
    generation: int
    flow_run_id: str | None
    alarm_at: datetime
    again: bool


class Alarms:
    """Reads by index; a wake is won by one conditional update."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def ringing(self, limit: int, but: Collection[str] = ()) -> list[Ringing]:
        """Due cases that nobody holds or wakes: those still without a unit first, then by grade, then by time.

        Cases of the districts `but` are left out.
        """
        now = await self._database.now()
        first = case((CaseRow.state == "received", 0), (CaseRow.state == "awaiting_ack", 1), else_=2)
        due = (
            select(
                CaseRow.case_no,
                CaseRow.district,
                CaseRow.grade,
                CaseRow.generation,
                CaseRow.flow_run_id,
                CaseRow.alarm_at,
                CaseRow.waking_until.is_not(None),
            )
            .where(CaseRow.alarm_at <= now, CaseRow.district.not_in(but), *_free(now))
            .order_by(first, CaseRow.grade, CaseRow.alarm_at)
            .limit(limit)
        )
        async with self._database.read() as session:
            return [Ringing(*row) for row in await session.execute(due)]

    async def win(self, case_no: str) -> bool:
        """Whether the caller may wake this case now; the right expires in seconds."""
        now = await self._database.now()
        mine = (
            update(CaseRow)
            .where(CaseRow.case_no == case_no, CaseRow.alarm_at <= now, *_free(now))
            .values(waking_until=now + WAKING)
            .returning(CaseRow.case_no)
        )
        async with self._database.write() as session:
            return (await session.execute(mine)).scalar_one_or_none() is not None

    async def let_go(self, case_no: str) -> None:
        """The wake that was won did not succeed: it may be tried again at once."""
        now = await self._database.now()
        mine = update(CaseRow).where(CaseRow.case_no == case_no, CaseRow.waking_until > now)
        async with self._database.write() as session:
            await session.execute(mine.values(waking_until=now))

    async def waking(self) -> int:
        """How many cases have been woken and not yet been claimed."""
        now = await self._database.now()
        count = select(func.count()).select_from(CaseRow).where(CaseRow.waking_until > now)
        async with self._database.read() as session:
            return (await session.scalar(count)) or 0

    async def ran(self, case_no: str, flow_run_id: str, generation: int) -> None:
        """Remember which run carries the case."""
        change = {"flow_run_id": flow_run_id, "generation": generation}
        async with self._database.write() as session:
            await session.execute(update(CaseRow).where(CaseRow.case_no == case_no).values(**change))

    async def ring(self, *case_nos: str) -> None:
        """Set these cases' alarm to now."""
        now = await self._database.now()
        async with self._database.write() as session:
            await session.execute(update(CaseRow).where(CaseRow.case_no.in_(case_nos)).values(alarm_at=now))

    async def lag(self) -> float:
        """Seconds since the oldest alarm that nobody has answered; 0 when none waits."""
        now = await self._database.now()
        oldest = select(func.min(CaseRow.alarm_at)).where(and_(CaseRow.alarm_at <= now, *_free(now)))
        async with self._database.read() as session:
            at = await session.scalar(oldest)
            return max((now - at).total_seconds(), 0.0) if at else 0.0


def _free(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        or_(CaseRow.lease_until.is_(None), CaseRow.lease_until <= now),
        or_(CaseRow.waking_until.is_(None), CaseRow.waking_until <= now),
    )
