"""Corrections: requests whose item a dispatcher has named, by which a district teaches its classifier."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from casework.events import Kind, Role
from ledger.database import Database
from ledger.erasing import ERASED
from ledger.tables import CaseRow, EventRow

NAMING = (Role.DISPATCHER, Role.STREET)
"""Who dispatches, the second level's dispatchers too. A ruling names a unit and no item."""

MOST = 20_000
"""Dispatches looked at, the latest: older ones are of another city."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A request's shown, masked text, the item that was named for it, and when."""

    text: str
    item: str
    at: datetime


class Corrections:
    """Reads only. A case whose people are forgotten has no text any more, and is left out."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, district: str) -> list[Correction]:
        """One a case, by what was named last, in the order in which that was said."""
        by = or_(*(EventRow.actor.startswith(role.value) for role in NAMING))
        wanted = (
            select(EventRow, CaseRow.text)
            .join(CaseRow, CaseRow.case_no == EventRow.case_no)
            .where(CaseRow.district == district, CaseRow.text != ERASED, EventRow.kind == Kind.ASSIGNED.value, by)
            .order_by(EventRow.at.desc(), EventRow.case_no, EventRow.seq.desc())
            .limit(MOST)
        )
        named: dict[str, Correction] = {}
        async with self._database.read() as session:
            for row, text in await session.execute(wanted):
                item = json.loads(row.data).get("item")
                if item is not None:
                    named.setdefault(row.case_no, Correction(text, item, row.at))
        return sorted(named.values(), key=lambda correction: correction.at)
