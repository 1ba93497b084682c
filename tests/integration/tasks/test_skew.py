"""A worker whose clock is off: reminders and callbacks go on, what tells of lateness is left for another worker."""

from datetime import timedelta

from casework.events import Kind
from casework.steps import Verb, next_alarm
from ledger.machine_clock import Offset
from tasks.desk import Claim, hold
from tasks.escalate import escalate
from tasks.opening import next_verb
from tasks.skew import LEFT_FOR_ANOTHER, not_before
from tests.integration.ledger.wakes import Time
from tests.integration.tasks.at_work import AtWork


async def claimed(work: AtWork, case_no: str) -> None:
    epoch = await work.ledger.claims.claim(case_no)
    assert epoch is not None
    hold(Claim(case_no, epoch))


async def looked_again_at(work: AtWork, case_no: str) -> timedelta:
    """How long from now the case would be left alone when its run parks."""
    loaded = await work.ledger.cases.load(case_no)
    alarm = next_alarm(loaded.case, loaded.policy, await work.ledger.deliveries.owed(case_no))
    assert alarm is not None
    return await not_before(alarm, loaded.case, loaded.policy) - await work.ledger.now()


async def delivered(work: AtWork, case_no: str) -> None:
    """Nothing is owed, so that only rungs are due."""
    while ready := await work.ledger.deliveries.ready(case_no):
        for one in ready:
            await work.ledger.deliveries.sent(one.key)


async def test_what_tells_of_lateness_is_left_for_another_worker(clock: Time, work: AtWork) -> None:
    case_no = await work.assigned()
    await delivered(work, case_no)
    clock.forward(seconds=35)  # in the district demo all four clocks are past their limits by now
    work.ledger.database.offset = Offset(2.5, 0.01)
    await claimed(work, case_no)
    assert await next_verb(case_no) is None
    await escalate.fn(case_no)
    assert Kind.RUNG not in await work.events(case_no)
    assert await looked_again_at(work, case_no) == LEFT_FOR_ANOTHER
    assert list(await work.alerts()) == ["clock_skew"]

    work.ledger.database.offset = Offset(0.1, 0.01)
    assert await next_verb(case_no) is Verb.ESCALATE
    await escalate.fn(case_no)
    assert (await work.events(case_no)).count(Kind.RUNG) == 4
    assert await work.alerts() == {}


async def test_reminders_and_callbacks_go_on(clock: Time, work: AtWork) -> None:
    case_no = await work.assigned()
    await delivered(work, case_no)
    work.ledger.database.offset = Offset(-60.0, 0.01)
    await claimed(work, case_no)
    clock.forward(seconds=7)  # the first reminder of the feedback
    assert await next_verb(case_no) is Verb.ESCALATE
    await escalate.fn(case_no)
    assert (await work.events(case_no)).count(Kind.RUNG) == 1
    assert await looked_again_at(work, case_no) == timedelta(seconds=2.6 + 0.5)  # the next reminder, after its grace
    await work.unit(case_no, Kind.COMPLETED, result="已补装井盖", evidence=[])
    assert await next_verb(case_no) is Verb.CALLBACK


async def test_a_reminder_of_one_clock_goes_while_another_clock_is_late(clock: Time, work: AtWork) -> None:
    case_no = await work.assigned()
    await delivered(work, case_no)
    work.ledger.database.offset = Offset(60.0, 0.01)
    clock.forward(seconds=13)  # the feedback is late, the phone call has 20 seconds
    await claimed(work, case_no)
    assert await next_verb(case_no) is Verb.ESCALATE
    await escalate.fn(case_no)
    loaded = await work.ledger.cases.load(case_no)
    assert [clock.kind for clock in loaded.case.clocks if clock.climbed] == ["contact"]
    assert await looked_again_at(work, case_no) == LEFT_FOR_ANOTHER


async def test_a_machine_whose_clock_is_right_leaves_nothing(clock: Time, work: AtWork) -> None:
    case_no = await work.assigned()
    await delivered(work, case_no)
    loaded = await work.ledger.cases.load(case_no)
    alarm = next_alarm(loaded.case, loaded.policy, await work.ledger.deliveries.owed(case_no))
    assert alarm is not None
    clock.forward(minutes=30)
    assert await not_before(alarm, loaded.case, loaded.policy) == alarm
