"""What an administrator is shown before a case is moved."""

from lives import Life, after
from policies import clock_policy

from casework.events import CITIZEN, SYSTEM, Kind
from casework.move_preview import ClockMoved, obstacle, preview
from casework.moving import Move
from catalog.policy import URGED, Action, Policy

PLAIN = Policy(calendar="none", quiet_hours=None)


def having(**clocks: str) -> Policy:
    changed = {kind: clock_policy(limits, *URGED) for kind, limits in clocks.items()}
    return PLAIN.model_copy(update={"clocks": PLAIN.clocks.model_copy(update=changed)})


def shown(life: Life, minutes: float, policy: Policy) -> dict[str, ClockMoved]:
    return {clock.kind: clock for clock in preview(life.case, Move(PLAIN, policy, after(minutes)))}


def test_each_running_clock_is_shown_before_and_after() -> None:
    life = Life.begun(PLAIN).assigned().notified().handled(5)
    clocks = shown(life, 6, having(first_round="8h 8h 8h"))
    assert set(clocks) == {"first_round", "completion"}
    first = clocks["first_round"]
    assert (first.due_before, first.due_after) == (after(24 * 60), after(8 * 60))
    assert (first.holder, first.late, first.paused, first.changes) == ("department:cg", False, False, True)
    assert not clocks["completion"].changes


def test_what_would_fire_at_once_is_shown() -> None:
    clocks = shown(Life.begun(PLAIN).assigned(), 8.5, having(contact="10m 10m 10m"))
    assert (clocks["contact"].fired, clocks["contact"].fires) == (None, Action.REMIND)
    assert (clocks["feedback"].fired, clocks["feedback"].changes) == (Action.REMIND, False)


def test_what_is_late_and_what_is_paused_is_shown_as_such() -> None:
    assert shown(Life.begun(PLAIN).assigned(), 15, PLAIN)["feedback"].late
    paused = shown(Life.begun(PLAIN).assigned().handled(5).paused(9, 99), 20, having(first_round="8h 8h 8h"))
    assert (paused["first_round"].paused, paused["first_round"].due_before) == (True, after(24 * 60 + 11))
    assert paused["first_round"].due_after == after(8 * 60 + 11)
    assert paused["pause"].due_after == after(99)


def test_a_preview_changes_nothing() -> None:
    life = Life.begun(PLAIN).assigned()
    before = life.case
    shown(life, 3, having(feedback="1h 1h 1h"))
    assert life.case == before


def test_what_hinders_a_move() -> None:
    life = Life.begun(PLAIN)
    assert obstacle(life.case) == "not_begun"
    life.act(Kind.PINNED, SYSTEM, policy_version="p1", catalogue_version="c1")
    assert obstacle(life.case) is None
    life.act(Kind.WITHDREW, CITIZEN, after(1))
    assert obstacle(life.case) == "closed"
