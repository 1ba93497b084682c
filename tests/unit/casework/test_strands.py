"""Strands: which there are, which looks after which clock and message, which must be rung."""

from lives import DISPATCHER, Life, after

from casework.clocks import ClockKind
from casework.events import CITIZEN, Kind
from casework.states import State
from casework.steps import Owed, Verb, next_alarm, next_step
from casework.strands import MAIN, awaited_of, changed, clocks_of, strands
from casework.waiting import waits_for
from catalog.policy import Policy

PLAIN = Policy(calendar="none", quiet_hours=None)


def busy() -> Life:
    return Life.begun(PLAIN).assigned().notified().handled(5).whistled("sw", "jt").owned(12)


def test_each_part_and_each_ownership_is_a_strand() -> None:
    found = [(one.name, one.flow, one.unit, one.role, one.state, one.over) for one in strands(busy().case)]
    assert found == [
        ("T2", "whistle", "sw", "lead", State.AWAITING_REPORT_IN, False),
        ("T3", "whistle", "jt", "co", State.AWAITING_REPORT_IN, False),
        ("O1", "ownership", "cg", "owner", State.AWAITING_ACCEPTANCE, False),
    ]
    assert strands(Life.begun(PLAIN).assigned().case) == ()


def test_each_clock_is_looked_after_by_one_strand() -> None:
    case = busy().case
    names = [MAIN, *(one.name for one in strands(case))]
    found = [clock.id for name in names for clock in clocks_of(case, name)]
    assert sorted(found) == sorted(clock.id for clock in case.clocks)
    assert {clock.of for clock in clocks_of(case, MAIN)} == {"", "W1"}, "a call's own clocks are the request's"
    assert {clock.kind for clock in clocks_of(case, "T3")} == {ClockKind.REPORT_IN, ClockKind.PART}


def test_each_fires_its_own_rungs() -> None:
    life = busy()
    at = after(10 + 61)
    assert next_step(life.case, PLAIN, at, Owed(), strand="T3") is Verb.ESCALATE
    assert next_step(life.case, PLAIN, at, Owed(), strand="O1") is None
    fired = life.fire(at, "T3")
    assert fired is not None
    assert fired.data["clock"] == "T3.report_in#0"
    assert {effect.strand for effect in life.last} == {"T3"}
    assert next_alarm(life.case, PLAIN, Owed(), strand="O1") == after(12 + 12 * 60) + (after(1) - after(0)) / 30


def test_the_main_strand_makes_those_that_are_not_born() -> None:
    assert next_step(busy().case, PLAIN, after(12), Owed(unborn=2), but=()) is Verb.SUMMON
    assert next_step(busy().case, PLAIN, after(12), Owed(unborn=2), strand="T3") is None


def test_messages_go_with_the_strand_of_their_work() -> None:
    life = busy()
    strand_of = {(effect.type, effect.addressee): effect.strand for effect in life.owed}
    assert strand_of["whistle.called", "jt"] == "T3"
    assert strand_of["ownership.assigned", "cg"] == "O1"
    assert strand_of["task.assigned", "cg"] == MAIN


def test_a_badge_says_what_the_strand_waits_for() -> None:
    life = busy()
    parts = {one.name: one for one in strands(life.case)}
    assert waits_for(life.case, after(12), parts["T3"]).label == "待报到 12:10前"
    life.say(life.part("jt"), Kind.REPORTED_IN, 15)
    part = next(one for one in strands(life.case) if one.name == "T3")
    awaited = awaited_of(life.case, part)
    assert awaited is not None
    assert awaited.kind is ClockKind.ARRIVAL
    assert waits_for(life.case, after(15), part).state == "待到场"


def test_what_changes_for_a_strand_names_it_and_no_other() -> None:
    life = busy()
    before = life.case
    life.say(life.part("jt"), Kind.REPORTED_IN, 15)
    assert changed(before, life.case) == {"T3"}
    before = life.case
    life.owner(Kind.ACCEPTED, 16)
    assert changed(before, life.case) == {"O1"}
    before = life.case
    life.unit(Kind.PROGRESS, 17, note="x")
    assert changed(before, life.case) == frozenset()


def test_the_joint_result_is_seen_by_the_request() -> None:
    life = busy()
    life.say(life.part("jt"), Kind.PART_COMPLETED, 20, note="x")
    before = life.case
    life.say(life.part("sw"), Kind.JOINT_RESULT, 21, result="好")
    assert changed(before, life.case) == {MAIN, "T2"}


def test_a_strand_is_over_with_its_work_and_all_are_with_the_case() -> None:
    life = busy()
    life.say(life.part("jt"), Kind.PART_COMPLETED, 20, note="x")
    assert [one.over for one in strands(life.case)] == [False, True, False]
    closed = Life.begun(PLAIN).assigned().whistled("sw")
    before = closed.case
    closed.act(Kind.WITHDREW, CITIZEN, after(12))
    assert [one.over for one in strands(closed.case)] == [True]
    assert changed(before, closed.case) == {MAIN, "T2"}
    excused = Life.begun(PLAIN).assigned().whistled("sw")
    excused.act(Kind.EXCUSED, DISPATCHER, after(12), unit="sw", reason="x")
    assert [one.over for one in strands(excused.case)] == [True]
