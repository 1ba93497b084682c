"""Lists of cases for desks, checks and metrics, read from the cases' rows."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from ledger.database import Database
from ledger.tables import CaseRow, ChildRow, EventRow


@dataclass(frozen=True, slots=True)
class Query:
    """Which cases: every given field must fit (`units`: any of them handles it, is called to it, or owns it;
    `suspected`: open, and perhaps of the same matter as another).
    """

    district: str | None = None
    state: str | None = None
    unit: str | None = None
    units: Collection[str] | None = None
    due_before: datetime | None = None
    open_only: bool = False
    suspected: bool = False
    limit: int = 100
    after: str = ""


class Lists:
    """Reads only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def cases(self, query: Query) -> list[CaseRow]:
        """Rows in order of case number, after `after`, at most `limit`."""
        wanted = select(CaseRow).where(CaseRow.case_no > query.after).order_by(CaseRow.case_no).limit(query.limit)
        for column, value in (
            (CaseRow.district, query.district),
            (CaseRow.state, query.state),
            (CaseRow.unit, query.unit),
        ):
            if value is not None:
                wanted = wanted.where(column == value)
        if query.units is not None:
            called = select(ChildRow.case_no).where(ChildRow.unit.in_(query.units), ChildRow.ended_at.is_(None))
            wanted = wanted.where(or_(CaseRow.unit.in_(query.units), CaseRow.case_no.in_(called)))
        if query.due_before is not None:
            wanted = wanted.where(CaseRow.next_due_at < query.due_before)
        if query.open_only:
            wanted = wanted.where(CaseRow.closed_at.is_(None))
        if query.suspected:
            wanted = wanted.where(CaseRow.suspect.is_not(None), CaseRow.closed_at.is_(None))
        async with self._database.read() as session:
            return list(await session.scalars(wanted))

    async def of(self, case_nos: Sequence[str]) -> list[CaseRow]:
        """The cases of these numbers, in the order of the numbers."""
        wanted = select(CaseRow).where(CaseRow.case_no.in_(case_nos)).order_by(CaseRow.case_no)
        async with self._database.read() as session:
            return list(await session.scalars(wanted))

    async def merged_into(self, case_no: str) -> list[str]:
        """The numbers of the open cases that are merged into this one."""
        wanted = select(CaseRow.case_no).where(CaseRow.merged_into == case_no, CaseRow.closed_at.is_(None))
        async with self._database.read() as session:
            return list(await session.scalars(wanted.order_by(CaseRow.case_no)))

    async def recused(self, case_nos: Sequence[str]) -> Mapping[str, frozenset[str]]:
        """The units that each of these cases is about (回避), as it was received."""
        first = select(EventRow.case_no, EventRow.data).where(EventRow.case_no.in_(case_nos), EventRow.seq == 1)
        async with self._database.read() as session:
            found: list[Any] = list(await session.execute(first))
        return {case_no: frozenset(json.loads(data).get("recused", ())) for case_no, data in found}

    async def open_by_policy(self, district: str) -> Mapping[str, int]:
        """How many open cases of a district live under each version of its policy."""
        mine = (CaseRow.district == district, CaseRow.closed_at.is_(None))
        count = select(CaseRow.policy_version, func.count()).where(*mine).group_by(CaseRow.policy_version)
        async with self._database.read() as session:
            found: list[Any] = list(await session.execute(count))
        return dict(found)

    async def by_state(self) -> Mapping[tuple[str, str], int]:
        """How many cases each district has in each state."""
        count = select(CaseRow.district, CaseRow.state, func.count()).group_by(CaseRow.district, CaseRow.state)
        async with self._database.read() as session:
            found: list[Any] = list(await session.execute(count))
        return {(district, state): n for district, state, n in found}

    async def beside(self) -> Mapping[tuple[str, str, str], int]:
        """How many called units' parts and ownerships are open, by district, flow and state."""
        by = (ChildRow.district, ChildRow.flow, ChildRow.state)
        count = select(*by, func.count()).where(ChildRow.ended_at.is_(None)).group_by(*by)
        async with self._database.read() as session:
            found: list[Any] = list(await session.execute(count))
        return {(district, flow, state): n for district, flow, state, n in found}
