"""What an exercise reads from the ledger when all is over, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from casework.events import SYSTEM, Act, Actor, Kind, Role
from deployments.chaos.record import read_record
from deployments.office import Office
from ledger.cases import Inbound
from ledger.city import City
from ledger.intake import IntakeForm
from ledger.ledger import Ledger
from ledger.seeding import seed_policies
from ledger.settings import Settings
from ledger.tables import CaseRow

CITY = City.of(Settings())


@pytest.fixture
async def office(ledger: Ledger) -> Office:
    await seed_policies(ledger, CITY)
    return Office(Settings(), CITY, ledger)


async def test_states_messages_and_acts_are_read(office: Office) -> None:
    case_no, _ = await office.receive(IntakeForm(district="demo", text="江畔社区路灯不亮"))
    other, _ = await office.receive(IntakeForm(district="demo", text="石桥村路灯不亮"))
    dispatcher, unit = Actor(Role.DISPATCHER, "desk"), Actor(Role.UNIT, "urban-management")
    now = datetime.now(UTC)
    cases = office.ledger.cases
    await cases.record(case_no, Act(Kind.TRIAGED, SYSTEM, now, {"reason": "", "candidates": []}))
    await cases.record(case_no, Act(Kind.ASSIGNED, dispatcher, now, {"unit": "urban-management", "reason": ""}))
    said = {"task_id": f"{case_no}-T1", "handler": "李工", "feedback": "马上修"}
    delivery = Inbound("demo", "urban-management", "from-unit-1", "0" * 64)
    await cases.record(case_no, Act(Kind.ACKNOWLEDGED, unit, now, said), inbound=delivery)

    record = await read_record(office.ledger.database)
    assert set(record.states) == {case_no, other}
    assert record.closed == 0
    assert record.restless == 2
    assert not record.at_rest
    assert record.inbox == {"from-unit-1"}
    assert len(record.messages) == 1  # what citizens and staff are told goes through other doors
    assert next(iter(record.messages)).startswith(f"{case_no}:task.assigned:")
    assert set(record.messages.values()) == {"pending"}


async def test_it_is_at_rest_once_all_is_closed_and_no_alarm_is_set(office: Office) -> None:
    await office.receive(IntakeForm(district="demo", text="江畔社区路灯不亮"))
    database = office.ledger.database
    for values, at_rest in (({"state": "closed"}, False), ({"alarm_at": None}, True)):
        async with database.write() as session:
            await session.execute(update(CaseRow).values(**values))
        assert (await read_record(database)).at_rest is at_rest
