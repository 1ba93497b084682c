"""What the ledger says of it all: how far every case is, what was sent to units, which acts of theirs it holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from casework.owing import Door
from ledger.database import Database
from ledger.tables import CaseRow, DeliveryRow, InboxRow


@dataclass(frozen=True, slots=True)
class Record:
    """States by case number; how many cases somebody must still look at; state by key of each message to a unit."""

    states: Mapping[str, str]
    restless: int
    messages: Mapping[str, str]
    inbox: frozenset[str]

    @property
    def closed(self) -> int:
        return sum(state == "closed" for state in self.states.values())

    @property
    def at_rest(self) -> bool:
        """Whether all that there is has been closed, and everybody has been told."""
        return self.closed == len(self.states) and not self.restless


async def read_record(database: Database) -> Record:
    async with database.read() as session:
        cases = list(await session.execute(select(CaseRow.case_no, CaseRow.state, CaseRow.alarm_at)))
        to_units = select(DeliveryRow.key, DeliveryRow.state).where(DeliveryRow.door == Door.UNIT)
        return Record(
            states={case_no: state for case_no, state, _ in cases},
            restless=sum(alarm_at is not None for _, _, alarm_at in cases),
            messages=dict((await session.execute(to_units)).tuples().all()),
            inbox=frozenset(await session.scalars(select(InboxRow.delivery_id))),
        )
