"""The alarm: which cases, or which of their children, are due to be looked at, and who may wake them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, literal, or_, select, update

from casework.states import State
from ledger.calling import call_all
from ledger.database import Database
from ledger.tables import CaseRow, ChildRow

WAKING = timedelta(seconds=20)
GIVEN = (State.AWAITING_ACK, State.AWAITING_REPORT_IN, State.AWAITING_ACCEPTANCE)
"""Whoever is given work here has not been seen to know of it."""


@dataclass(frozen=True, slots=True)
class Ringing:
    """A case, or one of its children, whose alarm has rung. `key`: by what it is won and claimed, the case's number or
    the child's id. `strand`: which of the case's strands rings, empty for its own.

    `again`: it was woken for this before, and no run has claimed it since.
    """

    case_no: str
    key: str
    strand: str
    district: str
    grade: str
    generation: int
    flow_run_id: str | None
    alarm_at: datetime
    again: bool


class Alarms:
    """Reads by index; a wake is won by one conditional update. `key` is a case's number or a child's id.

    A child without a run does not ring: its case's run, which rings then, makes it.
    """

    def __init__(self, database: Database, row: type[CaseRow] | type[ChildRow] = CaseRow) -> None:
        self._database, self._row = database, row

    async def ringing(self, limit: int, but: Collection[str] = (), again: bool | None = None) -> list[Ringing]:
        """What is due and nobody holds or wakes: what no unit knows of yet first, then by grade, by time and by key.

        What is of the districts `but` is left out. `again`: only what was woken before in vain, by grade first (the
        runs of one grade may stand in a queue that is paused), or only what was not.
        """
        row, now = self._row, await self._database.now()
        in_vain = row.waking_until.is_not(None)
        first = case((row.state == State.RECEIVED, 0), (row.state.in_(GIVEN), 1), else_=2)
        strand = row.strand if row is ChildRow else literal("")
        due = (
            select(
                row.case_no,
                row.key,
                strand,
                row.district,
                row.grade,
                row.generation,
                row.flow_run_id,
                row.alarm_at,
                in_vain,
            )
            .where(row.alarm_at <= now, row.district.not_in(but), *self._free(now))
            .order_by(*((row.grade, first) if again else (first, row.grade)), row.alarm_at, row.key)
            .limit(limit)
        )
        if again is not None:
            due = due.where(in_vain if again else ~in_vain)
        async with self._database.read() as session:
            return [Ringing(*found) for found in await session.execute(due)]

    async def win(self, key: str) -> bool:
        """Whether the caller may wake it now; the right expires in seconds."""
        row, now = self._row, await self._database.now()
        mine = (
            update(row)
            .where(row.key == key, row.alarm_at <= now, *self._free(now))
            .values(waking_until=now + WAKING)
            .returning(row.case_no)
        )
        async with self._database.write() as session:
            return (await session.execute(mine)).scalar_one_or_none() is not None

    async def let_go(self, key: str) -> None:
        """The wake that was won did not come about: it may be tried again at once."""
        row, now = self._row, await self._database.now()
        mine = update(row).where(row.key == key, row.waking_until > now)
        async with self._database.write() as session:
            await session.execute(mine.values(waking_until=None))

    async def waking(self) -> int:
        """How many have been woken and not yet been claimed."""
        row, now = self._row, await self._database.now()
        count = select(func.count()).select_from(row).where(row.waking_until > now)
        async with self._database.read() as session:
            return (await session.scalar(count)) or 0

    async def ran(self, key: str, flow_run_id: str, generation: int) -> None:
        """Remember which run carries it."""
        change = {"flow_run_id": flow_run_id, "generation": generation}
        async with self._database.write() as session:
            await session.execute(update(self._row).where(self._row.key == key).values(**change))

    async def lost(self, key: str, flow_run_id: str) -> None:
        """The run that carried it can do so no more: ring for another one, unless another one has it already.

        Of a child its case rings, whose run makes another one.
        """
        row, now = self._row, await self._database.now()
        mine = update(row).where(row.key == key, row.flow_run_id == flow_run_id)
        another = {"flow_run_id": None, "generation": row.generation + 1, "alarm_at": now, "calls": row.calls + 1}
        async with self._database.write() as session:
            case_no = await session.scalar(mine.values(**another).returning(row.case_no))
            if row is ChildRow and case_no is not None:
                await call_all(session, CaseRow, [case_no], now)

    async def ring(self, *keys: str) -> None:
        """Set these alarms to now: they ring on until a run that is claimed later has looked."""
        now = await self._database.now()
        async with self._database.write() as session:
            await call_all(session, self._row, keys, now)

    async def lag(self) -> float:
        """Seconds since the oldest alarm that nobody has answered; 0 when none waits."""
        row, now = self._row, await self._database.now()
        oldest = select(func.min(row.alarm_at)).where(row.alarm_at <= now, *self._free(now))
        async with self._database.read() as session:
            at = await session.scalar(oldest)
            return max((now - at).total_seconds(), 0.0) if at else 0.0

    def _free(self, now: datetime) -> tuple[ColumnElement[bool], ...]:
        """Held and woken by nobody; of a child, with a run that could be woken."""
        row = self._row
        has_run = (row.flow_run_id.is_not(None),) if row is ChildRow else ()
        return (
            or_(row.lease_until.is_(None), row.lease_until <= now),
            or_(row.waking_until.is_(None), row.waking_until <= now),
            *has_run,
        )
