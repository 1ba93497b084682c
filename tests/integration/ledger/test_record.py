"""Recording: one order, nothing half done, writers fenced by their claim's epoch, deliveries accepted once."""

import asyncio
from datetime import timedelta

import pytest

from casework.clocks import ClockKind
from casework.errors import BadAct, NotAllowed
from casework.events import SYSTEM, Act, Actor, Kind, Role
from casework.states import State
from ledger.cases import Inbound
from ledger.chain import first_break
from ledger.errors import ClaimLost, DeliveryReused, NoSuchCase
from ledger.folding import load
from tests.integration.ledger.made import CG, PLAIN, Made

DISPATCHER = Actor(Role.DISPATCHER, "li")


def inbound(delivery_id: str = "msg_1", body_hash: str = "a" * 64, unit: str = "cg") -> Inbound:
    return Inbound("pingshan", unit, delivery_id, body_hash)


async def everything(made: Made, case_no: str) -> tuple[object, ...]:
    """All that a refused act could have touched."""
    row = await made.row(case_no)
    columns = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    async with made.ledger.database.read() as session:
        vault = await made.ledger.vault.take(session, case_no, "2.note", "3.note", "3.feedback", "text")
    return columns, len(await made.events(case_no)), len(await made.deliveries(case_no)), vault


async def test_concurrent_acts_on_one_case_get_gapless_places(made: Made) -> None:
    case_no = await made.assigned()
    await asyncio.gather(*(made.unit(case_no, Kind.PROGRESS, note=str(n)) for n in range(20)))
    events = await made.events(case_no)
    assert [event.seq for event in events] == list(range(1, 23))
    row = await made.row(case_no)
    assert row.seq == 22
    assert first_break(case_no, events, row.head) is None
    assert {event.data.count('"note"') for event in events[2:]} == {1}


async def test_concurrent_acts_that_exclude_each_other_are_admitted_once(made: Made) -> None:
    case_no = await made.receive()
    acts = [made.act(case_no, Kind.ASSIGNED, DISPATCHER, unit=f"u{n}") for n in range(6)]
    answers = await asyncio.gather(*acts, return_exceptions=True)
    # Each admitted hand-over is to another unit, so all are; of ten extensions only one is.
    assert not [answer for answer in answers if isinstance(answer, BaseException)]
    unit = (await made.row(case_no)).unit
    task = (await made.ledger.cases.load(case_no)).case.task
    assert task is not None
    assert (task.unit, task.task_id) == (unit, f"{case_no}-T6")
    extensions = [made.act(case_no, Kind.EXTENDED, DISPATCHER, days=1) for _ in range(10)]
    answers = await asyncio.gather(*extensions, return_exceptions=True)
    assert sum(isinstance(answer, NotAllowed) for answer in answers) == 9


@pytest.mark.parametrize(
    ("kind", "actor", "data", "refusal"),
    [
        (Kind.PROGRESS, Actor(Role.UNIT, "sw"), {"task_id": "?", "note": "打 13800138000"}, NotAllowed),
        (Kind.CLOSED, SYSTEM, {"clock": "callback#0", "rung": 2}, NotAllowed),
        (Kind.EXTENDED, DISPATCHER, {"days": 99, "reason": "打 13800138000"}, BadAct),
    ],
)
async def test_a_refused_act_leaves_no_trace(
    made: Made, kind: Kind, actor: Actor, data: dict[str, object], refusal: type[Exception]
) -> None:
    case_no = await made.assigned()
    before = await everything(made, case_no)
    with pytest.raises(refusal):
        await made.ledger.cases.record(
            case_no, Act(kind, actor, await made.ledger.now(), data), inbound=inbound("msg_refused")
        )
    assert await everything(made, case_no) == before
    # The refused delivery is not remembered: sent again when it fits, it is accepted.
    _, new = await made.unit(case_no, Kind.PROGRESS, inbound("msg_refused"), note="到场")
    assert new


async def test_there_must_be_such_a_case(made: Made) -> None:
    with pytest.raises(NoSuchCase, match="there is no case PS1: check the number on the receipt"):
        await made.act("PS1", Kind.ASSIGNED, unit="cg")
    with pytest.raises(NoSuchCase):
        await made.ledger.cases.load("PS1")
    with pytest.raises(NoSuchCase):
        await made.ledger.cases.words("PS1")


# The alarm


async def test_an_act_from_outside_rings_the_alarm(made: Made) -> None:
    case_no = await made.assigned()
    await made.sql("update cases set alarm_at = null")
    before = await made.ledger.now()
    await made.unit(case_no, Kind.ACKNOWLEDGED, handler="陈", feedback="到")
    alarm = (await made.row(case_no)).alarm_at
    assert alarm is not None
    assert before <= alarm <= await made.ledger.now()


async def test_a_runs_own_act_does_not_ring_it(made: Made) -> None:
    case_no = await made.receive()
    epoch = await made.ledger.claims.claim(case_no)
    await made.sql("update cases set alarm_at = null")
    await made.ledger.cases.record(
        case_no, Act(Kind.TRIAGED, SYSTEM, await made.ledger.now(), {"why": "拿不准"}), epoch=epoch
    )
    assert (await made.row(case_no)).alarm_at is None


# The epoch


async def test_a_run_whose_claim_has_passed_on_writes_nothing(made: Made) -> None:
    case_no = await made.receive()
    old = await made.ledger.claims.claim(case_no)
    await made.sql("update cases set lease_until = null")
    new = await made.ledger.claims.claim(case_no)
    act = Act(Kind.TRIAGED, SYSTEM, await made.ledger.now(), {"why": "拿不准"})
    before = await everything(made, case_no)
    with pytest.raises(ClaimLost, match=f"the claim on {case_no} has passed to another run"):
        await made.ledger.cases.record(case_no, act, epoch=old)
    assert await everything(made, case_no) == before
    case, _ = await made.ledger.cases.record(case_no, act, epoch=new)
    assert case.state is State.TRIAGE


async def test_whoever_acts_from_outside_needs_no_claim(made: Made) -> None:
    case_no = await made.assigned()
    assert await made.ledger.claims.claim(case_no) is not None
    await made.unit(case_no, Kind.PROGRESS, note="到场")


# The inbox


async def test_a_delivery_that_comes_again_is_a_duplicate(made: Made) -> None:
    case_no = await made.assigned()
    await made.unit(case_no, Kind.PROGRESS, inbound(), note="到场")
    before = await everything(made, case_no)
    case, new = await made.unit(case_no, Kind.PROGRESS, inbound(), note="到场")
    assert not new
    assert case.seq == 3
    assert await everything(made, case_no) == before


async def test_a_duplicate_is_one_even_after_the_case_has_moved_on(made: Made) -> None:
    case_no = await made.assigned()
    await made.unit(case_no, Kind.COMPLETED, inbound(), result="好了")
    _, new = await made.unit(case_no, Kind.COMPLETED, inbound(), result="好了")
    assert not new
    with pytest.raises(NotAllowed):
        await made.unit(case_no, Kind.COMPLETED, inbound("msg_2"), result="好了")


async def test_the_same_id_with_another_body_is_refused(made: Made) -> None:
    case_no = await made.assigned()
    await made.unit(case_no, Kind.PROGRESS, inbound(), note="到场")
    with pytest.raises(DeliveryReused, match="msg_1 came before with another body: use a new webhook-id"):
        await made.unit(case_no, Kind.PROGRESS, inbound(body_hash="b" * 64), note="离场")


async def test_ids_are_each_units_own(made: Made) -> None:
    case_no = await made.assigned()
    await made.unit(case_no, Kind.PROGRESS, inbound(), note="到场")
    await made.act(case_no, Kind.ASSIGNED, DISPATCHER, unit="sw")
    act = Act(Kind.PROGRESS, Actor(Role.UNIT, "sw"), await made.ledger.now(), {"task_id": f"{case_no}-T2"})
    _, new = await made.ledger.cases.record(case_no, act, inbound=inbound(unit="sw", body_hash="c" * 64))
    assert new


async def test_one_delivery_ten_times_at_once_is_one_event(made: Made) -> None:
    case_no = await made.assigned()
    answers = await asyncio.gather(*(made.unit(case_no, Kind.PROGRESS, inbound(), note="到场") for _ in range(10)))
    assert sum(new for _, new in answers) == 1
    assert len(await made.events(case_no)) == 3


async def test_one_id_for_two_cases_at_once_is_accepted_for_one(made: Made) -> None:
    cases = [await made.assigned() for _ in range(6)]
    said = [
        made.unit(case_no, Kind.PROGRESS, inbound(body_hash=str(n) * 64), note="到场")
        for n, case_no in enumerate(cases)
    ]
    answers = await asyncio.gather(*said, return_exceptions=True)
    assert sum(isinstance(answer, DeliveryReused) for answer in answers) == 5
    assert sum(isinstance(answer, tuple) for answer in answers) == 1
    assert sorted([len(await made.events(case_no)) for case_no in cases]) == [2, 2, 2, 2, 2, 3]


# What lists are read by


async def test_the_row_shows_where_the_case_stands(made: Made) -> None:
    case_no = await made.assigned()
    await made.unit(case_no, Kind.ACKNOWLEDGED, handler="陈", feedback="到")
    loaded = await made.ledger.cases.load(case_no)
    contact = loaded.case.clock(ClockKind.CONTACT)
    assert contact is not None
    assert (loaded.row.state, loaded.row.unit, loaded.row.item, loaded.row.grade) == (
        "awaiting_contact",
        "cg",
        "SZ-0101",
        "C",
    )
    assert loaded.row.next_due_at == contact.due_at
    await made.unit(case_no, Kind.COMPLETED, result="好了")
    case = await made.act(case_no, Kind.EVALUATED, Actor(Role.CITIZEN), solved=True, satisfaction=5, comment="谢谢")
    row = await made.row(case_no)
    assert (row.state, row.outcome, row.next_due_at, row.closed_at) == ("closed", "resolved", None, case.closed_at)


async def test_the_policy_a_run_pins_holds_from_its_own_event_on(made: Made) -> None:
    case_no = await made.receive()
    clocks = PLAIN.clocks
    quick = clocks.triage.model_copy(update={"c": "90s"})
    policy = PLAIN.model_copy(update={"clocks": clocks.model_copy(update={"triage": quick})})
    version = await made.ledger.policies.pin("pingshan", policy, "run")
    case = await made.act(case_no, Kind.PINNED, policy_version=version, catalogue_version="c2")
    due = case.received_at + timedelta(seconds=90)
    triage = case.clock(ClockKind.TRIAGE)
    assert triage is not None
    assert triage.due_at == due
    row = await made.row(case_no)
    assert (row.policy_version, row.catalogue_version, row.next_due_at) == (version, "c2", due)


async def test_what_is_read_is_one_moment_even_while_others_write(made: Made) -> None:
    """The row and the events of a case that is read belong together, on either database."""
    case_no = await made.assigned()
    async with made.ledger.database.read() as session:
        row = await session.get(type(await made.row(case_no)), case_no)
        assert row is not None
        await made.unit(case_no, Kind.PROGRESS, note="到场")
        loaded = await load(session, made.ledger.policies, row, case_no)
    assert loaded.case.seq == row.seq == 2
    assert first_break(case_no, list(loaded.events), row.head) is None


async def test_a_units_act_is_told_apart_by_its_actor(made: Made) -> None:
    case_no = await made.assigned()
    await made.unit(case_no, Kind.PROGRESS, note="到场")
    assert (await made.events(case_no))[-1].actor == str(CG)
