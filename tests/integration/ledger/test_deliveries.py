"""Deliveries: each addressee's in order, nobody held up by another, the next try on record."""

from datetime import timedelta

from casework.events import SYSTEM, Actor, Kind, Role
from casework.steps import Owed
from ledger.deliveries import Delivery
from tests.integration.ledger.made import Made

DISPATCHER = Actor(Role.DISPATCHER, "li")
CITIZEN = Actor(Role.CITIZEN)
HOUR = timedelta(hours=1)


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
    await made.ledger.deliveries.later(stuck.key, "the endpoint does not answer", await made.ledger.now() + HOUR)
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
    at = await made.ledger.now() + HOUR
    await made.ledger.deliveries.later(stuck.key, "not now", at)
    assert await made.ledger.deliveries.owed(case_no) == Owed(ready=1, next_at=at)
    await all_sent(made, case_no)
    assert await made.ledger.deliveries.owed(case_no) == Owed(ready=0, next_at=at)


async def test_nothing_is_owed_for_a_case_that_is_not_there(made: Made) -> None:
    assert await made.ledger.deliveries.owed("PS1") == Owed()
    assert await made.ledger.deliveries.ready("PS1") == []


async def test_a_message_is_ready_again_at_its_time(made: Made) -> None:
    case_no = await made.assigned()
    key = (await ready(made, case_no))["cg"].key
    await made.ledger.deliveries.later(key, "not now", await made.ledger.now() + HOUR)
    assert "cg" not in await ready(made, case_no)
    await made.ledger.deliveries.later(key, "busy", await made.ledger.now(), tried=False)
    again = (await ready(made, case_no))["cg"]
    assert (again.key, again.attempts, again.error) == (key, 1, "busy")  # to be turned away is not to be tried


async def test_the_deadline_of_what_a_message_is_about_is_kept_with_it(made: Made) -> None:
    case_no = await made.assigned()
    order = (await ready(made, case_no))["cg"]
    feedback = next(c for c in (await made.ledger.cases.load(case_no)).case.clocks if c.kind == "feedback")
    assert order.due_at == feedback.due_at
    assert (await ready(made, case_no))["citizen"].due_at is None


# Carried by another channel


async def test_what_was_carried_holds_up_nobody_and_keeps_its_place(made: Made) -> None:
    case_no = await made.assigned()
    await made.act(case_no, Kind.ASSIGNED, DISPATCHER, unit="sw")  # owes cg a second message
    order = (await ready(made, case_no))["cg"]
    at = await made.ledger.now() + HOUR
    await made.ledger.deliveries.later(order.key, "no answer", at, via="message")
    behind = (await ready(made, case_no))["cg"]
    assert (behind.type, behind.behind) == ("task.reassigned", True)
    await made.ledger.deliveries.later(behind.key, "it waits", at + HOUR)
    assert await made.ledger.deliveries.owed(case_no) == Owed(ready=2, next_at=at)  # sw and the citizen
    await made.ledger.deliveries.hurry(case_no, "cg")
    first = (await ready(made, case_no))["cg"]
    assert (first.key, first.via, first.behind) == (order.key, "message", False)
    await made.ledger.deliveries.sent(first.key, "webhook")
    assert (await ready(made, case_no))["cg"].type == "task.reassigned"
    assert {row.key: row.via for row in await made.deliveries(case_no)}[order.key] == "webhook"


async def test_what_was_begun_is_told(made: Made) -> None:
    case_no = await made.assigned()
    assert await made.ledger.deliveries.begun(case_no) == []
    now = await ready(made, case_no)
    await made.ledger.deliveries.trying(now["citizen"].key)
    await made.ledger.deliveries.later(now["cg"].key, "no answer", await made.ledger.now() + HOUR, via="staff")
    assert {(one.addressee, one.state) for one in await made.ledger.deliveries.begun(case_no)} == {
        ("citizen", "trying"),
        ("cg", "pending"),
    }


# Unknown


async def test_a_try_without_an_end_is_owed_until_somebody_owns_up_to_it(made: Made) -> None:
    case_no = await made.assigned()
    now = await ready(made, case_no)
    await made.ledger.deliveries.sent(now["cg"].key)
    await made.ledger.deliveries.trying(now["citizen"].key)
    assert await ready(made, case_no) == {}
    assert await made.ledger.deliveries.owed(case_no) == Owed(ready=1)
    await made.ledger.deliveries.unknown(now["citizen"].key, "message", "a crash")
    assert (await ready(made, case_no))["citizen"].type == "citizen.assigned"  # the next one goes on
    (told,) = await made.ledger.deliveries.unsettled(case_no)
    assert (told.key, told.state, told.error) == (now["citizen"].key, "unknown", "a crash")


async def test_a_unit_that_may_have_been_told_still_gets_what_its_endpoint_can_tell_apart(made: Made) -> None:
    case_no = await made.assigned()
    order = (await ready(made, case_no))["cg"]
    await made.ledger.deliveries.trying(order.key)
    await made.ledger.deliveries.unknown(order.key, "message", "a crash")
    again = (await ready(made, case_no))["cg"]
    assert (again.key, again.state, again.via) == (order.key, "unknown", "message")
    await made.ledger.deliveries.later(order.key, "no answer", await made.ledger.now())
    assert (await ready(made, case_no))["cg"].state == "unknown"
    await made.ledger.deliveries.dropped(order.key, "over")
    states = {row.key: row.state for row in await made.deliveries(case_no)}
    assert states[order.key] == "unknown"  # nobody will ever know
    assert "cg" not in await ready(made, case_no)


async def test_whoever_comes_late_does_not_change_what_is_settled(made: Made) -> None:
    """A run that lost its claim may still write what became of a message that another run has sent."""
    case_no = await made.assigned()
    key = (await ready(made, case_no))["cg"].key
    await made.ledger.deliveries.sent(key, "webhook")
    await made.ledger.deliveries.later(key, "no answer", await made.ledger.now())
    await made.ledger.deliveries.dropped(key, "over")
    await made.ledger.deliveries.unknown(key, "message", "a crash")
    row = next(row for row in await made.deliveries(case_no) if row.key == key)
    assert (row.state, row.via, row.error) == ("sent", "webhook", None)


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
