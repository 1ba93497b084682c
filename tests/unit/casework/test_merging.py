"""Merged cases follow the other one, keep their promises, and can be taken apart again."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import ADMIN, DISPATCHER, Life, after

from casework.case import Case
from casework.clocks import ClockKind
from casework.errors import BadAct, NotAllowed
from casework.events import CITIZEN, SYSTEM, Actor, Kind, Role
from casework.merging import followings, may_join, merge_act, regrade_act
from casework.owing import Door, Effect
from casework.states import Outcome, State
from casework.steps import Owed, Verb, next_step
from catalog.policy import Grade, Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
OTHER = "PS2026112300002"


def other_life(**facts: Any) -> Life:
    """The case that others are merged into: under its own number."""
    life = Life.begun(PLAIN, **facts)
    life.case = replace(life.case, case_no=OTHER)
    return life


def merged(life: Life, other: Life, minutes: float = 10) -> Life:
    """As the gateway does: the other is regraded where this one is graver, then this one is merged."""
    regrade = regrade_act(life.case, other.case, DISPATCHER, after(minutes))
    if regrade is not None:
        other.admitted(regrade)
    act = merge_act(life.case, other.case, DISPATCHER, after(minutes))
    life.admitted(act)
    return life


def follow(life: Life, other: Life, minutes: float) -> list[Kind]:
    """What the run does when it is woken: follow until it is up to date."""
    done = []
    while act := followings(life.case, other.case, other.events, after(minutes)):
        life.admitted(act)
        done.append(Kind(act.data["kind"]) if act.kind is Kind.FOLLOWED else act.kind)
    return done


def told(effects: list[Effect], door: Door = Door.CITIZEN) -> list[str]:
    return [effect.type for effect in effects if effect.door is door]


@pytest.fixture
def other() -> Life:
    return other_life().assigned(unit="sw").notified()


@pytest.fixture
def life() -> Life:
    return Life.begun(PLAIN).assigned(unit="cg").notified()


def test_the_work_is_taken_away_and_whoever_has_the_other_case_has_this_one(life: Life, other: Life) -> None:
    first = life.case.task
    merged(life, other)

    assert life.case.merged_into == OTHER
    assert life.case.state is State.IN_PROGRESS
    assert (life.case.unit, len(life.case.tasks)) == ("sw", 2)
    assert [(e.type, e.addressee, e.task_id) for e in life.last if e.door is Door.UNIT] == [
        ("task.withdrawn", "cg", first and first.task_id),
        ("task.assigned", "sw", life.case.task and life.case.task.task_id),
    ]
    assert told(life.last) == ["citizen.merged"]


def test_promises_run_on_and_are_the_other_units(life: Life, other: Life) -> None:
    before = {kind: life.clock(kind) for kind in (ClockKind.FEEDBACK, ClockKind.CONTACT, ClockKind.FIRST_ROUND)}
    merged(life, other)

    for kind, clock in before.items():
        assert life.clock(kind).running
        assert life.clock(kind).due_at == clock.due_at
        assert life.clock(kind).holder == "department:sw"


def test_acknowledgement_and_first_round_of_the_other_keep_the_promise_and_the_call_stays_owed(
    life: Life, other: Life
) -> None:
    merged(life, other, 3)
    other.unit(Kind.ACKNOWLEDGED, 5, handler="老陈", feedback="马上派人")
    other.unit(Kind.CONTACTED, 6, note="已约见")
    assert follow(life, other, 7)[:1] == [Kind.ACKNOWLEDGED]
    assert life.clock(ClockKind.FEEDBACK).met_at == after(5)
    assert "马上派人" in str([effect.data for effect in life.owed if effect.type == "citizen.acknowledged"])

    other.unit(Kind.FIRST_ROUND, 8, responsible_person="老陈", note="已查看")
    follow(life, other, 9)
    assert life.clock(ClockKind.FIRST_ROUND).met_at == after(8)
    assert life.clock(ClockKind.CONTACT).running

    life.unit(Kind.CONTACTED, 12, note="已联系")
    assert life.clock(ClockKind.CONTACT).met_at == after(12)


def test_what_was_said_before_the_merge_reaches_this_citizen_at_the_merge(life: Life, other: Life) -> None:
    other.unit(Kind.ACKNOWLEDGED, 5, handler="老陈", feedback="马上派人")
    merged(life, other, 8)
    follow(life, other, 9)
    assert life.clock(ClockKind.FEEDBACK).met_at == after(8)


def test_what_another_unit_had_said_before_does_not(life: Life, other: Life) -> None:
    other.unit(Kind.ACKNOWLEDGED, 5, handler="老陈", feedback="马上派人")
    other.act(Kind.ASSIGNED, DISPATCHER, after(6), unit="hb")
    merged(life, other, 8)
    assert Kind.ACKNOWLEDGED not in follow(life, other, 9)
    assert life.clock(ClockKind.FEEDBACK).running


def test_the_answer_is_this_citizens_too_who_judges_it_and_the_case_ends_merged(life: Life, other: Life) -> None:
    merged(life, other)
    other.completed(60)
    assert follow(life, other, 61)[-1] is Kind.COMPLETED
    assert life.case.state is State.AWAITING_CALLBACK
    life.act(Kind.ASKED, SYSTEM, after(62))
    assert [effect.data["result"] for effect in life.last] == ["已修好"]
    assert follow(life, other, 63) == []

    life.judged(70, solved=True, satisfaction=5)
    assert life.case.outcome is Outcome.MERGED
    assert life.case.merged_into == OTHER
    assert sum(life.case.held.seconds.values()) == pytest.approx(70 * 60)


def test_a_dissatisfied_citizen_has_a_case_of_his_own_again(life: Life, other: Life) -> None:
    merged(life, other)
    other.completed(60)
    follow(life, other, 61)
    life.judged(70, solved=False, satisfaction=1)
    assert (life.case.state, life.case.unit, life.case.merged_into) == (State.AWAITING_ACK, "sw", None)


def test_a_merged_case_can_be_reopened_after_its_end(life: Life, other: Life) -> None:
    merged(life, other)
    other.completed(60)
    follow(life, other, 61)
    life.judged(70, solved=True, satisfaction=5)
    life.act(Kind.REOPENED, CITIZEN, after(80), reason="又坏了")
    assert (life.case.state, life.case.unit) == (State.AWAITING_ACK, "sw")


def test_who_has_withdrawn_a_hazard_is_not_asked(other: Life) -> None:
    life = Life.begun(PLAIN, grade="A").assigned("A")
    merged(life, other)
    life.act(Kind.WITHDREW, CITIZEN, after(12))
    other.completed(60)
    follow(life, other, 61)
    assert (life.case.state, life.case.outcome) == (State.CLOSED, Outcome.WITHDRAWN)


def test_another_holder_of_the_other_case_is_followed(life: Life, other: Life) -> None:
    merged(life, other)
    other.act(Kind.ASSIGNED, DISPATCHER, after(20), unit="hb")
    assert follow(life, other, 21)[0] is Kind.ASSIGNED
    assert life.case.unit == "hb"
    units = [(e.type, e.addressee) for e in life.owed if e.door is Door.UNIT]
    assert units[-2:] == [("task.withdrawn", "sw"), ("task.assigned", "hb")]
    assert life.clock(ClockKind.FEEDBACK).holder == "department:hb"


@pytest.mark.parametrize("ending", ["withdrawn", "not_accepted", "referred"])
def test_an_end_without_an_answer_takes_them_apart(life: Life, other: Life, ending: str) -> None:
    merged(life, other)
    match ending:
        case "withdrawn":
            other.act(Kind.WITHDREW, CITIZEN, after(20))
        case "not_accepted":
            other.act(Kind.NOT_ACCEPTED, DISPATCHER, after(20), reason="法院已受理")
        case _:
            other.act(Kind.REFERRED, DISPATCHER, after(20), to="city", name="市交通局", reason="市管道路")
            assert Kind.UNMERGED not in follow(life, other, 21)  # it may come back
            other.act(Kind.REFERRAL_CONFIRMED, DISPATCHER, after(22), reference="S1")
    assert follow(life, other, 25)[-1] is Kind.UNMERGED
    assert (life.case.state, life.case.merged_into, life.case.held.holder) == (State.TRIAGE, None, "dispatcher")
    assert told(life.last) == ["citizen.unmerged"]


def test_a_complaint_does_not_follow_to_the_unit_that_it_is_about(other: Life) -> None:
    life = merged(Life.begun(PLAIN, recused=["hb"]).assigned(unit="cg"), other)
    other.act(Kind.ASSIGNED, DISPATCHER, after(20), unit="hb")
    assert follow(life, other, 21) == [Kind.UNMERGED]
    assert all(effect.addressee != "hb" for effect in life.owed)
    with pytest.raises(BadAct, match="回避"):
        may_join(life.case, other.case, ())


def test_taken_apart_it_waits_for_a_dispatcher_with_its_clocks_as_they_were(life: Life, other: Life) -> None:
    due = life.clock(ClockKind.FIRST_ROUND).due_at
    merged(life, other)
    task = life.case.task
    life.act(Kind.UNMERGED, DISPATCHER, after(20), reason="不是同一件")
    assert life.case.state is State.TRIAGE
    assert (life.clock(ClockKind.FIRST_ROUND).due_at, life.clock(ClockKind.FIRST_ROUND).running) == (due, True)
    assert life.clock(ClockKind.TRIAGE).running
    assert not life.clock(ClockKind.COMPLETION).running
    assert [(e.type, e.task_id) for e in life.last if e.door is Door.UNIT] == [
        ("task.withdrawn", task and task.task_id)
    ]
    life.act(Kind.ASSIGNED, DISPATCHER, after(21), unit="hb")
    assert (life.case.state, life.case.unit) == (State.AWAITING_ACK, "hb")


def test_a_pause_is_over_at_the_merge(other: Life) -> None:
    life = Life.begun(PLAIN).assigned().notified().handled().paused(6, 600)
    merged(life, other)
    assert not any(clock.paused for clock in life.case.clocks if clock.running)
    assert life.case.state is State.IN_PROGRESS


def test_into_a_case_that_nobody_has_yet_the_dispatcher_has_both_until_somebody_has() -> None:
    other = other_life()
    other.act(Kind.CLASSIFIED, item=None, confidence=0.0, candidates=[])
    other.act(Kind.GRADED, grade="C")
    other.act(Kind.TRIAGED)
    life = merged(Life.begun(PLAIN).assigned(unit="cg").notified(), other)
    assert (life.case.unit, life.case.held.holder) == (None, "dispatcher")
    assert life.clock(ClockKind.TRIAGE).running
    with pytest.raises(NotAllowed):
        life.act(Kind.COMPLETED, Actor(Role.UNIT, "cg"), after(11), task_id=life.case.tasks[0].task_id, result="x")

    other.act(Kind.ASSIGNED, DISPATCHER, after(20), unit="sw")
    follow(life, other, 21)
    assert life.case.unit == "sw"
    assert not life.clock(ClockKind.TRIAGE).running
    assert life.clock(ClockKind.COMPLETION).running


def test_the_graver_grade_is_both_cases(other: Life) -> None:
    life = Life.begun(PLAIN).assigned("A")
    due = other.clock(ClockKind.COMPLETION).due_at
    merged(life, other)
    assert other.case.grade is Grade.A
    assert (other.case.item, other.case.item_limit) == ("SZ-0101", None)
    sooner = other.clock(ClockKind.COMPLETION).due_at
    assert due is not None
    assert sooner is not None
    assert sooner < due
    assert [effect.type for effect in other.last] == ["task.decided", "citizen.graver"]

    mild = merged(Life.begun(PLAIN).assigned("C"), other, 12)
    assert mild.case.grade is Grade.A


def test_a_grade_never_gets_milder(life: Life) -> None:
    with pytest.raises(BadAct, match="graver"):
        life.act(Kind.GRADED, DISPATCHER, after(2), grade="C")


@pytest.mark.parametrize(
    "kind",
    [Kind.ASSIGNED, Kind.DECLINED, Kind.DELEGATED, Kind.WHISTLED, Kind.PAUSED, Kind.OWNED, Kind.MERGED, Kind.REFERRED],
)
def test_what_is_decided_on_the_other_case_is_refused_here(life: Life, other: Life, kind: Kind) -> None:
    merged(life, other)
    task = life.case.task
    assert task is not None
    actor = Actor(Role.UNIT, "sw") if kind is Kind.DECLINED else DISPATCHER
    data = {"unit": "hb", "to": "hb", "units": ["hb"], "lead": "hb", "reason": "x", "proposed_unit": "hb"}
    data |= {"review_at": after(999).isoformat(), "into": "PS2026112300003", "caller": "dispatcher", "trigger": "order"}
    with pytest.raises(NotAllowed):
        life.act(kind, actor, after(15), task_id=task.task_id, **data)


def test_a_ladders_end_orders_nothing_of_a_merged_case_but_is_told(life: Life, other: Life) -> None:
    merged(life, other)
    while event := life.fire(after(60 * 60)):
        assert event.kind is Kind.RUNG
        assert {e.addressee for e in life.last if e.door is Door.UNIT} <= {"sw", "office"}
    assert life.case.ownership is None


def test_the_run_follows_only_while_it_may(life: Life, other: Life) -> None:
    merged(life, other)
    ahead = Owed(ahead=other.case.seq)
    assert next_step(life.case, PLAIN, after(11), ahead) is Verb.FOLLOW
    follow(life, other, 11)
    assert next_step(life.case, PLAIN, after(11), ahead) is not Verb.FOLLOW
    other.completed(60)
    follow(life, other, 61)
    assert next_step(life.case, PLAIN, after(61), Owed(ahead=999)) is not Verb.FOLLOW


def case(**facts: Any) -> Case:
    return replace(Life.begun(PLAIN).assigned().case, **facts)


@pytest.mark.parametrize(
    ("into", "told"),
    [
        (case(), "itself"),
        (case(case_no=OTHER, district="futian"), "same district"),
        (case(case_no=OTHER, stage=State.CLOSED), "open case"),
        (case(case_no=OTHER, merged_into="PS2026112300003"), "of its own"),
        (case(case_no=OTHER, nature="thanks"), "same matter"),
    ],
)
def test_a_case_is_merged_into_an_open_case_of_its_own(into: Case, told: str) -> None:
    with pytest.raises(BadAct, match=told):
        may_join(case(), into, ())


def test_a_case_that_others_follow_is_not_merged() -> None:
    with pytest.raises(NotAllowed, match="PS2026112300009"):
        may_join(case(), case(case_no=OTHER), ["PS2026112300009"])
    may_join(case(), case(case_no=OTHER), [])


def test_a_case_is_not_merged_into_itself(life: Life) -> None:
    with pytest.raises(BadAct, match="itself"):
        life.act(Kind.MERGED, DISPATCHER, after(5), into=life.case.case_no)


def test_only_one_of_its_own_is_taken_apart(life: Life) -> None:
    with pytest.raises(NotAllowed):
        life.act(Kind.UNMERGED, DISPATCHER, after(5))


STEPS = ("ack", "contact", "first_round", "dispatch", "complete", "dissatisfied", "satisfied", "withdraw", "refuse")


def _try(life: Life, step: str, minutes: float) -> None:
    try:
        match step:
            case "ack":
                life.unit(Kind.ACKNOWLEDGED, minutes, handler="老陈", feedback="马上派人")
            case "contact":
                life.unit(Kind.CONTACTED, minutes, note="已约见")
            case "first_round":
                life.unit(Kind.FIRST_ROUND, minutes, responsible_person="老陈", note="已查看")
            case "dispatch":
                life.act(Kind.ASSIGNED, DISPATCHER, after(minutes), unit="hb" if life.case.unit == "sw" else "sw")
            case "complete":
                life.unit(Kind.COMPLETED, minutes, result="已修好")
            case "dissatisfied" | "satisfied":
                good = step == "satisfied"
                life.judged(minutes, solved=good, satisfaction=5 if good else 1, by=ADMIN)
            case "withdraw":
                life.act(Kind.WITHDREW, CITIZEN, after(minutes))
            case _:
                life.act(Kind.NOT_ACCEPTED, DISPATCHER, after(minutes), reason="不归本区")
    except NotAllowed:
        return


@given(
    before=st.lists(st.sampled_from(STEPS[:4]), max_size=4),
    later=st.lists(st.tuples(st.sampled_from(STEPS), st.booleans()), max_size=12),
    grades=st.tuples(st.sampled_from("ABC"), st.sampled_from("ABC")),
)
def test_a_merged_case_always_has_somebody_and_its_account_holds(
    before: list[str], later: list[tuple[str, bool]], grades: tuple[str, str]
) -> None:
    other, life = other_life().assigned(grades[0], unit="sw"), Life.begun(PLAIN).assigned(grades[1], unit="cg")
    for n, step in enumerate(before):
        _try(other, step, 1 + n)
    merged(life, other, 10)
    assert life.case.grade == other.case.grade == min(grades)
    minutes = 10.0
    for step, mine in later:
        minutes += 7
        _try(life if mine else other, step, minutes)
        follow(life, other, minutes + 1)
        _sound(life, after(minutes + 1))
    assert life.folded() == replace(life.case)


def _sound(life: Life, at: datetime) -> None:
    case = life.case
    assert not case.open or any(clock.running for clock in case.clocks)
    account = case.held.until(case.closed_at or at)
    assert sum(account.seconds.values()) == pytest.approx(((case.closed_at or at) - case.received_at).total_seconds())
    assert case.merged_into is None or case.stage in (
        State.IN_PROGRESS,
        State.AWAITING_CONTACT,
        State.AWAITING_CALLBACK,
        State.CLOSED,
    )
