"""A case moved to another policy, by example. What holds of any move: `test_any_move.py`."""

from typing import Any

import pytest
from lives import ADMIN, DISPATCHER, START, Life, after
from policies import clock_policy

from casework.clocks import Clock, ClockKind
from casework.errors import NotAllowed
from casework.events import CITIZEN, SYSTEM, Kind
from casework.states import State
from casework.steps import due_rung
from catalog.policy import ASKED, REMINDED, URGED, Action, Policy

HOUR, DAY = 60.0, 24 * 60.0
PLAIN = Policy(calendar="none", quiet_hours=None)
QUICK = ((25, Action.REMIND), (75, Action.URGE))


def having(**clocks: Any) -> Policy:
    """The plain policy with other limits and ladders: ``contact=("10m 10m 10m", *URGED)``."""
    changed = {kind: clock_policy(*rules) for kind, rules in clocks.items()}
    return PLAIN.model_copy(update={"clocks": PLAIN.clocks.model_copy(update=changed)})


def moved(life: Life, minutes: float, policy: Policy) -> Life:
    life.move(policy, after(minutes))
    return life


def due(life: Life, kind: ClockKind) -> float:
    """Minutes after receipt."""
    at = life.clock(kind).due_at
    assert at is not None
    return (at - START).total_seconds() / 60


def assigned(grade: str = "C") -> Life:
    return Life.begun(PLAIN).assigned(grade)


def ahead(clock: Clock) -> list[tuple[int, str]]:
    """What is still to come, as far as the ladder says."""
    rungs = range(len(clock.climbed), max(len(clock.ladder), len(clock.climbed) + 1))
    return [(clock.rung(n).at_percent, str(clock.rung(n).action)) for n in rungs]


# Limits


def test_a_looser_limit_counts_from_the_clocks_own_start() -> None:
    assert due(moved(assigned(), 4, having(feedback=("1h 1h 1h", *URGED))), ClockKind.FEEDBACK) == 60


@pytest.mark.parametrize(("at", "due_after"), [(2, 10), (5, 10), (20, 25), (27, 30)])
def test_a_tighter_limit_leaves_half_of_itself_and_never_more_than_there_was(at: float, due_after: float) -> None:
    assert due(moved(assigned(), at, having(contact=("10m 10m 10m", *URGED))), ClockKind.CONTACT) == due_after


@pytest.mark.parametrize("limit", ["10m", "2h"])
def test_what_was_late_stays_late_and_is_not_excused(limit: str) -> None:
    life = moved(assigned(), 45, having(contact=(f"{limit} {limit} {limit}", *URGED)))
    assert due(life, ClockKind.CONTACT) == 30
    assert life.clock(ClockKind.CONTACT).breached(after(45))


def test_what_has_ended_is_judged_by_the_policy_of_its_time() -> None:
    life = assigned().notified().handled(5)
    before = life.clock(ClockKind.FEEDBACK)
    moved(life, 6, having(feedback=("2m 2m 2m", *QUICK)))
    assert life.clock(ClockKind.FEEDBACK) == before
    assert not before.breached(after(99))


def test_an_extension_is_kept_day_for_day() -> None:
    life = assigned("B").notified().handled(5)
    life.act(Kind.EXTENDED, DISPATCHER, after(10), days=2)
    assert due(life, ClockKind.COMPLETION) == 3 * DAY
    moved(life, 20, having(completion=("2h 6h 5wd", *URGED)))
    assert due(life, ClockKind.COMPLETION) == 6 * HOUR + 2 * DAY
    assert due(moved(life, 30, PLAIN), ClockKind.COMPLETION) == 3 * DAY


def test_a_later_holder_keeps_the_share_of_the_limit_that_he_was_given() -> None:
    life = assigned("B")
    life.act(Kind.ASSIGNED, DISPATCHER, after(20 * HOUR), unit="sw")  # half of 24 hours
    assert due(life, ClockKind.COMPLETION) == 32 * HOUR
    moved(life, 21 * HOUR, having(completion=("2h 48h 5wd", *URGED)))
    assert due(life, ClockKind.COMPLETION) == (20 + 24) * HOUR


def test_a_limit_that_was_tightened_late_is_not_taken_for_a_share_of_more_than_the_whole() -> None:
    life = moved(assigned("B"), 20 * HOUR, having(completion=("2h 6h 5wd", *URGED)))
    assert due(life, ClockKind.COMPLETION) == 23 * HOUR
    assert due(moved(life, 20 * HOUR + 1, having(completion=("2h 30h 5wd", *URGED))), ClockKind.COMPLETION) == 30 * HOUR


def test_a_case_sent_back_keeps_its_tighter_limit_under_the_new_policy() -> None:
    life = assigned("C").completed(30).judged(60, solved=False, satisfaction=1)
    moved(life, 70, having(completion=("2h 10h 5wd", *URGED)))
    assert due(life, ClockKind.COMPLETION) == 60 + 10 * HOUR  # one grade tighter: B's


def test_no_promise_is_due_after_the_completion_of_the_new_policy() -> None:
    life = moved(assigned("B"), 10, having(completion=("2h 3h 5wd", *URGED)))
    assert due(life, ClockKind.COMPLETION) == due(life, ClockKind.FIRST_ROUND) == 3 * HOUR


def test_a_paused_clock_goes_on_under_the_new_limit() -> None:
    life = assigned("B").notified().handled(5).paused(60, 600)
    moved(life, 100, having(completion=("2h 12h 5wd", *URGED)))
    assert life.case.state is State.PAUSED
    assert life.clock(ClockKind.COMPLETION).due_at is None
    assert life.clock(ClockKind.PAUSE).due_at == after(600)
    life.unit(Kind.TASK_RESUMED, 160)
    assert due(life, ClockKind.COMPLETION) == 12 * HOUR + 100


def test_triage_takes_the_new_limit_too() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.TRIAGED, SYSTEM, after(1))
    assert due(moved(life, 10, having(triage=("5m 12m 12m", *QUICK))), ClockKind.TRIAGE) == 16


# Ladders


def test_what_has_fired_is_not_fired_again_and_the_rest_is_the_new_ladders() -> None:
    life = assigned()
    life.fire(after(6))
    moved(life, 7, having(feedback=("10m 10m 10m", *QUICK)))
    clock = life.clock(ClockKind.FEEDBACK)
    assert [(step.n, str(clock.rung(step.n).action)) for step in clock.climbed] == [(0, "remind")]
    assert ahead(clock) == [(75, "urge")]
    fired = life.fire(after(7.6))
    assert fired is not None
    assert (fired.data["rung"], fired.data["action"]) == (1, "urge")


def test_where_the_new_ladder_has_ended_its_last_word_is_repeated() -> None:
    life = assigned()
    life.fire(after(12.5))  # 120 %
    moved(life, 13, having(feedback=("10m 10m 10m", *QUICK)))
    assert ahead(life.clock(ClockKind.FEEDBACK)) == [(150, "urge")]


def test_a_rung_that_the_new_limit_has_passed_fires_at_once_and_once() -> None:
    life = moved(assigned(), 20, having(contact=("10m 10m 10m", (40, Action.REMIND), (70, Action.REMIND), *URGED[2:])))
    act = due_rung(life.case, life.policy, after(20.1))
    assert act is not None
    assert (act.data["clock"], act.data["rung"]) == ("feedback#0", 4)
    while life.fire(after(20.1)):
        pass
    assert [step.skipped for step in life.clock(ClockKind.CONTACT).climbed] == [True, False]


@pytest.mark.parametrize(("asked", "closing"), [(0, 120), (1, 120)])
def test_nobodys_case_is_closed_by_the_move_itself(asked: int, closing: int) -> None:
    life = assigned().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    for _ in range(asked):
        life.fire(after(60 + 2 * DAY))
    moved(life, 60 + 4 * DAY, having(callback=("5d 5d 5d", (20, Action.ASK_CITIZEN), (60, Action.CLOSE_UNRATED))))
    callback = life.clock(ClockKind.CALLBACK)
    assert ahead(callback)[-1] == (closing, "close_unrated")
    while life.fire(after(60 + 4 * DAY + 1)):
        pass
    assert life.case.open
    while life.fire(after(60 + 6 * DAY + 1)):
        pass
    assert not life.case.open


def test_a_citizen_who_is_asked_later_is_asked_under_the_new_policy() -> None:
    life = moved(assigned().completed(60), 70, having(callback=("1d 1d 1d", *ASKED)))
    life.act(Kind.ASKED, SYSTEM, after(100))
    assert due(life, ClockKind.CALLBACK) == 100 + DAY


# What else a policy says


def test_from_then_on_the_new_policy_judges() -> None:
    life = moved(assigned().completed(60), 70, PLAIN.model_copy(update={"satisfaction_threshold": 4}))
    life.judged(80, solved=True, satisfaction=4)
    assert life.case.open
    assert life.folded() == life.case


def test_the_case_names_the_policy_it_lives_under() -> None:
    assert moved(assigned(), 5, PLAIN).case.policy_version == "m0"
    assert [event.kind for event in moved(assigned(), 5, PLAIN).events][-1] is Kind.MOVED


def test_two_moves_fold_as_they_were_lived() -> None:
    life = moved(assigned(), 3, having(feedback=("1h 1h 1h", *REMINDED)))
    life.fire(after(31))
    moved(life, 32, having(feedback=("20m 20m 20m", *URGED)))
    assert due(life, ClockKind.FEEDBACK) == 42
    assert life.folded() == life.case


# Who may, and when


def test_a_case_whose_run_has_not_begun_is_not_moved() -> None:
    life = Life.begun(PLAIN)
    with pytest.raises(NotAllowed, match="its run has not begun"):
        life.move(PLAIN, after(1))
    life.act(Kind.PINNED, policy_version="p2", catalogue_version="c2")
    assert moved(life, 2, PLAIN).case.policy_version == "m0"


def test_a_closed_case_is_not_moved() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.WITHDREW, CITIZEN, after(1))
    with pytest.raises(NotAllowed):
        life.move(PLAIN, after(2))


@pytest.mark.parametrize("actor", [SYSTEM, DISPATCHER, CITIZEN])
def test_only_an_administrator_moves(actor: Any) -> None:
    with pytest.raises(NotAllowed):
        assigned().act(Kind.MOVED, actor, after(1), policy_version="p2")
    assert str(ADMIN) == "admin"


# Who is told


def told(life: Life) -> list[str]:
    return [f"{effect.addressee} {effect.type}" for effect in life.last]


def test_who_works_under_another_limit_is_told_and_so_is_the_citizen_of_the_new_date() -> None:
    life = moved(assigned("B"), 5, having(completion=("2h 12h 5wd", *URGED)))
    assert told(life) == ["cg task.decided", "citizen citizen.moved"]
    decided, citizen = life.last
    assert (decided.data["request"], decided.data["granted"]) == ("policy", True)
    assert {"kind": "completion", "due_at": after(12 * HOUR).isoformat()} in decided.data["clocks"]
    assert citizen.data["due_at"] == after(12 * HOUR).isoformat()


def test_a_citizen_to_whom_no_other_date_was_promised_is_not_told() -> None:
    assert told(moved(assigned(), 5, having(contact=("2h 2h 2h", *URGED)))) == ["cg task.decided"]


@pytest.mark.parametrize(
    ("life", "policy"),
    [
        (assigned, PLAIN.model_copy(update={"reopen_days": 3})),  # no limit of theirs
        (assigned, having(feedback=("10m 10m 10m", *QUICK))),  # a ladder
        (lambda: assigned().completed(5), having(callback=("1d 1d 1d", *ASKED))),  # the unit has done its work
        (lambda: moved(assigned(), 1, PLAIN), PLAIN),
    ],
)
def test_where_no_limit_of_the_unit_changes_nobody_is_told(life: Any, policy: Policy) -> None:
    assert told(moved(life(), 6, policy)) == []


def test_before_anybody_has_the_case_nobody_is_told() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.TRIAGED, SYSTEM, after(1))
    assert told(moved(life, 2, having(feedback=("1h 1h 1h", *URGED)))) == []


def test_while_it_pauses_the_unit_is_told_and_no_date_is() -> None:
    life = assigned("B").notified().handled(5).paused(60, 600)
    moved(life, 100, having(completion=("2h 12h 5wd", *URGED)))
    assert told(life) == ["cg task.decided"]
    assert {clock["due_at"] for clock in life.last[0].data["clocks"]} == {None}
