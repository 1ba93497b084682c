"""The life cycle's table is whole, says what CONTRACT says, and lets each role do its own and no more."""

from collections import Counter
from itertools import permutations

import pytest
from lives import DISPATCHER, Life, after

from casework.clocks import ClockKind
from casework.events import CITIZEN, Kind, Role
from casework.life_cycle import (
    CONDITIONS,
    DECIDE,
    LIFE_CYCLE,
    OF_A_PART,
    OF_AN_OWNERSHIP,
    OF_THE_REQUEST,
    OWNERSHIP_LIFE,
    PART_LIFE,
    Transition,
    allowed,
)
from casework.states import ENDED, STAGES, State

FACTS = (Kind.ACKNOWLEDGED, Kind.CONTACTED, Kind.VISITED, Kind.FIRST_ROUND, Kind.PROGRESS)
HANDLE = {
    *FACTS, Kind.COMPLETED, Kind.EXTENSION_REQUESTED, Kind.DECLINED, Kind.DELEGATED, Kind.WHISTLED
}  # fmt: skip
OPENING = {Kind.CLASSIFIED, Kind.GRADED, Kind.TRIAGED, Kind.ASSIGNED, Kind.REFERRED}
SERVICE = {Kind.INTERRUPTED, Kind.QUARANTINED, Kind.RECOVERED}
ELSEWHERE = {Kind.REFERRED, Kind.NOT_ACCEPTED, Kind.MERGED}
DESK = {
    Kind.ASSIGNED, Kind.EXTENDED, Kind.REFUSED, Kind.GRADED, Kind.DELEGATED, Kind.WHISTLED, Kind.OWNED, *ELSEWHERE
}  # fmt: skip
AT_WORK = SERVICE | {Kind.PINNED, Kind.NOTIFIED, Kind.RUNG, Kind.OWNED}
TABLES = pytest.mark.parametrize("table", [LIFE_CYCLE, PART_LIFE, OWNERSHIP_LIFE], ids=["request", "part", "ownership"])


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


def referred(life: Life) -> Life:
    life.act(Kind.REFERRED, DISPATCHER, after(3), to="119", name="消防", reason="燃气泄漏")
    return life


def delegated() -> Life:
    life = Life.begun().assigned().handled()
    life.unit(Kind.DELEGATED, 6, to="cg-1")
    return life


BY_STATE = {
    State.RECEIVED: Life.begun,
    State.TRIAGE: triaged,
    State.AWAITING_ACK: lambda: Life.begun().assigned(),
    State.AWAITING_CONTACT: acknowledged,
    State.IN_PROGRESS: lambda: Life.begun().assigned().handled(),
    State.PAUSED: lambda: Life.begun().assigned().handled().paused(6, 600),
    State.AWAITING_REFERRAL: lambda: referred(triaged()),
    State.AWAITING_RECHECK: lambda: delegated().completed(),
    State.AWAITING_CALLBACK: lambda: Life.begun().assigned().completed(),
    State.CLOSED: lambda: Life.begun().assigned().completed().judged(70, solved=True, satisfaction=5),
}


# The table


def reached_from(begin: State, table: tuple[Transition, ...] = LIFE_CYCLE) -> set[State]:
    reached, ahead = {begin}, [begin]
    while ahead:
        here = ahead.pop()
        for row in table:
            if row.state is here and row.next not in reached:
                reached.add(row.next)
                ahead.append(row.next)
    return reached


def test_every_stage_is_reached_from_receipt() -> None:
    assert reached_from(State.RECEIVED) == set(STAGES) == set(BY_STATE)


def test_every_state_of_a_part_and_of_an_ownership_is_reached_from_its_beginning() -> None:
    assert reached_from(State.AWAITING_REPORT_IN, PART_LIFE) == {
        State.AWAITING_REPORT_IN, State.AWAITING_ARRIVAL, State.IN_PROGRESS, State.DONE
    }  # fmt: skip
    assert reached_from(State.AWAITING_ACCEPTANCE, OWNERSHIP_LIFE) == {
        State.AWAITING_ACCEPTANCE, State.IN_PROGRESS, State.AWAITING_APPROVAL, State.DISSOLVED
    }  # fmt: skip


@pytest.mark.parametrize("state", [state for state in STAGES if state is not State.CLOSED])
def test_every_open_stage_has_a_way_to_the_end(state: State) -> None:
    assert State.CLOSED in reached_from(state)
    assert any(row.state is state and row.next is not state for row in LIFE_CYCLE)


@pytest.mark.parametrize("table", [PART_LIFE, OWNERSHIP_LIFE], ids=["part", "ownership"])
def test_a_part_and_an_ownership_come_to_an_end_and_stay_there(table: tuple[Transition, ...]) -> None:
    assert all(reached_from(row.state, table) & ENDED for row in table)
    assert all(row.next is row.state for row in table if row.state in ENDED)


def test_everything_that_can_happen_has_its_place() -> None:
    assert set(Kind) - {Kind.RECEIVED} == OF_THE_REQUEST | OF_A_PART | OF_AN_OWNERSHIP  # receipt opens a case
    assert {Kind.ROSE, Kind.APPROVED} == OF_THE_REQUEST & OF_AN_OWNERSHIP
    assert not OF_A_PART & (OF_THE_REQUEST | OF_AN_OWNERSHIP)


@TABLES
def test_no_two_rows_say_the_same_thing(table: tuple[Transition, ...]) -> None:
    rows = Counter((row.state, row.event, row.when, row.verdict) for row in table)
    assert [row for row, times in rows.items() if times > 1] == []


@TABLES
def test_what_follows_depends_on_the_case_and_never_on_who_acts(table: tuple[Transition, ...]) -> None:
    who: dict[tuple[State, Kind], set[frozenset[Role]]] = {}
    following: dict[tuple[State, Kind], set[State]] = {}
    for row in table:
        who.setdefault((row.state, row.event), set()).add(row.who)
        following.setdefault((row.state, row.event), set()).add(row.next)
    assert [where for where, sets in who.items() if len(sets) > 1 and len(following[where]) > 1] == []


def test_every_condition_is_known_and_used() -> None:
    rows = (*LIFE_CYCLE, *PART_LIFE, *OWNERSHIP_LIFE)
    assert {each for row in rows for each in row.when.split("; ")} == set(CONDITIONS)


@TABLES
def test_a_row_without_a_condition_stands_last_of_its_kind(table: tuple[Transition, ...]) -> None:
    """The first row that fits is taken: one behind a row without a condition would never be."""
    seen: set[tuple[State, Kind, str]] = set()
    for row in table:
        assert (row.state, row.event, row.verdict) not in seen, row
        if not row.when:
            seen.add((row.state, row.event, row.verdict))


def test_only_a_citizen_a_callback_or_an_ending_closes_a_case() -> None:
    closing = {(row.event, row.when) for row in LIFE_CYCLE if row.state is not row.next is State.CLOSED}
    assert closing == {
        (Kind.ASSIGNED, "thanks"),
        (Kind.WITHDREW, "nothing holds it"),
        (Kind.WITHDREW, ""),
        (Kind.COMPLETED, "withdrawn by the citizen"),
        (Kind.RECHECKED, "withdrawn by the citizen"),
        (Kind.SIGNED_OFF, "a call is open; withdrawn by the citizen"),
        (Kind.FOLLOWED, "merged and withdrawn"),
        (Kind.APPROVED, "heard"),
        (Kind.APPROVED, "owned; withdrawn by the citizen"),
        (Kind.NOT_ACCEPTED, "nothing keeps it here"),
        (Kind.REFERRAL_CONFIRMED, ""),
        (Kind.EVALUATED, ""),
        (Kind.CLOSED, ""),
    }


def test_a_department_cannot_close_a_case() -> None:
    """What is left to units: work for a citizen who has withdrawn, the leading group's word, a referral's receipt."""
    by_units = {(row.event, row.when) for row in LIFE_CYCLE if Role.UNIT in row.who and row.next is State.CLOSED}
    withdrawn = {(event, when) for event, when in by_units if "withdrawn by the citizen" in when}
    assert by_units - withdrawn == {(Kind.APPROVED, "heard"), (Kind.REFERRAL_CONFIRMED, "")}


def test_no_row_leads_out_of_an_ownership_but_its_approval() -> None:
    """Where a case may be owned, what leads out of these stages asks that nobody owns it."""
    ownable = {row.state for row in LIFE_CYCLE if row.event is Kind.OWNED}
    leaving = {
        (row.event, row.when)
        for row in LIFE_CYCLE
        if row.state in ownable and row.next not in ownable and row.event not in (Kind.APPROVED, Kind.FOLLOWED)
    }
    keeping = {"nothing holds it", "nothing keeps it here", "thanks"}  # of these none is owned
    behind_owned = {Kind.COMPLETED, Kind.RECHECKED, Kind.SIGNED_OFF}  # their first row: the case stays with its owner
    assert {(event, when) for event, when in leaving if when not in keeping and event not in behind_owned} == set()
    for event in behind_owned:
        for state in ownable:
            rows = [row for row in LIFE_CYCLE if row.state is state and row.event is event]
            assert not rows or rows[0].when.endswith("owned")
            assert not rows or rows[0].next in ownable


# What each role may do


@pytest.mark.parametrize(
    ("state", "role", "may"),
    [
        (State.RECEIVED, Role.SYSTEM, OPENING | SERVICE | {Kind.PINNED, Kind.RUNG, Kind.SUSPECTED, Kind.MERGED}),
        (State.RECEIVED, Role.DISPATCHER, {Kind.ASSIGNED}),
        (State.RECEIVED, Role.UNIT, set()),
        (State.TRIAGE, Role.DISPATCHER, {Kind.ASSIGNED, Kind.GRADED, Kind.OWNED, *ELSEWHERE}),
        (State.TRIAGE, Role.STREET, {Kind.ASSIGNED, Kind.GRADED, Kind.OWNED, *ELSEWHERE}),
        (State.TRIAGE, Role.SUPERVISOR, {Kind.ASSIGNED, Kind.OWNED}),
        (State.TRIAGE, Role.LEADER, {Kind.OWNED}),
        (State.TRIAGE, Role.CITIZEN, {Kind.WITHDREW}),
        (State.AWAITING_ACK, Role.UNIT, HANDLE),
        (State.AWAITING_ACK, Role.DISPATCHER, DESK),
        (State.AWAITING_CONTACT, Role.UNIT, HANDLE),
        (State.AWAITING_CONTACT, Role.CITIZEN, {Kind.WITHDREW}),
        (State.IN_PROGRESS, Role.UNIT, HANDLE | {Kind.PAUSE_REQUESTED}),
        (State.IN_PROGRESS, Role.DISPATCHER, DESK | {Kind.PAUSED}),
        (State.IN_PROGRESS, Role.SUPERVISOR, {Kind.OWNED}),
        (State.IN_PROGRESS, Role.LEADER, {Kind.OWNED}),
        (State.IN_PROGRESS, Role.ADJUDICATOR, set()),
        (State.IN_PROGRESS, Role.SYSTEM, AT_WORK | {Kind.REFERRED, Kind.WHISTLED}),
        (State.PAUSED, Role.UNIT, {*FACTS, Kind.COMPLETED, Kind.TASK_RESUMED}),
        (State.PAUSED, Role.DISPATCHER, {Kind.RESUMED, Kind.GRADED, Kind.MERGED, Kind.OWNED}),
        (State.PAUSED, Role.SYSTEM, AT_WORK | {Kind.RESUMED}),
        (State.AWAITING_REFERRAL, Role.UNIT, {Kind.REFERRAL_CONFIRMED, Kind.REFERRAL_RETURNED}),
        (State.AWAITING_REFERRAL, Role.DISPATCHER, {Kind.REFERRAL_CONFIRMED, Kind.REFERRAL_RETURNED}),
        (State.AWAITING_REFERRAL, Role.CITIZEN, {Kind.WITHDREW}),
        (State.AWAITING_RECHECK, Role.UNIT, {*FACTS, Kind.COMPLETED, Kind.DELEGATED}),
        (State.AWAITING_RECHECK, Role.DISPATCHER, {Kind.RECHECKED, Kind.SENT_BACK, Kind.DELEGATED, Kind.OWNED}),
        (State.AWAITING_RECHECK, Role.CITIZEN, {Kind.WITHDREW}),
        (State.AWAITING_CALLBACK, Role.UNIT, set(FACTS)),
        (State.AWAITING_CALLBACK, Role.CITIZEN, {Kind.EVALUATED, Kind.REOPENED, Kind.WITHDREW}),
        (State.AWAITING_CALLBACK, Role.CALLBACK, {Kind.EVALUATED, Kind.UNANSWERED}),
        (State.AWAITING_CALLBACK, Role.DISPATCHER, set()),
        (State.CLOSED, Role.CITIZEN, {Kind.REOPENED}),
        (State.CLOSED, Role.UNIT, set()),
        (State.CLOSED, Role.DISPATCHER, set()),
        (State.CLOSED, Role.ADMIN, {Kind.FORGOTTEN}),
    ],
)  # fmt: skip
def test_what_each_role_may_do(state: State, role: Role, may: set[Kind]) -> None:
    case = BY_STATE[state]().case
    assert case.state is state
    assert set(allowed(case, role)) == {str(kind) for kind in may}


OVERSIGHT = {Kind.EXCUSED, Kind.SIGNED_OFF}


def test_what_each_may_do_while_a_call_is_open() -> None:
    life = Life.begun().assigned().handled().whistled("sw", "jt")
    whistled = life.case
    assert set(allowed(whistled, Role.DISPATCHER)) & OVERSIGHT == OVERSIGHT
    assert Kind.WHISTLED not in allowed(whistled, Role.DISPATCHER)
    assert Kind.DELEGATED not in allowed(whistled, Role.UNIT)
    assert not {str(kind) for kind in ELSEWHERE} & set(allowed(whistled, Role.DISPATCHER))
    lead, co = life.part("sw"), life.part("jt")
    of_a_part = {"whistle.reported_in", "whistle.arrived", "whistle.part_completed", "whistle.declined"}
    assert set(allowed(whistled, Role.UNIT, lead)) == of_a_part | {"whistle.joint_result"}
    assert set(allowed(whistled, Role.UNIT, co)) == of_a_part
    assert "whistle.joint_result" not in allowed(whistled, Role.UNIT, whistled.task)


def test_what_each_may_do_while_a_leader_owns_it() -> None:
    life = Life.begun().assigned().handled().owned()
    acts = {"ownership.accepted", "ownership.visited", "ownership.planned", "ownership.reviewed"}
    owner = life.of_the_owner
    assert set(allowed(life.case, Role.UNIT, owner)) == {*acts, Kind.DISSOLUTION}
    assert not acts & set(allowed(life.case, Role.UNIT, life.case.task))
    assert Kind.OWNED not in allowed(life.case, Role.LEADER)
    assert Kind.APPROVED not in allowed(life.case, Role.LEADER)
    assert not {str(kind) for kind in ELSEWHERE} & set(allowed(life.case, Role.DISPATCHER))
    life.owner(Kind.DISSOLUTION, 20, disposition="solved", evidence=["https://a.cn/1.jpg"], opinion="同意")
    assert set(allowed(life.case, Role.LEADER)) >= {Kind.APPROVED, Kind.NOT_APPROVED}
    assert set(allowed(life.case, Role.UNIT, life.of_the_approver)) == {Kind.APPROVED, Kind.NOT_APPROVED}


def test_dispatchers_streets_and_administrators_decide_alike() -> None:
    case = Life.begun().assigned().handled().case
    assert len({tuple(kind for kind in allowed(case, role) if kind != Kind.MOVED) for role in DECIDE}) == 1


def test_only_an_administrator_moves_a_case_to_another_policy() -> None:
    case = Life.begun().assigned().handled().case
    assert {role for role in Role if Kind.MOVED in allowed(case, role)} == {Role.ADMIN}


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
