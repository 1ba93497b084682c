"""Whole lives by example: who is charged with which minute, how a life may end, and how it may begin again."""

from datetime import datetime

import pytest
from lives import DESK, DISPATCHER, START, Life, after

from casework.clocks import ClockKind
from casework.events import CITIZEN, SYSTEM, Actor, Kind, Role
from casework.evolve import fold
from casework.states import Outcome, State
from catalog.policy import Policy
from catalog.working_time import SHANGHAI

PLAIN = Policy(calendar="none", quiet_hours=None)
DAY = 24 * 60.0


def begun(**facts: object) -> Life:
    return Life.begun(PLAIN, **facts)


def assigned(grade: str = "C", **facts: object) -> Life:
    return begun(grade=grade, **facts).assigned(grade)


def minutes(life: Life) -> dict[str, float]:
    return {holder: seconds / 60 for holder, seconds in life.seconds.items()}


def unrated() -> Life:
    life = assigned().notified().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    while life.case.open:
        life.fire(after(60 + 5 * DAY + 1))
    return life


# One whole life


def test_every_minute_of_a_life_is_somebodys() -> None:
    life = begun()
    life.act(Kind.CLASSIFIED, at=after(0.5), item="SZ-0101", confidence=0.2, candidates=[])
    life.act(Kind.GRADED, grade="C")
    life.act(Kind.TRIAGED)
    life.act(Kind.ASSIGNED, DISPATCHER, after(3), unit="cg")
    life.notified(4).handled(6)
    life.act(Kind.ASSIGNED, DISPATCHER, after(20), unit="sw", reason="属地")
    life.notified(21)
    life.unit(Kind.ACKNOWLEDGED, 25, feedback="已接")
    life.paused(40, 600)
    life.act(Kind.RESUMED, DISPATCHER, after(50))
    life.completed(60).judged(80, solved=False, satisfaction=2, by=DESK)
    life.notified(81).completed(100).judged(130, solved=True, satisfaction=5)
    assert minutes(life) == {
        "system": 0.5 + 1 + 1 + 10 + 1,  # until triage, three notices on their way, the pause
        "dispatcher": 2.5,
        "department:cg": 16,
        "department:sw": 19 + 10 + 19,
        "citizen": 20 + 30,
    }
    assert sum(minutes(life).values()) == 130
    assert (life.case.outcome, life.case.reopened, life.case.closed_at) == (Outcome.RESOLVED, 1, after(130))
    assert [(task.unit, task.state) for task in life.case.tasks] == [
        (unit, State.CLOSED) for unit in ("cg", "sw", "sw")
    ]
    assert not any(clock.running for clock in life.case.clocks)
    assert fold(life.case.case_no, life.events, PLAIN) == life.case


def test_a_notice_that_does_not_arrive_is_the_systems_time() -> None:
    life = assigned()
    life.fire(after(6))
    assert life.case.held.holder == "system"
    life.notified(30)
    assert minutes(life) == {"system": 30}
    assert life.case.held.holder == "department:cg"


def test_the_units_first_word_shows_that_the_notice_arrived() -> None:
    life = assigned()
    life.unit(Kind.VISITED, 7)
    assert life.case.task is not None
    assert life.case.task.notified_at == after(7)
    life.notified(9)
    assert life.case.task.notified_at == after(7)
    assert minutes(life) == {"system": 7, "department:cg": 2}


def test_the_notice_to_a_unit_that_was_relieved_changes_nothing() -> None:
    life = assigned()
    old = life.case.task
    assert old is not None
    life.act(Kind.ASSIGNED, DISPATCHER, after(3), unit="sw")
    life.act(Kind.NOTIFIED, SYSTEM, after(4), task_id=old.task_id)
    assert life.case.held.holder == "system"
    assert [task.notified_at for task in life.case.tasks] == [None, None]


def test_an_act_processed_late_charges_nothing_backwards_and_keeps_its_own_time_on_the_clocks() -> None:
    life = assigned().notified(1)
    life.fire(after(9))
    life.unit(Kind.ACKNOWLEDGED, 8.5, feedback="到")
    assert minutes(life) == {"system": 1, "department:cg": 8}
    assert life.clock(ClockKind.FEEDBACK).met_at == after(8.5)
    assert life.case.last_at == after(9)


# The beginning


def test_a_request_begins_with_its_promises_running_from_receipt() -> None:
    kinds = [clock.kind for clock in begun().case.clocks]
    assert kinds == [ClockKind.TRIAGE, ClockKind.FEEDBACK, ClockKind.CONTACT, ClockKind.FIRST_ROUND]
    assert {clock.started_at for clock in begun().case.clocks} == {START}
    assert {clock.holder for clock in begun().case.clocks} == {"dispatcher"}


def test_without_a_phone_nobody_promises_a_call() -> None:
    assert begun(has_phone=False).case.clock(ClockKind.CONTACT) is None


def test_thanks_are_passed_on_and_closed() -> None:
    life = begun(property="thanks")
    assert [clock.kind for clock in life.case.clocks] == [ClockKind.TRIAGE]
    life.act(Kind.CLASSIFIED, item="SZ-1801", confidence=0.9, candidates=[])
    life.act(Kind.GRADED, grade="C")
    life.act(Kind.ASSIGNED, at=after(0.1), unit="cg")
    assert (life.case.state, life.case.outcome, life.case.unit) == (State.CLOSED, Outcome.RESOLVED, "cg")
    assert life.case.closed_at == after(0.1)
    assert life.clock(ClockKind.TRIAGE).met_at == after(0.1)


def test_a_dispatcher_passes_thanks_on_as_well() -> None:
    life = begun(property="thanks")
    life.act(Kind.CLASSIFIED, item="SZ-1801", confidence=0.1, candidates=[])
    life.act(Kind.GRADED, grade="C")
    life.act(Kind.TRIAGED)
    life.act(Kind.ASSIGNED, DISPATCHER, after(2), unit="cg")
    assert life.case.outcome is Outcome.RESOLVED
    assert minutes(life) == {"dispatcher": 2}


def test_a_run_pins_its_policy() -> None:
    life = begun()
    life.act(Kind.PINNED, policy_version="p2", catalogue_version="c2")
    assert (life.case.policy_version, life.case.catalogue_version) == ("p2", "c2")


# The end


@pytest.mark.parametrize(
    ("property_", "outcome"),
    [
        ("complaint", Outcome.RESOLVED),
        ("help", Outcome.RESOLVED),
        ("report", Outcome.RESOLVED),
        ("question", Outcome.EXPLAINED),
        ("suggestion", Outcome.EXPLAINED),
    ],
)
def test_a_satisfied_citizen_ends_it(property_: str, outcome: Outcome) -> None:
    life = assigned(property=property_).completed(60).judged(70, solved=True, satisfaction=3)
    assert (life.case.state, life.case.outcome) == (State.CLOSED, outcome)
    assert life.clock(ClockKind.CALLBACK).met_at == after(70)


@pytest.mark.parametrize(("solved", "satisfaction"), [(False, 5), (False, 1), (True, 2), (True, 1)])
def test_not_solved_or_hardly_satisfied_is_dissatisfied(solved: bool, satisfaction: int) -> None:
    life = assigned().completed(60).judged(70, solved=solved, satisfaction=satisfaction)
    assert (life.case.state, life.case.outcome, life.case.reopened) == (State.AWAITING_ACK, None, 1)


def test_where_dissatisfaction_begins_is_the_policys() -> None:
    strict = PLAIN.model_copy(update={"satisfaction_threshold": 4})
    life = Life.begun(strict).assigned().completed(60).judged(70, solved=True, satisfaction=4)
    assert life.case.open


def test_a_request_withdrawn_before_anybody_had_it_is_over() -> None:
    life = begun()
    life.act(Kind.WITHDREW, CITIZEN, after(2))
    assert (life.case.state, life.case.outcome, life.case.task) == (State.CLOSED, Outcome.WITHDRAWN, None)
    assert minutes(life) == {"system": 2}


@pytest.mark.parametrize("grade", ["B", "C"])
def test_a_request_withdrawn_from_its_unit_is_over(grade: str) -> None:
    life = assigned(grade).notified().handled()
    life.act(Kind.WITHDREW, CITIZEN, after(8))
    assert (life.case.outcome, life.case.closed_at) == (Outcome.WITHDRAWN, after(8))
    assert not any(clock.running for clock in life.case.clocks)


def test_an_answer_may_be_withdrawn_from_even_where_it_was_a_hazard() -> None:
    life = assigned("A").completed(60)
    life.act(Kind.WITHDREW, CITIZEN, after(61))
    assert life.case.outcome is Outcome.WITHDRAWN


def test_a_withdrawn_hazard_goes_on_to_its_completion_and_nobody_is_asked() -> None:
    life = assigned("A").notified(1).handled(5)
    life.act(Kind.WITHDREW, CITIZEN, after(6))
    assert (life.case.state, life.case.outcome, life.case.withdrawn) == (State.IN_PROGRESS, None, True)
    assert life.case.held.holder == "department:cg"
    life.fire(after(61))
    life.completed(90)
    assert (life.case.state, life.case.outcome) == (State.CLOSED, Outcome.WITHDRAWN)
    assert life.case.clock(ClockKind.CALLBACK) is None
    assert life.clock(ClockKind.COMPLETION).met_at == after(90)
    assert minutes(life) == {"system": 1, "department:cg": 89}


# Unrated


def test_nobody_answered_and_the_case_closed_unrated() -> None:
    life = unrated()
    assert (life.case.outcome, life.case.evaluations) == (Outcome.UNRATED, ())
    assert life.clock(ClockKind.CALLBACK).met_at is None
    assert minutes(life)["citizen"] == 5 * DAY + 1


def test_a_late_evaluation_still_counts() -> None:
    life = unrated()
    before = life.case
    life.judged(60 + 7 * DAY, solved=True, satisfaction=5)
    after_word = life.case
    assert (after_word.state, after_word.outcome) == (State.CLOSED, Outcome.RESOLVED)
    assert (after_word.closed_at, after_word.held) == (before.closed_at, before.held)
    assert len(after_word.evaluations) == 1


def test_a_late_bad_evaluation_opens_the_case_again() -> None:
    life = unrated()
    life.judged(60 + 7 * DAY, solved=False, satisfaction=1)
    assert (life.case.state, life.case.outcome, life.case.closed_at) == (State.AWAITING_ACK, None, None)
    assert minutes(life)["citizen"] == 7 * DAY
    assert life.clock(ClockKind.COMPLETION).running


# Reopening


def test_a_closed_case_comes_back_within_the_policys_days() -> None:
    life = assigned().notified(1).completed(60).judged(70, solved=True, satisfaction=5)
    life.act(Kind.REOPENED, CITIZEN, after(70 + 10 * DAY), reason="又不亮了")
    assert (life.case.state, life.case.outcome, life.case.closed_at) == (State.AWAITING_ACK, None, None)
    assert (life.case.reopened, life.case.unit, life.case.held.holder) == (1, "cg", "system")
    assert minutes(life) == {"system": 1, "department:cg": 59, "citizen": 10 + 10 * DAY}
    life.notified(71 + 10 * DAY).completed(80 + 10 * DAY).judged(90 + 10 * DAY, solved=True, satisfaction=4)
    assert life.case.outcome is Outcome.RESOLVED
    assert sum(minutes(life).values()) == 90 + 10 * DAY


def test_what_is_done_again_is_asked_about_and_judged_again() -> None:
    life = assigned().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    life.judged(70, solved=False, satisfaction=1).completed(80)
    assert life.case.asked == 0
    life.judged(90, solved=False, satisfaction=1).completed(100).judged(110, solved=True, satisfaction=3)
    assert (life.case.reopened, len(life.case.evaluations), len(life.case.tasks)) == (2, 3, 3)
    assert [clock.id for clock in life.case.clocks if clock.kind is ClockKind.CALLBACK] == [
        "callback#0",
        "callback#1",
        "callback#2",
    ]


def test_promises_are_kept_once_and_do_not_begin_again() -> None:
    life = assigned().handled().completed(60).judged(70, solved=False, satisfaction=1)
    running = [clock.kind for clock in life.case.clocks if clock.running]
    assert running == [ClockKind.COMPLETION]


# Pause and extension


def test_a_pause_is_nobodys_fault_and_not_counted() -> None:
    life = assigned().notified(1).handled(5).paused(20, 620)
    before = life.clock(ClockKind.COMPLETION).elapsed(after(20))
    resumed = life.fire(after(621))
    assert resumed is not None
    assert life.case.state is State.IN_PROGRESS
    assert minutes(life) == {"system": 1 + 601, "department:cg": 19}
    completion = life.clock(ClockKind.COMPLETION)
    assert completion.due_at == after(5 * DAY + 601)
    assert completion.elapsed(after(621)) == before
    assert life.clock(ClockKind.FIRST_ROUND).due_at == after(DAY + 601)


def test_a_unit_resumes_by_itself() -> None:
    life = assigned().notified(1).handled(5).paused(20, 620)
    life.unit(Kind.TASK_RESUMED, 40, reason="配件到了")
    assert (life.case.state, life.case.held.holder) == (State.IN_PROGRESS, "department:cg")
    assert life.clock(ClockKind.COMPLETION).paused_seconds(after(99)) == 20 * 60
    assert not life.clock(ClockKind.PAUSE).running


def test_pauses_follow_one_another() -> None:
    life = assigned().notified(1).handled(5).paused(20, 620)
    life.unit(Kind.TASK_RESUMED, 40)
    life.paused(50, 650)
    life.unit(Kind.TASK_RESUMED, 60)
    assert life.clock(ClockKind.PAUSE).id == "review#1"
    assert life.clock(ClockKind.COMPLETION).paused_seconds(after(99)) == 30 * 60


def test_what_a_unit_asked_for_stands_until_it_is_decided() -> None:
    life = assigned().handled()
    life.unit(Kind.EXTENSION_REQUESTED, 10, days=3, reason="缺件")
    life.unit(Kind.PAUSE_REQUESTED, 11, review_at=after(99).isoformat(), reason="缺件")
    assert life.case.extension_requested is not None
    assert life.case.pause_requested is not None
    life.act(Kind.EXTENDED, DISPATCHER, after(12), days=3)
    assert life.case.extension_requested is None
    assert life.case.pause_requested is not None
    life.act(Kind.REFUSED, DISPATCHER, after(13), reason="不必")
    assert life.case.pause_requested is None


def test_an_extension_keeps_what_has_fired() -> None:
    life = assigned("B").notified().handled()
    life.unit(Kind.FIRST_ROUND, 30)
    life.fire(after(13 * 60))
    life.act(Kind.EXTENDED, DISPATCHER, after(14 * 60), days=1)
    completion = life.clock(ClockKind.COMPLETION)
    assert [step.n for step in completion.climbed] == [0]
    assert completion.due_at == after(2 * DAY)
    assert completion.due_rung(after(2 * DAY * 0.8)) == 1


@pytest.mark.parametrize(
    ("days", "due"), [(1, (11, 30, 10)), (2, (12, 1, 10)), (5, (12, 4, 10))], ids=["over the weekend", "two", "a week"]
)
def test_an_extension_is_of_working_days_also_where_the_limit_is_of_hours(days: int, due: tuple[int, int, int]) -> None:
    life = Life.begun(grade="B")
    life.act(Kind.ASSIGNED, DISPATCHER, after(3 * DAY), unit="cg", item="SZ-0102", grade="B")
    life.unit(Kind.CONTACTED, 3 * DAY + 5)
    life.unit(Kind.FIRST_ROUND, 3 * DAY + 5)
    assert life.clock(ClockKind.COMPLETION).due_at == datetime(2026, 11, 27, 10, tzinfo=SHANGHAI)  # a Friday
    life.act(Kind.EXTENDED, DISPATCHER, after(3 * DAY + 10), days=days)
    assert life.clock(ClockKind.COMPLETION).due_at == datetime(2026, *due, tzinfo=SHANGHAI)


def test_an_extension_of_working_days_ends_at_the_same_wall_time() -> None:
    life = Life.begun().assigned("C").handled()  # due on Monday the 30th, 10:00
    life.act(Kind.EXTENDED, DISPATCHER, after(30), days=5)
    assert life.clock(ClockKind.COMPLETION).due_at == datetime(2026, 12, 7, 10, tzinfo=SHANGHAI)


# The record


def test_events_are_counted_without_a_gap() -> None:
    life = assigned().notified().handled().completed(60).judged(70, solved=True, satisfaction=5)
    assert [event.seq for event in life.events] == list(range(1, len(life.events) + 1))
    assert life.case.seq == len(life.events)


@pytest.mark.parametrize("written", ["system", "unit:cg", "dispatcher:li", "citizen", "unit:a:b"])
def test_an_actor_is_written_and_read(written: str) -> None:
    assert str(Actor.parse(written)) == written


def test_actors_have_a_role_and_a_name() -> None:
    assert Actor.parse("unit:cg") == Actor(Role.UNIT, "cg")
    assert Actor.parse("unit:a:b").name == "a:b"
