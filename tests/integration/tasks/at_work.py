"""A case whose order is owed to a unit, and a wake of it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from casework.clocks import ClockKind
from casework.events import SYSTEM, Act, Actor, Kind, Role
from ledger.deliveries import Delivery
from ledger.intake import Contact, IntakeForm, understand
from ledger.ledger import Ledger
from ledger.tables import CaseRow, DeliveryRow, EndpointRow
from tasks import desk
from tasks.desk import Claim, hold
from tasks.notify import notify

UNIT = "urban-management"  # has a duty desk in the district's file
OTHER = "market"  # has none
TEXT = "翠湖路的井盖不见了，请尽快处理，我的电话 13800000009"


@dataclass(frozen=True)
class AtWork:
    """The tasks' own ledger, and what a test does to its cases again and again."""

    ledger: Ledger

    async def received(self, text: str = TEXT) -> str:
        """The number of a fresh case."""
        district = desk.city().district("demo")
        form = IntakeForm(district="demo", text=text, place="翠湖路 1 号", contact=Contact(phone="13800000009"))
        at = await self.ledger.now()
        case_no, _ = await self.ledger.cases.receive(understand(form, district, desk.city().catalogue), at)
        return case_no

    async def assigned(self, unit: str = UNIT) -> str:
        """The number of a fresh case that the unit holds."""
        case_no = await self.received()
        await self.system(case_no, Kind.ASSIGNED, unit=unit, item="SZ-0601", grade="A")
        return case_no

    async def order(self, unit: str = UNIT) -> Delivery:
        """The order of a fresh case, as the outbox has it."""
        case_no = await self.assigned(unit)
        return next(one for one in await self.ledger.deliveries.ready(case_no) if one.door == "unit")

    async def system(self, case_no: str, kind: Kind, **data: Any) -> None:
        await self.ledger.cases.record(case_no, Act(kind, SYSTEM, await self.ledger.now(), data))

    async def dispatched(self, case_no: str, unit: str) -> None:
        """A dispatcher gives the case to another unit."""
        data = {"unit": unit, "item": "SZ-0601", "grade": "A", "reason": "属地"}
        act = Act(Kind.ASSIGNED, Actor(Role.DISPATCHER, "li"), await self.ledger.now(), data)
        await self.ledger.cases.record(case_no, act)

    async def reminded(self, case_no: str) -> None:
        """The first rung of the completion clock fires, a moment after its time."""
        clock = (await self.ledger.cases.load(case_no)).case.clock(ClockKind.COMPLETION)
        assert clock is not None
        assert clock.due_at is not None
        at = clock.next_rung_at()
        assert at is not None
        data = {"clock": clock.id, "rung": 0, "action": "remind", "due_at": clock.due_at.isoformat()}
        await self.ledger.cases.record(case_no, Act(Kind.RUNG, SYSTEM, at + timedelta(seconds=2), data))

    async def unit(self, case_no: str, kind: Kind, unit: str = UNIT, **data: Any) -> None:
        """The unit says something of the case's first task."""
        act = Act(kind, Actor(Role.UNIT, unit), await self.ledger.now(), {"task_id": f"{case_no}-T1", **data})
        await self.ledger.cases.record(case_no, act)

    async def wake(self, case_no: str) -> None:
        """A run claims the case and sends what is owed."""
        epoch = await self.ledger.claims.claim(case_no)
        assert epoch is not None
        row = await self.ledger.cases.row(case_no)
        hold(Claim(case_no, epoch, row.seq, row.calls))
        try:
            await notify.fn(case_no)
        finally:
            await self.ledger.claims.release(case_no, epoch, row.calls, None)

    async def messages(self, case_no: str, addressee: str = UNIT) -> dict[str, DeliveryRow]:
        """The case's messages to somebody, by type."""
        mine = (DeliveryRow.case_no == case_no, DeliveryRow.addressee == addressee)
        chosen = select(DeliveryRow).where(*mine).order_by(DeliveryRow.case_seq, DeliveryRow.n)
        async with self.ledger.database.read() as session:
            return {row.type: row for row in await session.scalars(chosen)}

    async def due_now(self, key: str) -> None:
        """Time has passed: this message may be tried."""
        async with self.ledger.database.write() as session:
            row = await session.get(DeliveryRow, key)
            assert row is not None
            row.next_try_at = await self.ledger.now()

    async def rest_is_over(self, unit: str = UNIT) -> None:
        async with self.ledger.database.write() as session:
            row = await session.get(EndpointRow, ("demo", unit))
            assert row is not None
            row.rests_until = await self.ledger.now() if row.rests_until else None

    async def alerts(self) -> dict[str, str]:
        """What operators see: words by kind."""
        return {row.kind: row.words for row in await self.ledger.alerts.open()}

    async def events(self, case_no: str) -> list[str]:
        return [row.kind for row in (await self.ledger.cases.load(case_no)).events]

    async def row(self, case_no: str) -> CaseRow:
        return await self.ledger.cases.row(case_no)
