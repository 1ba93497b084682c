"""What is refused, in which words, and what is allowed instead. A refused act changes nothing."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from lives import DESK, DISPATCHER, Life, after

from casework.admission import admit
from casework.clocks import ClockKind
from casework.errors import BadAct, NotAllowed
from casework.events import CITIZEN, SYSTEM, Act, Actor, Kind, Role
from casework.life_cycle import allowed
from casework.states import Outcome, State
from catalog.policy import Action, Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
DAY = 24 * 60.0
CG = Actor(Role.UNIT, "cg")


def assigned() -> Life:
    return Life.begun(PLAIN).assigned()


def handled() -> Life:
    return assigned().notified().handled()


def refused(life: Life, kind: Kind, actor: Actor = SYSTEM, minutes: float = 6, **data: Any) -> NotAllowed:
    case, events = life.case, len(life.events)
    with pytest.raises(NotAllowed) as raised:
        life.act(kind, actor, after(minutes), **data)
    assert life.case is case
    assert len(life.events) == events
    assert raised.value.state == case.state
    return raised.value


def bad(life: Life, kind: Kind, actor: Actor, minutes: float, **data: Any) -> BadAct:
    case = life.case
    with pytest.raises(BadAct) as raised:
        life.act(kind, actor, after(minutes), **data)
    assert life.case is case
    return raised.value


def task_id(life: Life) -> str:
    assert life.case.task is not None
    return life.case.task.task_id


# The table's refusals


def test_what_makes_no_sense_is_refused_with_the_state_and_what_is_allowed() -> None:
    life = assigned()
    no = refused(life, Kind.PAUSE_REQUESTED, CG, task_id=task_id(life), review_at=after(99).isoformat())
    assert no.state is State.AWAITING_ACK
    assert no.allowed == allowed(life.case, Role.UNIT)
    assert str(no) == (
        "not allowed while the case is awaiting_ack: allowed are task.acknowledged, task.visited, task.first_round, "
        "task.progress, task.contacted, task.completed, task.extension_requested, task.declined, whistle.requested, "
        "task.delegated"
    )


def test_where_nothing_is_allowed_it_says_none() -> None:
    no = refused(Life.begun(), Kind.ACKNOWLEDGED, CG, task_id="x")
    assert (no.state, no.allowed) == (State.RECEIVED, ())
    assert str(no) == "not allowed while the case is received: allowed are none"


def test_who_may_not_is_told_what_he_may() -> None:
    assert refused(handled(), Kind.EXTENDED, CG, days=1).allowed == allowed(handled().case, Role.UNIT)
    assert refused(handled(), Kind.COMPLETED, CITIZEN).allowed == ("citizen.withdrew",)
    assert refused(assigned().completed(), Kind.EVALUATED, CG, solved=True, satisfaction=5).allowed == (
        "task.acknowledged",
        "task.visited",
        "task.first_round",
        "task.progress",
        "task.contacted",
    )


def test_a_department_does_not_evaluate_itself_or_close() -> None:
    life = assigned().completed()
    for kind in (Kind.EVALUATED, Kind.CLOSED, Kind.WITHDREW, Kind.REOPENED):
        refused(life, kind, CG, 70, task_id=task_id(life), solved=True, satisfaction=5, outcome="resolved")


def test_a_closed_case_is_closed_to_its_unit() -> None:
    life = assigned().completed().judged(70, solved=True, satisfaction=5)
    for kind in (Kind.PROGRESS, Kind.COMPLETED, Kind.ACKNOWLEDGED):
        assert refused(life, kind, CG, 80, task_id=task_id(life)).allowed == ()


# The task's holder


@pytest.mark.parametrize("actor", [Actor(Role.UNIT, "sw"), Actor(Role.UNIT, ""), Actor(Role.UNIT, "CG")])
def test_only_the_unit_that_holds_the_task_speaks_of_it(actor: Actor) -> None:
    life = assigned()
    no = refused(life, Kind.ACKNOWLEDGED, actor, task_id=task_id(life))
    assert (str(no), no.allowed) == ("this unit does not hold the task", ())


@pytest.mark.parametrize("named", [{}, {"task_id": "PS2026112300001-T2"}, {"task_id": "PS2026112300002-T1"}])
def test_the_task_must_be_named(named: dict[str, str]) -> None:
    assert refused(assigned(), Kind.ACKNOWLEDGED, CG, **named).why == "this unit does not hold the task"


def test_a_unit_that_was_relieved_speaks_no_more() -> None:
    life = assigned()
    old = task_id(life)
    life.act(Kind.ASSIGNED, DISPATCHER, after(3), unit="sw")
    assert refused(life, Kind.COMPLETED, CG, task_id=old).why == "this unit does not hold the task"
    life.act(Kind.ASSIGNED, DISPATCHER, after(4), unit="cg")  # it holds the case again, by another task
    assert refused(life, Kind.COMPLETED, CG, task_id=old).why == "this unit does not hold the task"


# Dispatch


def test_a_case_is_not_dispatched_to_who_holds_it() -> None:
    no = refused(assigned(), Kind.ASSIGNED, DISPATCHER, unit="cg")
    assert str(no) == "this unit already holds the case"
    assert no.allowed == allowed(assigned().case, Role.DISPATCHER)


def test_the_system_does_not_take_a_case_from_its_unit() -> None:
    refused(assigned(), Kind.ASSIGNED, SYSTEM, unit="sw")


# Extension


def test_a_case_is_extended_once_only() -> None:
    life = handled()
    life.act(Kind.EXTENDED, DISPATCHER, after(7), days=2)
    for kind, actor in ((Kind.EXTENDED, DISPATCHER), (Kind.EXTENSION_REQUESTED, CG)):
        no = refused(life, kind, actor, 8, days=1, task_id=task_id(life))
        assert str(no) == "a case is extended once only"
        assert no.allowed == allowed(life.case, actor.role)


@pytest.mark.parametrize(("kind", "actor"), [(Kind.EXTENDED, DISPATCHER), (Kind.EXTENSION_REQUESTED, CG)])
def test_after_a_breach_nothing_is_extended(kind: Kind, actor: Actor) -> None:
    life = handled()
    no = refused(life, kind, actor, 25 * 60, days=1, task_id=task_id(life))  # the first round was due after 24 h
    assert str(no) == "a limit has passed: it is too late to extend"


def test_a_breach_that_is_over_bars_nothing() -> None:
    life = assigned().handled(11)  # acknowledged a minute late
    life.act(Kind.EXTENDED, DISPATCHER, after(20), days=1)
    assert life.case.extended


@pytest.mark.parametrize("days", [-1, 0, 16])
def test_extension_has_a_measure(days: int) -> None:
    life = handled()
    for kind, actor in ((Kind.EXTENDED, DISPATCHER), (Kind.EXTENSION_REQUESTED, CG)):
        no = bad(life, kind, actor, 6, days=days, task_id=task_id(life))
        assert (no.field, str(no)) == ("days", "days: must be between 1 and 15 working days")


@pytest.mark.parametrize("days", [1, 15])
def test_extension_up_to_its_measure_is_granted(days: int) -> None:
    life = handled()
    life.act(Kind.EXTENDED, DISPATCHER, after(6), days=days)
    assert life.clock(ClockKind.COMPLETION).due_at == after((5 + days) * DAY)


# Pause


@pytest.mark.parametrize(("kind", "actor"), [(Kind.PAUSED, DISPATCHER), (Kind.PAUSE_REQUESTED, CG)])
def test_after_a_breach_nothing_is_paused(kind: Kind, actor: Actor) -> None:
    life = handled()
    review_at = after(30 * 60).isoformat()
    no = refused(life, kind, actor, 25 * 60, review_at=review_at, reason="r", task_id=task_id(life))
    assert str(no) == "a limit has passed: it is too late to pause"
    assert no.allowed == allowed(life.case, actor.role)


@pytest.mark.parametrize("days", [-1.0, 0.0, 60.01])
def test_a_pause_has_a_measure(days: float) -> None:
    review_at = (after(6) + timedelta(days=days)).isoformat()
    no = bad(handled(), Kind.PAUSED, DISPATCHER, 6, review_at=review_at, reason="r")
    assert (no.field, str(no)) == ("review_at", "review_at: must be in the future and within 60 days")


def test_a_pause_is_not_asked_for_twice_running() -> None:
    life = handled().paused(6, 600)
    assert Kind.PAUSED not in refused(life, Kind.PAUSED, DISPATCHER, 7, review_at=after(99).isoformat()).allowed


def test_nobody_refuses_what_nobody_asked_for() -> None:
    no = refused(handled(), Kind.REFUSED, DISPATCHER, reason="不同意")
    assert str(no) == "no request waits for a decision"


def test_a_refused_request_is_no_longer_there_to_refuse() -> None:
    life = handled()
    life.unit(Kind.EXTENSION_REQUESTED, 7, days=3, reason="缺件")
    life.act(Kind.REFUSED, DISPATCHER, after(8), reason="不同意")
    refused(life, Kind.REFUSED, DISPATCHER, 9, reason="不同意")


# The citizen's last word


def judged(life: Life) -> Callable[[float], NotAllowed]:
    return lambda minutes: refused(life, Kind.REOPENED, CITIZEN, minutes, reason="又坏了")


def test_so_many_days_after_the_end_it_is_the_end() -> None:
    life = assigned().completed(60).judged(70, solved=True, satisfaction=5)
    assert str(judged(life)(70 + 15 * DAY + 1)) == "the case was closed more than 15 days ago"
    life.act(Kind.REOPENED, CITIZEN, after(70 + 15 * DAY), reason="又坏了")
    assert life.case.state is State.AWAITING_ACK


def test_a_policy_of_no_days_reopens_nothing() -> None:
    life = Life.begun(PLAIN.model_copy(update={"reopen_days": 0})).assigned().completed(60)
    life.judged(70, solved=True, satisfaction=5)
    assert judged(life)(70.1).why == "the case was closed more than 0 days ago"


def test_a_late_evaluation_has_the_same_days() -> None:
    life = unrated()
    closed = life.case.closed_at
    assert closed is not None
    minutes = (closed + timedelta(days=15, minutes=1) - after(0)) / timedelta(minutes=1)
    no = refused(life, Kind.EVALUATED, CITIZEN, minutes, solved=True, satisfaction=5)
    assert str(no) == "the case was closed more than 15 days ago"


def test_an_answer_is_judged_once() -> None:
    life = assigned().completed(60).judged(70, solved=True, satisfaction=5)
    no = refused(life, Kind.EVALUATED, CITIZEN, 71, solved=False, satisfaction=1)
    assert no.allowed == ("citizen.reopened",)


def test_a_withdrawn_case_is_not_reopened() -> None:
    life = assigned()
    life.act(Kind.WITHDREW, CITIZEN, after(3))
    assert refused(life, Kind.REOPENED, CITIZEN, 4).allowed == ()


# Asking, and rungs


def unrated() -> Life:
    life = assigned().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    while life.case.open:
        life.fire(after(60 + 6 * DAY))
    return life


def rung(life: Life, kind: ClockKind, n: int, action: Action, at: datetime) -> Act:
    data = {"clock": life.clock(kind).id, "rung": n, "action": str(action), "due_at": None}
    return Act(Kind.RUNG, SYSTEM, at, data)


def why_not(life: Life, act: Act) -> str:
    with pytest.raises(NotAllowed) as raised:
        admit(life.case, act, life.policy)
    return raised.value.why


def test_the_citizen_is_first_asked_once() -> None:
    life = assigned().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    assert str(refused(life, Kind.ASKED, SYSTEM, 61)) == "the citizen has been asked"


def test_a_rung_fires_when_it_is_due_and_its_grace_is_over() -> None:
    life = assigned()
    early = rung(life, ClockKind.FEEDBACK, 0, Action.REMIND, after(5) + timedelta(seconds=1.9))
    assert why_not(life, early) == "this rung is not due"
    admit(life.case, rung(life, ClockKind.FEEDBACK, 0, Action.REMIND, after(5) + timedelta(seconds=2)), PLAIN)


def test_a_rung_fires_once() -> None:
    life = assigned()
    fired = life.fire(after(6))
    assert fired is not None
    assert why_not(life, Act(fired.kind, SYSTEM, after(6), fired.data)) == "this rung is not due"


def test_only_the_highest_due_rung_fires() -> None:
    late = rung(assigned(), ClockKind.FEEDBACK, 1, Action.REMIND, after(11))
    assert why_not(assigned(), late) == "this rung is not due"


def test_a_rung_of_no_clock_is_refused() -> None:
    unknown = Act(Kind.RUNG, SYSTEM, after(6), {"clock": "feedback#7", "rung": 0, "action": "remind"})
    assert why_not(assigned(), unknown) == "this rung is not due"


def test_a_met_clock_has_no_rung() -> None:
    life = assigned()
    life.unit(Kind.ACKNOWLEDGED, 4)
    assert why_not(life, rung(life, ClockKind.FEEDBACK, 0, Action.REMIND, after(6))) == "this rung is not due"


def test_an_act_received_before_the_rung_wins_however_late_it_is_processed() -> None:
    life = assigned()
    for minutes in (6, 9, 11):
        life.fire(after(minutes))
    life.act(Kind.ACKNOWLEDGED, CG, after(9), task_id=task_id(life))
    feedback = life.clock(ClockKind.FEEDBACK)
    assert not feedback.breached(after(99))
    assert [step.n for step in feedback.climbed] == [0, 1]
    assert [step.n for step in feedback.voided] == [2]
    assert life.fire(after(14.9)) is None


def test_a_rung_that_came_before_the_act_stands_however_late_it_is_processed() -> None:
    life = assigned()
    life.act(Kind.ACKNOWLEDGED, CG, after(8) + timedelta(seconds=1), task_id=task_id(life))
    fired = life.fire(after(8.1))
    assert fired is not None
    assert fired.data["rung"] == 1
    assert [step.skipped for step in life.clock(ClockKind.FEEDBACK).climbed] == [True, False]
    assert life.last == []  # a reminder of what is done would only disturb
    assert life.fire(after(14.9)) is None


def test_a_rung_that_was_skipped_for_one_that_came_too_late_stands_in_its_place() -> None:
    life = assigned()
    life.fire(after(11))
    life.act(Kind.ACKNOWLEDGED, CG, after(9), task_id=task_id(life))
    fired = life.fire(after(11))
    assert fired is not None
    assert fired.data["rung"] == 1
    assert life.fire(after(14.9)) is None


def test_supervision_is_ordered_of_what_was_done_after_its_rung_and_reminders_are_not_sent() -> None:
    life = assigned()
    life.act(Kind.ACKNOWLEDGED, CG, after(15) + timedelta(seconds=1), task_id=task_id(life))
    life.fire(after(15.1))
    assert [(effect.type, effect.addressee) for effect in life.last] == [
        ("task.supervised", "cg"),
        ("task.supervised", "office"),
    ]


def test_what_is_owed_when_a_case_ends_is_skipped() -> None:
    life = assigned()
    life.act(Kind.ACKNOWLEDGED, CG, after(8) + timedelta(seconds=1), task_id=task_id(life))
    life.act(Kind.WITHDREW, CITIZEN, after(8) + timedelta(seconds=2))
    assert [step.skipped for step in life.clock(ClockKind.FEEDBACK).climbed] == [True, True]
    assert life.fire(after(99)) is None


def test_an_answer_that_came_before_the_last_rung_wins_over_the_closing() -> None:
    life = assigned().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    for days in (2, 4, 6):
        life.fire(after(60 + days * DAY))
    assert (life.case.state, life.case.outcome) == (State.CLOSED, Outcome.UNRATED)
    life.judged(60 + 5 * DAY - 1, solved=True, satisfaction=5)
    callback = life.clock(ClockKind.CALLBACK)
    assert (life.case.state, life.case.outcome) == (State.CLOSED, Outcome.RESOLVED)
    assert callback.met_at == after(60 + 5 * DAY - 1)
    assert not callback.breached(after(60 + 9 * DAY))
    assert [step.n for step in callback.voided] == [2]


def test_a_rung_does_its_own_action_and_no_other() -> None:
    life = assigned().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    at = after(60 + 2 * DAY)
    assert why_not(life, rung(life, ClockKind.CALLBACK, 0, Action.ASK_CITIZEN, at)) == "this rung does something else"
    closing = Act(Kind.CLOSED, SYSTEM, at, {"clock": "callback#0", "rung": 0, "outcome": "unrated"})
    assert why_not(life, closing) == "this rung does something else"


def test_an_unanswered_case_is_not_closed_early() -> None:
    life = assigned().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    closing = Act(Kind.CLOSED, SYSTEM, after(60 + 4 * DAY), {"clock": "callback#0", "rung": 2, "outcome": "unrated"})
    assert why_not(life, closing) == "this rung is not due"


def test_a_pause_ends_by_itself_at_its_review_and_not_before() -> None:
    life = handled().paused(6, 600)
    resumed = Act(Kind.RESUMED, SYSTEM, after(599), {"clock": "review#0", "rung": 0, "action": "resume"})
    assert why_not(life, resumed) == "this rung is not due"
    fired = life.fire(after(601))
    assert fired is not None
    assert fired.kind is Kind.RESUMED


def test_a_dispatcher_resumes_when_he_likes() -> None:
    life = handled().paused(6, 600)
    assert life.act(Kind.RESUMED, DISPATCHER, after(7)).state is State.IN_PROGRESS


def test_a_telephone_call_that_reached_nobody_decides_nothing() -> None:
    life = assigned().completed(60)
    assert life.act(Kind.UNANSWERED, DESK, after(70)).state is State.AWAITING_CALLBACK


# What becomes of an admitted act


def test_an_admitted_act_takes_the_next_place() -> None:
    life = assigned()
    act = Act(Kind.VISITED, CG, after(5), {"task_id": task_id(life), "note": "已到场"})
    event = admit(life.case, act, life.policy)
    assert (event.seq, event.kind, event.actor, event.at, event.data) == (5, act.kind, CG, act.at, act.data)


def test_whoever_hands_the_case_over_names_the_new_task() -> None:
    life = assigned()
    assert task_id(life) == "PS2026112300001-T1"
    life.act(Kind.ASSIGNED, DISPATCHER, after(3), unit="sw")
    assert task_id(life) == "PS2026112300001-T2"
    life.completed(60).judged(70, solved=False, satisfaction=1)
    assert task_id(life) == "PS2026112300001-T3"
    life.completed(90).judged(95, solved=True, satisfaction=4)
    assert "task_id" not in life.events[-1].data
