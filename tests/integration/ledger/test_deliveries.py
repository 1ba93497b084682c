"""Deliveries: each addressee's in order, nobody held up by another, the next try on record."""

from datetime import timedelta

from casework.events import SYSTEM, Actor, Kind, Role
from casework.steps import Owed
from ledger.deliveries import FIRST_RETRY, LONGEST_RETRY, Delivery
from tests.integration.ledger.made import Made

DISPATCHER = Actor(Role.DISPATCHER, "li")
CITIZEN = Actor(Role.CITIZEN)


async def ready(made: Made, case_no: str) -> dict[str, Delivery]:
    """The message that each addressee may be sent now."""
    return {one.addressee: one for one in await made.ledger.deliveries.ready(case_no)}


async def all_sent(made: Made, case_no: str) -> list[tuple[str, str]]:
    """Send whatever is owed; answers addressee and type in the order in which they went out."""
    sent = []
    while ready_now := await made.ledger.deliveries.ready(case_no):
        for delivery in ready_now:
            sent.append((delivery.addressee, delivery.type))
            await made.ledger.deliveries.sent(delivery.key)
    return sent


async def test_each_addressee_is_told_in_order_and_one_at_a_time(made: Made) -> None:
    case_no = await made.assigned()
    await made.act(case_no, Kind.ASSIGNED, DISPATCHER, unit="sw")
    first = await ready(made, case_no)
    assert {who: one.type for who, one in first.items()} == {
        "citizen": "citizen.receipt",
        "cg": "task.assigned",
        "sw": "task.assigned",
    }
    await made.ledger.deliveries.sent(first["cg"].key)
    second = await ready(made, case_no)
    assert (second["cg"].type, second["citizen"].type) == ("task.reassigned", "citizen.receipt")


async def test_messages_of_one_event_go_out_in_the_order_they_were_owed(made: Made) -> None:
    withdrawn = await made.assigned()
    await made.act(withdrawn, Kind.WITHDREW, CITIZEN)
    sent = await all_sent(made, withdrawn)
    assert [type_ for who, type_ in sent if who == "cg"] == ["task.assigned", "task.withdrawn", "case.closed"]
    thanks = await made.receive(property="thanks")
    await made.act(thanks, Kind.ASSIGNED, unit="cg")
    sent = await all_sent(made, thanks)
    assert [type_ for who, type_ in sent if who == "cg"] == ["task.assigned", "case.closed"]


async def test_a_unit_that_does_not_answer_holds_up_nobody_else(made: Made) -> None:
    case_no = await made.assigned()
    await made.act(case_no, Kind.ASSIGNED, DISPATCHER, unit="sw")
    stuck = (await ready(made, case_no))["cg"]
    await made.ledger.deliveries.postponed(stuck.key, "the endpoint does not answer", stuck.attempts)
    sent = await all_sent(made, case_no)
    assert [type_ for who, type_ in sent if who == "sw"] == ["task.assigned"]
    assert [type_ for who, type_ in sent if who == "citizen"] == [
        "citizen.receipt",
        "citizen.assigned",
        "citizen.assigned",
    ]
    assert not [who for who, _ in sent if who == "cg"]  # not even the later message, before its order


async def test_what_is_owed_is_counted_by_heads(made: Made) -> None:
    case_no = await made.assigned()
    assert await made.ledger.deliveries.owed(case_no) == Owed(ready=2, next_at=None)
    stuck = (await ready(made, case_no))["cg"]
    at = await made.ledger.deliveries.postponed(stuck.key, "not now", 0)
    assert await made.ledger.deliveries.owed(case_no) == Owed(ready=1, next_at=at)
    await all_sent(made, case_no)
    assert await made.ledger.deliveries.owed(case_no) == Owed(ready=0, next_at=at)


async def test_nothing_is_owed_for_a_case_that_is_not_there(made: Made) -> None:
    assert await made.ledger.deliveries.owed("PS1") == Owed()
    assert await made.ledger.deliveries.ready("PS1") == []


async def test_each_try_waits_twice_as_long_up_to_ten_minutes(made: Made) -> None:
    case_no = await made.assigned()
    key = (await ready(made, case_no))["cg"].key
    waits = []
    for attempts in range(10):
        before = await made.ledger.now()
        at = await made.ledger.deliveries.postponed(key, "not now", attempts)
        after = await made.ledger.now()
        expected = min(FIRST_RETRY * 2**attempts, LONGEST_RETRY)
        assert before + expected <= at <= after + expected
        waits.append(expected.total_seconds())
    assert waits == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600]
    row = next(row for row in await made.deliveries(case_no) if row.key == key)
    assert (row.attempts, row.error, row.state) == (10, "not now", "pending")


async def test_a_receiver_may_say_when_to_come_again(made: Made) -> None:
    case_no = await made.assigned()
    key = (await ready(made, case_no))["cg"].key
    before = await made.ledger.now()
    at = await made.ledger.deliveries.postponed(key, "429", 0, timedelta(hours=1))
    assert at >= before + timedelta(hours=1)


async def test_a_postponed_message_is_ready_again_at_its_time(made: Made) -> None:
    case_no = await made.assigned()
    key = (await ready(made, case_no))["cg"].key
    await made.ledger.deliveries.postponed(key, "not now", 3)
    assert "cg" not in await ready(made, case_no)
    await made.ledger.deliveries.postponed(key, "not now", 4, timedelta(microseconds=1))
    again = (await ready(made, case_no))["cg"]
    assert (again.key, again.attempts) == (key, 2)


async def test_what_was_sent_or_dropped_is_not_sent_again(made: Made) -> None:
    case_no = await made.assigned()
    mine = (await ready(made, case_no))["cg"].key
    await made.ledger.deliveries.sent(mine)
    for one in (await ready(made, case_no)).values():
        await made.ledger.deliveries.dropped(one.key, "gone")
    assert mine not in [one.key for one in await made.ledger.deliveries.ready(case_no)]
    rows = {row.key: row for row in await made.deliveries(case_no)}
    assert rows[mine].sent_at is not None
    assert {row.state for row in rows.values()} == {"sent", "dropped", "pending"}
    assert {row.error for row in rows.values() if row.state == "dropped"} == {"gone"}


async def test_a_message_is_what_casework_owed(made: Made) -> None:
    case_no = await made.assigned()
    order = (await ready(made, case_no))["cg"]
    assert (order.key, order.door, order.task_id, order.case_seq, order.attempts) == (
        f"{case_no}:task.assigned:2:cg",
        "unit",
        f"{case_no}-T1",
        2,
        0,
    )


async def test_the_story_told_to_the_citizen_is_in_order(made: Made) -> None:
    case_no = await made.assigned()
    await made.unit(case_no, Kind.ACKNOWLEDGED, handler="陈", feedback="马上到")
    await made.unit(case_no, Kind.COMPLETED, result="好了")
    await made.act(case_no, Kind.ASKED, SYSTEM)
    told = await made.ledger.deliveries.through(case_no, "citizen")
    assert [one.type for one in told] == [
        "citizen.receipt",
        "citizen.assigned",
        "citizen.acknowledged",
        "citizen.ask",
    ]
