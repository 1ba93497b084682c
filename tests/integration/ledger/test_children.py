"""Parts and ownerships: rows and runs of their own, woken for themselves alone, fenced by claims of their own."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from casework.errors import NotAllowed
from casework.events import CITIZEN, SYSTEM, Act, Actor, Kind, Role
from casework.merging import merge_act
from casework.states import State
from catalog.policy import Grade
from ledger.chain import first_break
from ledger.errors import ClaimLost, NoSuchCase, NoSuchChild
from ledger.ledger import Ledger
from ledger.refreshing import Refreshing
from ledger.tables import ChildRow
from tests.integration.ledger.made import PLAIN, Made
from tests.integration.ledger.wakes import Runs, Time, unsynced

STREET = Actor(Role.UNIT, "street-a")
ADMIN = Actor(Role.ADMIN)
UNITS = ["cg", "sz", "gas"]


@pytest.fixture
def time(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time.of(ledger, monkeypatch)


@pytest.fixture
async def runs(time: Time, made: Made) -> Runs:
    await unsynced(made.ledger)
    await made.ledger.outages.beat()
    return Runs(made, time)


async def whistled(runs: Runs, units: list[str] | None = None, **facts: object) -> str:
    """A case that the street has called units to; nobody has looked at that yet."""
    case_no = await runs.made.receive(grade=Grade.B, **facts)
    await runs.answered()
    runs.time.forward(minutes=1)
    units = units or UNITS
    await runs.said(
        case_no, Kind.WHISTLED, STREET, units=units, lead=units[0], reason="燃气管被挖断", caller=STREET.name
    )
    return case_no


async def called(runs: Runs, units: list[str] | None = None, **facts: object) -> str:
    """The same; every part has its run, which has told its unit and waits."""
    case_no = await whistled(runs, units, **facts)
    await runs.answered()
    return case_no


async def children(runs: Runs, case_no: str) -> dict[str, ChildRow]:
    return {row.strand: row for row in await runs.ledger.children.of(case_no)}


async def rings(runs: Runs) -> list[str]:
    """The strands that ring."""
    return sorted(one.strand for one in await runs.ringing())


async def test_a_call_makes_a_row_of_each_part_and_the_parent_its_run(runs: Runs) -> None:
    case_no = await whistled(runs)
    rows = await children(runs, case_no)
    assert [(row.child_id, row.flow, row.unit, row.role, row.state) for row in rows.values()] == [
        (f"{case_no}-T2", "whistle", "cg", "lead", "awaiting_report_in"),
        (f"{case_no}-T3", "whistle", "sz", "co", "awaiting_report_in"),
        (f"{case_no}-T4", "whistle", "gas", "co", "awaiting_report_in"),
    ]
    for row in rows.values():
        assert (row.case_no, row.district, row.grade, row.generation) == (case_no, "pingshan", "B", 0)
        assert (row.opened_at, row.alarm_at, row.ended_at, row.flow_run_id) == (runs.time.at, runs.time.at, None, None)
        assert row.next_due_at is not None
    assert await rings(runs) == [""]  # what has no run rings for nobody
    assert not await runs.ledger.child_alarms.win(f"{case_no}-T3")
    assert (await runs.ledger.deliveries.owed(case_no)).unborn == 3
    assert (await runs.ledger.deliveries.owed(case_no, "T3")).unborn == 0
    await runs.answered()
    rows = await children(runs, case_no)
    assert {row.flow_run_id for row in rows.values()} == {f"run-{case_no}-T{n}:0" for n in (2, 3, 4)}
    assert {row.task_run_id for row in rows.values()} == {"step-T2", "step-T3", "step-T4"}
    assert all(row.alarm_at is not None and row.alarm_at > runs.time.at for row in rows.values())
    assert (await runs.ledger.deliveries.owed(case_no)).unborn == 0
    assert await runs.ledger.children.unborn(case_no) == []


async def test_a_run_that_was_just_made_is_not_woken_as_well(runs: Runs, time: Time) -> None:
    case_no = await whistled(runs)
    await runs.ledger.children.born(f"{case_no}-T3", "run-1", "step-1", 0)
    await runs.wake(case_no)
    assert await rings(runs) == []
    time.forward(seconds=21)  # nobody has come
    assert await rings(runs) == ["T2", "T3", "T4"]
    assert {one.again for one in await runs.ringing()} == {True}


async def test_a_run_that_is_born_after_it_has_worked_is_woken_as_any_other(runs: Runs, time: Time) -> None:
    """It was faster than the parent that made it."""
    case_no = await whistled(runs)
    await runs.wake(case_no, "T3")
    await runs.ledger.children.born(f"{case_no}-T3", "run-1", "step-1", 0)
    assert (await runs.ledger.children.row(f"{case_no}-T3")).waking_until is None


async def test_an_act_of_a_part_rings_the_part_and_its_end_the_parent(runs: Runs) -> None:
    case_no = await called(runs)
    assert await rings(runs) == []
    await runs.of_a_part(case_no, "sz", Kind.REPORTED_IN, note="收到")
    assert await rings(runs) == ["T3"]
    await runs.answered()
    await runs.of_a_part(case_no, "sz", Kind.ARRIVED, note="到场")
    assert await rings(runs) == ["T3"]
    await runs.answered()
    await runs.of_a_part(case_no, "sz", Kind.PART_COMPLETED, note="已断气")
    assert await rings(runs) == ["", "T3"]
    await runs.answered()
    row = (await children(runs, case_no))["T3"]
    assert (row.state, row.ended_at, row.alarm_at, row.next_due_at) == ("done", runs.time.at, None, None)
    assert await rings(runs) == []


async def test_a_word_about_the_request_rings_no_part(runs: Runs) -> None:
    case_no = await called(runs)
    await runs.said(case_no, Kind.ACKNOWLEDGED, handler="陈工", feedback="马上到")
    assert await rings(runs) == [""]


async def test_an_excused_part_is_rung_to_tell_its_unit(runs: Runs) -> None:
    case_no = await called(runs)
    await runs.said(case_no, Kind.EXCUSED, STREET, unit="gas", reason="不需要")
    assert await rings(runs) == ["", "T4"]
    await runs.answered()
    row = (await children(runs, case_no))["T4"]
    assert (row.state, row.alarm_at) == ("excused", None)
    assert (case_no, "gas", "task.withdrawn") in runs.sent


async def test_the_end_of_the_case_ends_every_part(runs: Runs) -> None:
    case_no = await called(runs)
    await runs.of_a_part(case_no, "gas", Kind.PART_COMPLETED, note="好了")
    await runs.answered()
    await runs.said(case_no, Kind.WITHDREW, CITIZEN)
    assert await rings(runs) == ["", "T2", "T3"]
    await runs.answered()
    assert await rings(runs) == []
    rows = await children(runs, case_no)
    assert {name: row.state for name, row in rows.items()} == {"T2": "closed", "T3": "closed", "T4": "done"}
    assert all(row.alarm_at is None and row.ended_at is not None for row in rows.values())
    assert (await runs.ledger.cases.row(case_no)).alarm_at is None
    assert await runs.ledger.children.of_cases([case_no]) == []


async def test_a_case_that_ends_before_its_parts_have_runs_makes_them_for_what_they_owe(runs: Runs) -> None:
    case_no = await whistled(runs)
    await runs.said(case_no, Kind.WITHDREW, CITIZEN)
    assert await rings(runs) == [""]
    await runs.answered()
    assert all(row.alarm_at is None and row.flow_run_id for row in (await children(runs, case_no)).values())
    assert await open_messages(runs, case_no) == []


async def open_messages(runs: Runs, case_no: str) -> list[str]:
    return [row.key for row in await runs.made.deliveries(case_no) if row.state not in ("sent", "dropped")]


# Claims


async def test_a_part_is_fenced_by_its_own_epoch(runs: Runs, time: Time) -> None:
    case_no = await called(runs)
    claims, key = runs.ledger.child_claims, f"{case_no}-T3"
    first = await claims.claim(key)
    assert first is not None
    assert await runs.ledger.claims.claim(case_no) is not None  # the parent's is another
    notified = Act(Kind.QUARANTINED, SYSTEM, time.at, {"failures": 5, "error": "KeyError"})
    time.forward(seconds=61)
    second = await claims.claim(key)
    assert second == first + 1
    seq = (await runs.case(case_no)).seq
    for epoch, child in ((first, key), (second, f"{case_no}-T4"), (second, f"{case_no}-T9"), (second + 7, key)):
        with pytest.raises(ClaimLost):
            await runs.ledger.cases.record(case_no, notified, epoch=epoch, child=child)
    assert (await runs.case(case_no)).seq == seq
    case, new = await runs.ledger.cases.record(case_no, notified, epoch=second, child=key)
    assert (new, case.quarantined) == (True, True)
    assert await rings(runs) == []  # it looks again by itself
    with pytest.raises(ClaimLost):
        await claims.release(key, first, 0, None)
    await claims.release(key, second, (await runs.ledger.children.row(key)).calls, None)


async def test_double_claims_of_a_part_are_absorbed(runs: Runs) -> None:
    case_no = await called(runs)
    before = (await runs.ledger.claims.absorbed())["refused"]
    epochs = await asyncio.gather(*(runs.ledger.child_claims.claim(f"{case_no}-T2") for _ in range(20)))
    assert sum(epoch is not None for epoch in epochs) == 1
    assert (await runs.ledger.claims.absorbed())["refused"] == before + 19
    assert not await runs.wake(case_no, "T2")
    assert await runs.ledger.child_claims.claim(f"{case_no}-T9") is None


async def test_a_call_while_a_part_is_at_work_is_not_lost(runs: Runs) -> None:
    case_no = await called(runs)
    key = f"{case_no}-T2"
    epoch, calls = await runs.ledger.child_claims.claim(key), (await runs.ledger.children.row(key)).calls
    assert epoch is not None
    await runs.of_a_part(case_no, "cg", Kind.REPORTED_IN, note="收到")
    await runs.ledger.child_claims.release(key, epoch, calls, runs.time.at + timedelta(hours=1))
    assert await rings(runs) == ["T2"]


async def test_twenty_acts_at_once_get_places_without_a_gap(runs: Runs, made: Made) -> None:
    """Two of each of ten parts: the second is a late copy, or the first was."""
    units = [f"u{n}" for n in range(10)]
    case_no = await called(runs, units)
    before = (await runs.case(case_no)).seq
    acts = [runs.of_a_part(case_no, unit, Kind.REPORTED_IN, note="收到") for unit in units for _ in range(2)]
    await asyncio.gather(*acts)
    loaded = await runs.loaded(case_no)
    assert [row.seq for row in loaded.events] == list(range(1, before + 21))
    assert first_break(case_no, list(loaded.events), loaded.row.head) is None
    assert await rings(runs) == [f"T{n}" for n in sorted(range(2, 12), key=str)]
    rows = await children(runs, case_no)
    assert Counter(row.state for row in rows.values()) == {"awaiting_arrival": 10}
    await runs.answered()
    assert await rings(runs) == []


# Runs that are lost


async def test_a_lost_run_of_a_part_is_rung_through_its_parent(runs: Runs) -> None:
    case_no = await called(runs)
    key = f"{case_no}-T3"
    run = (await runs.ledger.children.row(key)).flow_run_id
    assert run is not None
    await runs.ledger.child_alarms.lost(key, run)
    await runs.ledger.child_alarms.lost(key, run)  # twice is once
    row = await runs.ledger.children.row(key)
    assert (row.flow_run_id, row.generation) == (None, 1)
    assert await rings(runs) == [""]
    await runs.ledger.children.born(key, run, "step-T3", 0)  # a word of the lost one that comes late
    assert (await runs.ledger.children.row(key)).flow_run_id is None
    await runs.answered()
    assert (await runs.ledger.children.row(key)).flow_run_id == f"run-{key}:1"
    assert runs.woken[-2:] == [case_no, key]
    assert Counter(runs.sent)[case_no, "sz", "whistle.called"] == 1


async def test_the_run_of_a_part_that_ended_is_made_anew_for_a_last_message(runs: Runs) -> None:
    case_no = await called(runs)
    await runs.of_a_part(case_no, "sz", Kind.PART_COMPLETED, note="好了")
    await runs.answered()
    row = await runs.ledger.children.row(f"{case_no}-T3")
    assert row.flow_run_id is not None
    await runs.ledger.child_alarms.lost(row.child_id, row.flow_run_id)
    assert [one.strand for one in await runs.ledger.children.unborn(case_no)] == ["T3"]
    await runs.answered()
    assert await runs.ledger.children.unborn(case_no) == []


async def test_what_is_no_part_is_no_part(made: Made) -> None:
    with pytest.raises(NoSuchChild, match="PS1-T2"):
        await made.ledger.children.row("PS1-T2")
    with pytest.raises(NoSuchCase):
        await made.ledger.children.row("PS1-T2")
    assert await made.ledger.children.of("PS1") == []
    await made.ledger.child_alarms.lost("PS1-T2", "run-1")
    await made.ledger.child_alarms.ring("PS1-T2")


# Rows


async def test_a_move_to_another_policy_rings_every_part_that_is_open(runs: Runs) -> None:
    case_no = await called(runs)
    await runs.of_a_part(case_no, "gas", Kind.PART_COMPLETED, note="好了")
    await runs.answered()
    version = await runs.ledger.policies.pin("pingshan", PLAIN.model_copy(update={"rung_grace_seconds": 9}), "form")
    await runs.said(case_no, Kind.MOVED, ADMIN, policy_version=version)
    assert await rings(runs) == ["", "T2", "T3"]


async def test_a_row_of_a_part_that_says_what_is_not_so_is_put_right_and_rung(runs: Runs) -> None:
    case_no = await called(runs)
    right = (await children(runs, case_no))["T3"]
    await runs.made.sql("update children set next_due_at = null, rung_at = null where strand = 'T3'")
    assert await refreshed(runs).all() == [case_no]
    row = (await children(runs, case_no))["T3"]
    assert (row.next_due_at, row.rung_at) == (right.next_due_at, right.rung_at)
    assert await rings(runs) == ["T3"]
    assert await refreshed(runs).all() == []


def refreshed(runs: Runs) -> Refreshing:
    return runs.ledger.refreshing


async def test_an_order_of_urgency_for_parts_too(runs: Runs, time: Time) -> None:
    """Whoever has not shown that it knows of the work comes first, then by grade."""
    case_no = await called(runs)
    await runs.of_a_part(case_no, "cg", Kind.ARRIVED, note="到场")
    time.forward(seconds=1)
    await runs.ledger.child_alarms.ring(f"{case_no}-T4")
    assert [one.strand for one in await runs.ledger.child_alarms.ringing(9)] == ["T4", "T2"]
    (first, *_) = await runs.ledger.child_alarms.ringing(1)
    assert (first.case_no, first.key, first.district, first.grade) == (case_no, f"{case_no}-T4", "pingshan", "B")
    assert await runs.ledger.child_alarms.lag() == 1.0
    assert await runs.ledger.child_alarms.win(first.key)
    assert not await runs.ledger.child_alarms.win(first.key)
    assert await runs.ledger.child_alarms.waking() == 1
    assert await runs.ledger.alarms.waking() == 0
    await runs.ledger.child_alarms.let_go(first.key)
    assert await runs.ledger.child_alarms.win(first.key)


# Messages


async def test_each_strand_sends_its_own(runs: Runs) -> None:
    case_no = await whistled(runs)
    strands = {row.strand: row.type for row in await runs.made.deliveries(case_no) if row.type == "whistle.called"}
    assert strands == dict.fromkeys(("T2", "T3", "T4"), "whistle.called")
    assert [one.type for one in await runs.ledger.deliveries.ready(case_no)] == ["citizen.joint"]
    (mine,) = await runs.ledger.deliveries.ready(case_no, "T3")
    assert (mine.addressee, mine.strand) == ("sz", "T3")
    await runs.ledger.deliveries.trying(mine.key)
    assert [one.key for one in await runs.ledger.deliveries.begun(case_no, "T3")] == [mine.key]
    assert await runs.ledger.deliveries.begun(case_no) == []


async def test_of_two_messages_to_one_unit_the_second_waits_whoever_sends_it(runs: Runs, time: Time) -> None:
    """One of a case's messages to a unit at a time: when the first is settled, the other's strand is called."""
    case_no = await made_quiet(runs)
    deliveries = runs.ledger.deliveries
    await runs.said(case_no, Kind.EXTENSION_REQUESTED, days=2, reason="忙")
    await runs.said(case_no, Kind.REFUSED, Actor(Role.DISPATCHER, "li"), reason="不同意")
    (first,) = [one for one in await deliveries.ready(case_no) if one.door == "unit"]
    await runs.said(case_no, Kind.EXCUSED, STREET, unit="cg", reason="不需要")
    assert await deliveries.ready(case_no, "T2") == []
    owed = await deliveries.owed(case_no, "T2")
    assert (owed.ready, owed.next_at) == (0, time.at + timedelta(seconds=10))
    await silence(runs)
    await deliveries.later(first.key, "不应答", time.at + timedelta(minutes=3))
    owed = await deliveries.owed(case_no, "T2")
    assert (owed.ready, owed.next_at) == (0, time.at + timedelta(minutes=3))
    assert await rings(runs) == ["T2"]  # only what is due now is called for
    await silence(runs)
    await deliveries.sent(first.key, "webhook")
    assert await rings(runs) == ["T2"]
    assert [one.type for one in await deliveries.ready(case_no, "T2")] == ["task.withdrawn"]


async def made_quiet(runs: Runs) -> str:
    case_no = await called(runs)
    await runs.answered()
    return case_no


async def silence(runs: Runs) -> None:
    """Nothing rings for now."""
    for table in ("cases", "children"):
        await runs.made.sql(f"update {table} set alarm_at = null")


async def test_an_endpoint_that_answers_again_calls_whoever_has_something_for_it(runs: Runs, time: Time) -> None:
    case_no = await whistled(runs)
    deliveries = runs.ledger.deliveries
    for strand in ("T2", "T3"):
        (one,) = await deliveries.ready(case_no, strand)
        await deliveries.later(one.key, "不应答", time.at + timedelta(hours=1))
    await runs.wake(case_no)
    await silence(runs)
    await runs.made.sql("update children set waking_until = null")
    await deliveries.hurry(case_no, "sz")
    assert await rings(runs) == ["T3"]
    await silence(runs)
    await deliveries.hurry(case_no, "cg", "T2")  # by the run that has just found it
    assert await rings(runs) == []
    assert (await deliveries.owed(case_no, "T2")).ready == 1


# A whole life


async def test_a_whistle_calls_whole_life(runs: Runs, time: Time) -> None:
    """By wakes of the request and of its parts alone; every message once, by the strand that owed it."""
    case_no = await called(runs)
    time.forward(minutes=5)
    await runs.of_a_part(case_no, "sz", Kind.REPORTED_IN, note="收到")
    await runs.answered()
    with pytest.raises(NotAllowed, match="sz, gas"):
        await runs.of_a_part(case_no, "cg", Kind.JOINT_RESULT, result="已修复")
    await runs.until(time.at + timedelta(minutes=25))  # the silent ones are urged, by runs of their own
    await runs.of_a_part(case_no, "gas", Kind.ARRIVED, note="到场")
    await runs.of_a_part(case_no, "gas", Kind.PART_COMPLETED, note="已断气")
    await runs.of_a_part(case_no, "sz", Kind.PART_COMPLETED, note="已回填")
    await runs.answered()
    await runs.of_a_part(case_no, "cg", Kind.JOINT_RESULT, result="已修复")
    await runs.answered()
    ratings = {"cg": 5, "sz": 4, "gas": 3}
    case = await runs.said(case_no, Kind.SIGNED_OFF, STREET, ratings=ratings)
    await runs.answered()
    assert case.stage is State.AWAITING_CALLBACK
    await runs.said(case_no, Kind.EVALUATED, CITIZEN, solved=True, satisfaction=5)
    await runs.answered()
    assert await rings(runs) == []
    rows = await children(runs, case_no)
    assert {row.state for row in rows.values()} == {"done"}
    assert all(row.alarm_at is None for row in [*rows.values(), await runs.ledger.cases.row(case_no)])
    written = await runs.made.deliveries(case_no)
    assert await open_messages(runs, case_no) == []
    assert Counter(key for key, _ in runs.by) == Counter(row.key for row in written if row.state == "sent")
    assert dict(runs.by) == {row.key: row.strand for row in written if row.state == "sent"}
    for unit, strand in (("cg", "T2"), ("sz", "T3"), ("gas", "T4")):
        told = [row.type for row in written if row.strand == strand]
        assert (told[0], Counter(told)["whistle.called"]) == ("whistle.called", 1)
        assert {row.addressee for row in written if row.strand == strand and row.door == "unit"} >= {unit}
    decided = [(row.addressee, row.strand) for row in written if row.type == "task.decided" and "rating" in row.data]
    assert sorted(decided) == [("cg", ""), ("gas", ""), ("sz", "")]  # the parts' own runs have ended
    urged = {row.strand for row in written if row.type in ("task.reminded", "task.urged", "task.supervised")}
    assert "T4" in urged
    assert first_break(case_no, await runs.made.events(case_no), (await runs.made.row(case_no)).head) is None


async def test_an_ownership_rises_by_a_run_of_its_own_until_it_is_dissolved(runs: Runs, time: Time) -> None:
    """A unit that stays silent: the ladder's end opens an ownership, whose owners stay silent too, up to the top."""
    case_no = await runs.made.receive(grade=Grade.A)
    await runs.answered()
    for _ in range(40):
        if (await runs.case(case_no)).ownership is not None:
            break
        await runs.until(time.at + timedelta(hours=1))
    (row,) = (await children(runs, case_no)).values()
    assert (row.strand, row.flow, row.role) == ("O1", "ownership", "owner")
    for _ in range(60):
        case = await runs.case(case_no)
        if case.ownership is not None and case.ownership.at.top:
            break
        await runs.until(time.at + timedelta(hours=12))
    row = await runs.ledger.children.row(f"{case_no}-O1")
    assert (row.unit, row.state) == ("office-1", "awaiting_acceptance")
    await runs.of_a_part(case_no, "office-1", Kind.ACCEPTED, note="接案")
    assert await rings(runs) == ["O1"]
    await runs.answered()
    asked = {
        "disposition": "solved",
        "evidence": ["https://example.org/1.jpg"],
        "opinion": "群众满意",
        "result": "好了",
    }
    await runs.of_a_part(case_no, "office-1", Kind.DISSOLUTION, **asked)
    await runs.answered()
    case = await runs.of_a_part(case_no, "office-group", Kind.APPROVED)
    assert case.stage is State.AWAITING_CALLBACK
    assert await rings(runs) == ["", "O1"]
    await runs.answered()
    row = await runs.ledger.children.row(row.child_id)
    assert (row.state, row.alarm_at) == ("dissolved", None)
    assert Counter(key for key, _ in runs.by).most_common(1)[0][1] == 1


# Cases that follow another


async def test_what_happens_to_a_case_rings_those_that_are_merged_into_it(runs: Runs) -> None:
    into, first = await runs.made.receive(), await runs.made.receive()
    other = await runs.made.receive()
    await runs.answered()
    await merge(runs, first, into)
    await runs.answered()
    assert (await runs.made.row(first)).merged_into == into
    assert await ringing_cases(runs) == []
    await runs.said(into, Kind.ACKNOWLEDGED, handler="陈工", feedback="马上到")
    assert await ringing_cases(runs) == sorted([first, into])
    assert (await runs.ledger.deliveries.owed(first)).ahead == (await runs.case(into)).seq
    await runs.answered()
    assert (await runs.case(first)).followed == (await runs.case(into)).seq
    assert (await runs.ledger.deliveries.owed(other)).ahead == 0
    await runs.said(first, Kind.UNMERGED, Actor(Role.DISPATCHER, "li"), reason="不是一件事")
    await runs.answered()
    assert (await runs.made.row(first)).merged_into is None
    await runs.said(into, Kind.CONTACTED, note="已约")
    assert await ringing_cases(runs) == [into]


async def test_two_cases_that_follow_and_are_followed_wait_for_nobody_in_a_ring(runs: Runs) -> None:
    """Acts on a case and on those that follow it, all at once: everybody locks in one order."""
    into, *followers = [await runs.made.receive() for _ in range(5)]
    await runs.answered()
    for one in followers:
        await merge(runs, one, into)
    await runs.answered()
    said = [runs.said(into, Kind.PROGRESS, note=str(n)) for n in range(6)]
    withdrawn = [runs.said(one, Kind.WITHDREW, CITIZEN) for one in followers[:2]]
    await asyncio.gather(*said, *withdrawn, runs.ledger.alarms.ring(*reversed(followers), into))
    await runs.answered()
    assert await ringing_cases(runs) == []
    for one in followers[2:]:
        assert (await runs.case(one)).followed == (await runs.case(into)).seq


async def merge(runs: Runs, case_no: str, into: str) -> None:
    act = merge_act(await runs.case(case_no), await runs.case(into), Actor(Role.DISPATCHER, "li"), runs.time.at)
    await runs.ledger.cases.record(case_no, act)


async def ringing_cases(runs: Runs) -> list[str]:
    return sorted(one.key for one in await runs.ringing())
