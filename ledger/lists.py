"""Lists of cases for desks, checks and metrics, read from the cases' rows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from ledger.database import Database
from ledger.tables import CaseRow


@dataclass(frozen=True, slots=True)
class Query:
    """Which cases: every given field must fit (`units`: any of them)."""

    district: str | None = None
    state: str | None = None
    unit: str | None = None
    units: Collection[str] | None = None
    due_before: datetime | None = None
    open_only: bool = False
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
            wanted = wanted.where(CaseRow.unit.in_(query.units))
        if query.due_before is not None:
            wanted = wanted.where(CaseRow.next_due_at < query.due_before)
        if query.open_only:
            wanted = wanted.where(CaseRow.state != "closed")
        async with self._database.read() as session:
            return list(await session.scalars(wanted))

    async def open_among(self, case_nos: Sequence[str]) -> list[CaseRow]:
        """The open cases among these numbers."""
        wanted = select(CaseRow).where(CaseRow.case_no.in_(case_nos), CaseRow.state != "closed")
        async with self._database.read() as session:
            return list(await session.scalars(wanted))

    async def by_state(self) -> Mapping[tuple[str, str], int]:
        """How many cases each district has in each state."""
        count = select(CaseRow.district, CaseRow.state, func.count()).group_by(CaseRow.district, CaseRow.state)
        async with self._database.read() as session:
            found: list[Any] = list(await session.execute(count))
        return {(district, state): n for district, state, n in found}
