"""Messages that an act has overtaken before they were sent: dropped at each door, the reason on record."""

from casework.events import CITIZEN, Act, Actor, Kind, Role
from tasks.desk import Claim, hold
from tasks.escalate import escalate
from tests.integration.ledger.wakes import START, Time
from tests.integration.tasks.at_work import UNIT, AtWork


async def escalated(work: AtWork, case_no: str) -> None:
    epoch = await work.ledger.claims.claim(case_no)
    assert epoch is not None
    hold(Claim(case_no, epoch))
    await escalate.fn(case_no)
    await work.ledger.claims.release(case_no, epoch, 0, None)


async def states(work: AtWork, case_no: str, addressee: str) -> dict[str, str]:
    return {kind: row.state for kind, row in (await work.messages(case_no, addressee)).items()}


async def test_a_unit_is_not_urged_for_what_it_did_before(clock: Time, work: AtWork) -> None:
    case_no = await work.assigned()
    await work.wake(case_no)
    clock.forward(seconds=8)
    received = clock.at
    clock.forward(seconds=5)  # the act is received, and its transaction takes longer than the grace
    await escalated(work, case_no)
    assert (await states(work, case_no, UNIT))["task.urged"] == "pending"
    heard = {"task_id": f"{case_no}-T1", "handler": "陈", "feedback": "马上到"}
    await work.ledger.cases.record(case_no, Act(Kind.ACKNOWLEDGED, Actor(Role.UNIT, UNIT), received, heard))
    await work.wake(case_no)
    assert (await states(work, case_no, UNIT))["task.urged"] == "dropped"


async def test_staff_are_not_told_of_a_rung_without_effect(clock: Time, work: AtWork) -> None:
    case_no = await work.received()
    await work.system(case_no, Kind.TRIAGED, why="把握不足")
    clock.forward(seconds=8)
    received = clock.at
    clock.forward(seconds=20)
    await escalated(work, case_no)
    assert (await states(work, case_no, "supervisor"))["staff.rung"] == "pending"
    given = {"unit": UNIT, "item": "SZ-0601", "grade": "A"}
    await work.ledger.cases.record(case_no, Act(Kind.ASSIGNED, Actor(Role.DISPATCHER, "li"), received, given))
    await work.wake(case_no)
    assert (await states(work, case_no, "supervisor"))["staff.rung"] == "dropped"


async def test_a_citizen_who_has_answered_is_not_asked_again(clock: Time, work: AtWork) -> None:
    case_no = await work.assigned()
    await work.unit(case_no, Kind.COMPLETED, result="好了", evidence=[])
    await work.system(case_no, Kind.ASKED)
    assert clock.at == START
    said = Act(Kind.EVALUATED, CITIZEN, clock.at, {"solved": True, "satisfaction": 5})
    await work.ledger.cases.record(case_no, said)
    await work.wake(case_no)
    told = await states(work, case_no, "citizen")
    assert (told["citizen.ask"], told["citizen.closed"]) == ("dropped", "sent")
