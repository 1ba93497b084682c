"""A made district on the ledger under test: cases received and handled in one line each."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text

from casework.case import Case
from casework.events import SYSTEM, Act, Actor, Kind, Role
from catalog.policy import Grade, Policy
from ledger.cases import Inbound, NewRequest
from ledger.ledger import Ledger
from ledger.tables import CaseRow, DeliveryRow, EventRow

PLAIN = Policy(calendar="none", quiet_hours=None)
CG = Actor(Role.UNIT, "cg")


@dataclass
class Made:
    """The ledger under test and what tests do to it again and again."""

    ledger: Ledger

    async def receive(self, at: datetime | None = None, **facts: Any) -> str:
        """A new case's number."""
        case_no, new = await self.ledger.cases.receive(request(**facts), at or await self.ledger.now())
        assert new
        return case_no

    async def act(self, case_no: str, kind: Kind, actor: Actor = SYSTEM, **data: Any) -> Case:
        """From outside, now."""
        case, new = await self.ledger.cases.record(case_no, Act(kind, actor, await self.ledger.now(), data))
        assert new
        return case

    async def assigned(self, unit: str = "cg", **facts: Any) -> str:
        """The number of a case that a unit holds."""
        case_no = await self.receive(**facts)
        await self.act(case_no, Kind.ASSIGNED, unit=unit, item="SZ-0101", grade="C")
        return case_no

    async def unit(self, case_no: str, kind: Kind, inbound: Inbound | None = None, **data: Any) -> tuple[Case, bool]:
        """The unit `cg` says something of its first task."""
        act = Act(kind, CG, await self.ledger.now(), {"task_id": f"{case_no}-T1", **data})
        return await self.ledger.cases.record(case_no, act, inbound=inbound)

    async def row(self, case_no: str) -> CaseRow:
        async with self.ledger.database.read() as session:
            found = await session.get(CaseRow, case_no)
            assert found is not None
            return found

    async def events(self, case_no: str) -> list[EventRow]:
        return list((await self.ledger.cases.load(case_no)).events)

    async def deliveries(self, case_no: str) -> list[DeliveryRow]:
        """Every message of a case, in order."""
        async with self.ledger.database.read() as session:
            found = await session.execute(text("select key from deliveries where case_no = :n"), {"n": case_no})
            rows = [await session.get(DeliveryRow, key) for (key,) in found]
        return sorted((row for row in rows if row is not None), key=lambda row: (row.case_seq, row.n))

    async def change(self, case_no: str, **values: Any) -> None:
        """Set columns of a case's row."""
        async with self.ledger.database.write() as session:
            row = await session.get(CaseRow, case_no)
            assert row is not None
            for name, value in values.items():
                setattr(row, name, value)

    async def sql(self, statement: str, **values: Any) -> None:
        """Change the database behind the ledger's back."""
        async with self.ledger.database.write() as session:
            await session.execute(text(statement), values)


def request(**facts: Any) -> NewRequest:
    """A request to the district `pingshan`, all facts of which may be given."""
    given = {
        "district": "pingshan",
        "number_prefix": "PS",
        "channel": "hotline",
        "text": "路灯不亮",
        "property": "complaint",
        "grade": Grade.C,
        "catalogue_version": "c1",
        "has_phone": True,
        **facts,
    }
    return NewRequest(**given)


def noon(day: int) -> datetime:
    """Noon in Shanghai on a day of November 2024, long past."""
    return datetime(2024, 11, day, 4, 0, tzinfo=UTC)
