"""What the next holder's completion clock is, and what becomes of the promises."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lives import DISPATCHER, START, Life, after

from casework.clocks import PROMISES, ClockKind
from casework.events import CITIZEN, Kind
from casework.states import State
from catalog.policy import Grade, Policy
from catalog.working_time import SHANGHAI

HOUR = 60.0
PLAIN = Policy(calendar="none", quiet_hours=None)


def handed_over(life: Life, minutes: float, **data: object) -> Life:
    life.act(Kind.ASSIGNED, DISPATCHER, after(minutes), **{"unit": "sw", **data})
    return life


def due(life: Life) -> float:
    """Minutes after receipt at which the present completion clock is due."""
    at = life.clock(ClockKind.COMPLETION).due_at
    assert at is not None
    return (at - START) / timedelta(minutes=1)


def sent_back(life: Life, done: float, back: float) -> Life:
    return life.completed(done).judged(back, solved=False, satisfaction=1)


# A first holder


@pytest.mark.parametrize(("grade", "limit"), [("A", 2 * HOUR), ("B", 24 * HOUR), ("C", 5 * 24 * HOUR)])
def test_the_first_holder_gets_the_whole_limit(grade: str, limit: float) -> None:
    assert due(Life.begun(PLAIN).assigned(grade)) == limit


def test_an_items_own_limit_comes_before_the_grades() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.9, candidates=[])
    life.act(Kind.GRADED, grade="C", limit="15wd")
    life.act(Kind.ASSIGNED, unit="cg")
    assert due(life) == 15 * 24 * HOUR


def test_the_limit_runs_from_the_handing_over_not_from_receipt() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.ASSIGNED, DISPATCHER, after(100), unit="cg", item="SZ-0101", grade="B")
    assert due(life) == 100 + 24 * HOUR


# The next holder


def test_the_next_holder_gets_what_remains_where_that_is_more_than_half() -> None:
    assert due(handed_over(Life.begun(PLAIN).assigned("B"), 6 * HOUR)) == 24 * HOUR


def test_the_next_holder_gets_half_where_less_than_half_remains() -> None:
    assert due(handed_over(Life.begun(PLAIN).assigned("B"), 20 * HOUR)) == 20 * HOUR + 12 * HOUR


def test_the_next_holder_gets_half_of_a_limit_that_has_passed() -> None:
    assert due(handed_over(Life.begun(PLAIN).assigned("B"), 30 * HOUR)) == 30 * HOUR + 12 * HOUR


def test_working_days_are_halved_in_counted_time() -> None:
    life = handed_over(Life.begun().assigned("C"), 4 * 24 * HOUR)  # from Monday to Friday, 10:00
    at = life.clock(ClockKind.COMPLETION).due_at
    assert at is not None
    assert at.astimezone(SHANGHAI).strftime("%m-%d %H:%M") == "12-01 22:00"  # 60 counted hours, no weekend


def test_a_new_grade_brings_its_own_limit() -> None:
    tightened = handed_over(Life.begun(PLAIN).assigned("C"), HOUR, grade="A")
    assert due(tightened) == HOUR + 2 * HOUR
    loosened = handed_over(Life.begun(PLAIN).assigned("A"), HOUR, grade="C")
    assert due(loosened) == HOUR + 2.5 * 24 * HOUR


def test_a_new_item_brings_its_own_limit() -> None:
    life = handed_over(Life.begun(PLAIN).assigned("C"), HOUR, item="SZ-0102", limit="4h")
    assert due(life) == HOUR + 4 * HOUR
    plain_again = handed_over(life, 2 * HOUR, unit="cg", item="SZ-0103")
    assert plain_again.case.item_limit is None


def test_the_old_clock_ends_unmet_and_the_new_has_its_own_name() -> None:
    life = handed_over(Life.begun(PLAIN).assigned("B"), 6 * HOUR)
    old, new = (clock for clock in life.case.clocks if clock.kind is ClockKind.COMPLETION)
    assert (old.id, old.holder, old.stopped_at, old.met_at) == ("completion#0", "department:cg", after(6 * HOUR), None)
    assert (new.id, new.holder, new.climbed) == ("completion#1", "department:sw", ())


# Promises


def test_promises_pass_to_the_new_holder_and_never_restart() -> None:
    first = Life.begun(PLAIN).assigned("C")
    before = {clock.kind: clock.due_at for clock in first.case.clocks if clock.kind in PROMISES}
    life = handed_over(first, 9)
    promises = [clock for clock in life.case.clocks if clock.kind in PROMISES]
    assert len(promises) == 3
    for clock in promises:
        assert clock.started_at == START
        assert clock.holder == "department:sw"
        assert clock.due_at == before[clock.kind]


def test_a_met_promise_stays_whose_it_was() -> None:
    life = handed_over(Life.begun(PLAIN).assigned("C").notified().handled(5), 30)
    assert life.clock(ClockKind.FEEDBACK).holder == "department:cg"
    assert life.clock(ClockKind.FEEDBACK).met_at == after(5)


def test_no_promise_is_due_after_completion() -> None:
    life = Life.begun(PLAIN).assigned("A")
    assert life.clock(ClockKind.FIRST_ROUND).due_at == after(2 * HOUR)
    assert life.clock(ClockKind.CONTACT).due_at == after(30)


def test_what_has_fired_does_not_fire_again_for_the_new_holder() -> None:
    life = Life.begun(PLAIN).assigned("C")
    life.fire(after(6))
    assert [step.n for step in handed_over(life, 7).clock(ClockKind.FEEDBACK).climbed] == [0]


# Regrading


def test_a_new_grade_gives_the_running_promises_its_limits_from_receipt() -> None:
    clocks = PLAIN.clocks
    contact = clocks.contact.model_copy(update={"a": "15m"})
    policy = PLAIN.model_copy(update={"clocks": clocks.model_copy(update={"contact": contact})})
    life = Life.begun(policy)
    life.act(Kind.GRADED, at=after(1), grade="A")
    assert life.case.grade is Grade.A
    assert life.clock(ClockKind.CONTACT).due_at == after(15)
    assert life.clock(ClockKind.CONTACT).started_at == START
    assert life.clock(ClockKind.TRIAGE).due_at == after(5)


def test_regrading_keeps_what_the_triage_clock_has_climbed() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.1, candidates=[])
    life.act(Kind.GRADED, grade="C")
    life.act(Kind.TRIAGED)
    life.fire(after(25))
    assert len(life.clock(ClockKind.TRIAGE).climbed) == 1
    life.act(Kind.ASSIGNED, DISPATCHER, after(26), unit="cg", item="SZ-0101", grade="A")
    assert len(life.clock(ClockKind.TRIAGE).climbed) == 1


def regraded(minutes: float) -> Life:
    """A case whose contact is owed within 30 minutes, or 10 in grade A, graded A after so long."""
    contact = PLAIN.clocks.contact.model_copy(update={"a": "10m"})
    clocks = PLAIN.clocks.model_copy(update={"contact": contact})
    return handed_over(Life.begun(PLAIN.model_copy(update={"clocks": clocks})).assigned("C"), minutes, grade="A")


@pytest.mark.parametrize(("at", "due_after"), [(2, 10), (5, 10), (20, 25), (27, 30), (45, 30)])
def test_a_tighter_promise_leaves_half_of_itself_and_never_more_than_there_was(at: float, due_after: float) -> None:
    life = regraded(at)
    assert life.clock(ClockKind.CONTACT).due_at == after(due_after)


@pytest.mark.parametrize("at", [3, 8, 12, 30])
def test_a_promise_that_is_the_same_in_both_grades_does_not_move(at: float) -> None:
    assert regraded(at).clock(ClockKind.FEEDBACK).due_at == after(10)


# Sent back by the citizen


@pytest.mark.parametrize(("grade", "hours"), [("C", 24.0), ("B", 2.0), ("A", 1.0)])
def test_sent_back_the_limit_is_one_grade_tighter_and_tighter_than_a_is_half(grade: str, hours: float) -> None:
    life = sent_back(Life.begun(PLAIN).assigned(grade), 30, 60)
    assert due(life) == 60 + hours * HOUR
    assert life.case.grade == grade  # the case is not graded anew: the next holder's limit is its own again


def test_an_item_that_is_tighter_than_the_next_grade_is_halved() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.ASSIGNED, DISPATCHER, unit="cg", item="SZ-0101", grade="C", limit="6h")
    assert due(sent_back(life, 30, 60)) == 60 + 3 * HOUR


def test_an_item_that_is_looser_than_the_next_grade_gets_the_next_grade() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.ASSIGNED, DISPATCHER, unit="cg", item="SZ-0101", grade="C", limit="15wd")
    assert due(sent_back(life, 30, 60)) == 60 + 24 * HOUR


def test_a_citizen_who_asks_again_gets_the_same_as_one_who_rates_badly() -> None:
    life = Life.begun(PLAIN).assigned("C").completed(30)
    life.act(Kind.REOPENED, CITIZEN, after(60), reason="还在漏")
    assert due(life) == 60 + 24 * HOUR
    assert life.case.state is State.AWAITING_ACK
    assert life.case.unit == "cg"


def test_a_reopened_case_that_changes_hands_keeps_its_tighter_limit() -> None:
    early = handed_over(sent_back(Life.begun(PLAIN).assigned("C"), 30, 60), 60 + HOUR)
    assert due(early) == 60 + 24 * HOUR
    late = handed_over(sent_back(Life.begun(PLAIN).assigned("C"), 30, 60), 60 + 23 * HOUR)
    assert due(late) == 60 + (23 + 12) * HOUR


def test_clocks_are_values() -> None:
    life = Life.begun(PLAIN).assigned("B")
    before = life.clock(ClockKind.COMPLETION)
    handed_over(life, 20 * HOUR)
    assert replace(before) == before
    assert before.running
