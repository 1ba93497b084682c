"""Children: the parts of a case and its ownerships, each with a run of its own, which the case's run makes."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, case, func, literal, or_, select, update

from ledger.alarms import WAKING
from ledger.database import Database
from ledger.errors import NoSuchChild
from ledger.tables import ChildRow

UNBORN = (ChildRow.flow_run_id.is_(None), ChildRow.alarm_at.is_not(None))
"""There is something to look at and no run that could: one that has ended may still owe a message."""


class Children:
    """Reads the rows that `Cases.record` keeps, and remembers their runs. In the order in which they came about."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, case_no: str) -> Sequence[ChildRow]:
        """All children of the case, those at their end too."""
        return await self.of_cases([case_no], over=True)

    async def of_cases(self, case_nos: Collection[str], *, over: bool = False) -> Sequence[ChildRow]:
        """The children of these cases that are not at their end, or whose alarm is set; with `over` all."""
        wanted = () if over else (or_(ChildRow.ended_at.is_(None), ChildRow.alarm_at.is_not(None)),)
        return await self._read(ChildRow.case_no.in_(case_nos), *wanted)

    async def unborn(self, case_no: str) -> Sequence[ChildRow]:
        """Those whose run has yet to be made, for the first time or because it was lost."""
        return await self._read(ChildRow.case_no == case_no, *UNBORN)

    async def row(self, child_id: str) -> ChildRow:
        """One of them. Raises `NoSuchChild`."""
        async with self._database.read() as session:
            row = await session.get(ChildRow, child_id)
            if row is None:
                raise NoSuchChild(child_id)
            return row

    async def born(self, child_id: str, flow_run_id: str, task_run_id: str, generation: int) -> None:
        """Remember the run that was made for it, and the step under which it is shown, unless that run was lost since.

        The run is on its way: it is not woken as well, if it has not been at work already.
        """
        now = await self._database.now()
        mine = update(ChildRow).where(ChildRow.child_id == child_id, ChildRow.generation == generation)
        coming = (ChildRow.alarm_at <= now) & or_(ChildRow.lease_until.is_(None), ChildRow.lease_until <= now)
        woken = literal(now + WAKING, ChildRow.waking_until.type)
        values: dict[str, Any] = {
            "flow_run_id": flow_run_id,
            "task_run_id": task_run_id,
            "waking_until": case((coming, woken), else_=ChildRow.waking_until),
        }
        async with self._database.write() as session:
            await session.execute(mine.values(**values))

    async def _read(self, *wanted: ColumnElement[bool]) -> Sequence[ChildRow]:
        chosen = select(ChildRow).where(*wanted)
        in_order = chosen.order_by(ChildRow.case_no, ChildRow.opened_at, func.length(ChildRow.strand), ChildRow.strand)
        async with self._database.read() as session:
            return (await session.scalars(in_order)).all()
