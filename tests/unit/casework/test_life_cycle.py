"""The life cycle's table is whole, says what CONTRACT says, and lets each role do its own and no more."""

from collections import Counter
from itertools import permutations

import pytest
from lives import DISPATCHER, Life, after

from casework.case import State
from casework.clocks import ClockKind
from casework.events import CITIZEN, Kind, Role
from casework.life_cycle import CONDITIONS, DECIDE, LIFE_CYCLE, allowed

FACTS = (Kind.ACKNOWLEDGED, Kind.CONTACTED, Kind.VISITED, Kind.FIRST_ROUND, Kind.PROGRESS)
HANDLE = {*FACTS, Kind.COMPLETED, Kind.EXTENSION_REQUESTED}
OPENING = {Kind.CLASSIFIED, Kind.GRADED, Kind.TRIAGED, Kind.ASSIGNED}
DESK = {Kind.ASSIGNED, Kind.EXTENDED, Kind.REFUSED}


def triaged() -> Life:
    life = Life.begun()
    life.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.1, candidates=[])
    life.act(Kind.GRADED, grade="C")
    life.act(Kind.TRIAGED)
    return life


def acknowledged() -> Life:
    life = Life.begun().assigned()
    life.unit(Kind.ACKNOWLEDGED, 5)
    return life


BY_STATE = {
    State.RECEIVED: Life.begun,
    State.TRIAGE: triaged,
    State.AWAITING_ACK: lambda: Life.begun().assigned(),
    State.AWAITING_CONTACT: acknowledged,
    State.IN_PROGRESS: lambda: Life.begun().assigned().handled(),
    State.PAUSED: lambda: Life.begun().assigned().handled().paused(6, 600),
    State.AWAITING_CALLBACK: lambda: Life.begun().assigned().completed(),
    State.CLOSED: lambda: Life.begun().assigned().completed().judged(70, solved=True, satisfaction=5),
}


# The table


def reached_from(begin: State) -> set[State]:
    reached, ahead = {begin}, [begin]
    while ahead:
        here = ahead.pop()
        for row in LIFE_CYCLE:
            if row.state is here and row.next not in reached:
                reached.add(row.next)
                ahead.append(row.next)
    return reached


def test_every_state_is_reached_from_receipt() -> None:
    assert reached_from(State.RECEIVED) == set(State)


@pytest.mark.parametrize("state", [state for state in State if state is not State.CLOSED])
def test_every_open_state_has_a_way_to_the_end(state: State) -> None:
    assert State.CLOSED in reached_from(state)
    assert any(row.state is state and row.next is not state for row in LIFE_CYCLE)


def test_everything_that_can_happen_has_its_place() -> None:
    assert {row.event for row in LIFE_CYCLE} == set(Kind) - {Kind.RECEIVED}  # receipt opens a case


def test_no_two_rows_say_the_same_thing() -> None:
    rows = Counter((row.state, row.event, row.when, row.verdict) for row in LIFE_CYCLE)
    assert [row for row, times in rows.items() if times > 1] == []


def test_what_follows_depends_on_the_case_and_never_on_who_acts() -> None:
    who: dict[tuple[State, Kind], set[frozenset[Role]]] = {}
    for row in LIFE_CYCLE:
        who.setdefault((row.state, row.event), set()).add(row.who)
    assert [where for where, sets in who.items() if len(sets) > 1] == []


def test_every_condition_is_known_and_used() -> None:
    assert {row.when for row in LIFE_CYCLE} == set(CONDITIONS)


def test_a_row_without_a_condition_stands_last_of_its_kind() -> None:
    """The first row that fits is taken: one behind a row without a condition would never be."""
    seen: set[tuple[State, Kind, str]] = set()
    for row in LIFE_CYCLE:
        assert (row.state, row.event, row.verdict) not in seen, row
        if not row.when:
            seen.add((row.state, row.event, row.verdict))


def test_only_a_citizen_a_callback_or_an_ending_closes_a_case() -> None:
    closing = {(row.event, row.when) for row in LIFE_CYCLE if row.state is not row.next is State.CLOSED}
    assert closing == {
        (Kind.ASSIGNED, "thanks"),
        (Kind.WITHDREW, "no hazard"),
        (Kind.WITHDREW, ""),
        (Kind.COMPLETED, "withdrawn by the citizen"),
        (Kind.EVALUATED, ""),
        (Kind.CLOSED, ""),
    }


def test_a_department_cannot_close_a_case() -> None:
    by_units = [row for row in LIFE_CYCLE if Role.UNIT in row.who and row.next is State.CLOSED]
    assert {row.when for row in by_units} == {"withdrawn by the citizen"}


# What each role may do


@pytest.mark.parametrize(
    ("state", "role", "may"),
    [
        (State.RECEIVED, Role.SYSTEM, OPENING | {Kind.PINNED, Kind.RUNG}),
        (State.RECEIVED, Role.DISPATCHER, {Kind.ASSIGNED}),
        (State.RECEIVED, Role.UNIT, set()),
        (State.TRIAGE, Role.DISPATCHER, {Kind.ASSIGNED}),
        (State.TRIAGE, Role.STREET, {Kind.ASSIGNED}),
        (State.TRIAGE, Role.SUPERVISOR, {Kind.ASSIGNED}),
        (State.TRIAGE, Role.CITIZEN, {Kind.WITHDREW}),
        (State.AWAITING_ACK, Role.UNIT, HANDLE),
        (State.AWAITING_ACK, Role.DISPATCHER, DESK),
        (State.AWAITING_CONTACT, Role.UNIT, HANDLE),
        (State.AWAITING_CONTACT, Role.CITIZEN, {Kind.WITHDREW}),
        (State.IN_PROGRESS, Role.UNIT, HANDLE | {Kind.PAUSE_REQUESTED}),
        (State.IN_PROGRESS, Role.DISPATCHER, DESK | {Kind.PAUSED}),
        (State.IN_PROGRESS, Role.SUPERVISOR, set()),
        (State.IN_PROGRESS, Role.SYSTEM, {Kind.PINNED, Kind.NOTIFIED, Kind.RUNG}),
        (State.PAUSED, Role.UNIT, {*FACTS, Kind.COMPLETED, Kind.TASK_RESUMED}),
        (State.PAUSED, Role.DISPATCHER, {Kind.RESUMED}),
        (State.PAUSED, Role.SYSTEM, {Kind.PINNED, Kind.NOTIFIED, Kind.RESUMED}),
        (State.AWAITING_CALLBACK, Role.UNIT, set(FACTS)),
        (State.AWAITING_CALLBACK, Role.CITIZEN, {Kind.EVALUATED, Kind.REOPENED, Kind.WITHDREW}),
        (State.AWAITING_CALLBACK, Role.CALLBACK, {Kind.EVALUATED, Kind.UNANSWERED}),
        (State.AWAITING_CALLBACK, Role.DISPATCHER, set()),
        (State.CLOSED, Role.CITIZEN, {Kind.REOPENED}),
        (State.CLOSED, Role.UNIT, set()),
        (State.CLOSED, Role.DISPATCHER, set()),
    ],
)  # fmt: skip
def test_what_each_role_may_do(state: State, role: Role, may: set[Kind]) -> None:
    case = BY_STATE[state]().case
    assert case.state is state
    assert set(allowed(case, role)) == {str(kind) for kind in may}


def test_dispatchers_streets_and_administrators_decide_alike() -> None:
    case = Life.begun().assigned().handled().case
    assert len({allowed(case, role) for role in DECIDE}) == 1


def test_what_is_allowed_is_told_once_each_in_the_tables_order() -> None:
    told = allowed(acknowledged().case, Role.UNIT)
    assert told[:2] == ("task.acknowledged", "task.visited")
    assert len(told) == len(set(told))


# Facts in any order (CONTRACT)


@pytest.mark.parametrize("order", list(permutations(FACTS)), ids=lambda order: "-".join(kind[5:8] for kind in order))
def test_facts_come_in_any_order(order: tuple[Kind, ...]) -> None:
    life = Life.begun().assigned()
    for n, kind in enumerate(order):
        called = Kind.CONTACTED in order[: n + 1]
        assert life.unit(kind, 5 + n).state is (State.IN_PROGRESS if called else State.AWAITING_CONTACT)
    assert life.unit(Kind.COMPLETED, 60).state is State.AWAITING_CALLBACK
    assert life.case.task is not None
    assert life.case.task.acknowledged_at == after(5)  # by whatever came first
    assert life.clock(ClockKind.CONTACT).met_at == after(5 + order.index(Kind.CONTACTED))
    assert life.clock(ClockKind.FIRST_ROUND).met_at == after(5 + order.index(Kind.FIRST_ROUND))


@pytest.mark.parametrize("kind", [*FACTS, Kind.COMPLETED])
def test_a_later_fact_implies_the_acknowledgement_though_not_that_it_was_in_time(kind: Kind) -> None:
    prompt, late = Life.begun().assigned(), Life.begun().assigned()
    prompt.unit(kind, 9.99)
    late.unit(kind, 10.01)
    assert not prompt.clock(ClockKind.FEEDBACK).breached(after(99))
    assert late.clock(ClockKind.FEEDBACK).breached(after(99))
    assert late.case.task is not None
    assert late.case.task.acknowledged_at == late.clock(ClockKind.FEEDBACK).met_at == after(10.01)


def test_the_acknowledgement_that_comes_after_its_implication_changes_nothing() -> None:
    life = Life.begun().assigned()
    implied = life.unit(Kind.VISITED, 8)
    said = life.unit(Kind.ACKNOWLEDGED, 12, feedback="已派人")
    assert (said.clocks, said.tasks, said.state) == (implied.clocks, implied.tasks, implied.state)


def test_completion_may_come_straight_away() -> None:
    case = Life.begun().assigned().completed(3).case
    assert case.state is State.AWAITING_CALLBACK
    of_the_unit = [clock for clock in case.clocks if clock.kind not in (ClockKind.TRIAGE, ClockKind.CALLBACK)]
    assert {clock.stopped_at for clock in of_the_unit} == {after(3)}
    assert not any(clock.breached(after(9999)) for clock in of_the_unit)


@pytest.mark.parametrize("kind", FACTS)
def test_a_late_copy_after_completion_is_accepted_and_changes_nothing(kind: Kind) -> None:
    life = Life.begun().assigned().handled().completed(60)
    done, owed = life.case, len(life.owed)
    copy = life.unit(kind, 60.1)
    assert (copy.state, copy.clocks, copy.tasks, copy.held.holder) == (done.state, done.clocks, done.tasks, "citizen")
    assert len(life.owed) == owed


@pytest.mark.parametrize("kind", FACTS)
def test_a_fact_while_paused_is_recorded_and_the_pause_goes_on(kind: Kind) -> None:
    life = Life.begun().assigned().handled().paused(6, 600)
    case = life.unit(kind, 30)
    assert (case.state, case.held.holder) == (State.PAUSED, "system")
    completion = case.clock(ClockKind.COMPLETION)
    assert completion is not None
    assert completion.paused


def test_a_first_round_reported_during_a_pause_meets_its_promise() -> None:
    life = Life.begun().assigned().handled().paused(6, 3000)
    life.unit(Kind.FIRST_ROUND, 2000)
    assert life.clock(ClockKind.FIRST_ROUND).met_at == after(2000)
    assert not life.clock(ClockKind.FIRST_ROUND).breached(after(9999))


def test_work_done_during_a_pause_ends_the_pause() -> None:
    life = Life.begun().assigned().handled().paused(6, 600).completed(30)
    assert life.case.state is State.AWAITING_CALLBACK
    assert [clock.kind for clock in life.case.clocks if clock.running] == [ClockKind.CALLBACK]
    assert not any(clock.paused for clock in life.case.clocks)
    assert life.fire(after(601)) is None  # its review has no meaning any more


def test_a_request_without_a_phone_awaits_no_call() -> None:
    life = Life.begun(has_phone=False).assigned()
    assert life.unit(Kind.ACKNOWLEDGED, 5).state is State.IN_PROGRESS


# Endings that depend on the case


def test_a_hazard_goes_on_without_its_citizen_and_is_withdrawn_once() -> None:
    life = Life.begun(grade="A")
    assert life.act(Kind.WITHDREW, CITIZEN).state is State.RECEIVED
    assert Kind.WITHDREW not in allowed(life.case, Role.CITIZEN)
    life.assigned("A").handled()
    assert life.unit(Kind.COMPLETED, 60).state is State.CLOSED


def test_what_turns_out_to_be_no_hazard_may_be_withdrawn() -> None:
    life = Life.begun(grade="A")
    life.act(Kind.WITHDREW, CITIZEN)
    life.act(Kind.ASSIGNED, DISPATCHER, unit="cg", item="SZ-0101", grade="C")
    assert life.act(Kind.WITHDREW, CITIZEN).state is State.CLOSED
