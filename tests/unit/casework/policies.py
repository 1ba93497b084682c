"""Policies that a case may be moved to, and what must hold of any move."""

from datetime import datetime
from typing import Any

from hypothesis import strategies as st
from lives import Life

from casework.case import Case
from casework.clocks import Clock, ClockKind
from casework.view import clock_json
from catalog.policy import ASKED, OWNED, URGED, Action, ClockPolicy, Clocks, Policy, QuietHours, Rung

LADDERS: tuple[tuple[tuple[int, Action], ...], ...] = (
    URGED,
    OWNED,
    ((100, Action.URGE),),
    ((25, Action.REMIND), (90, Action.URGE), (110, Action.SUPERVISE)),
    ((10, Action.REMIND), (20, Action.REMIND), (30, Action.REMIND), (40, Action.URGE), (500, Action.NOTIFY_SUPERVISOR)),
)
CALLBACKS = (
    ASKED,
    ((100, Action.CLOSE_UNRATED),),
    ((20, Action.ASK_CITIZEN), (40, Action.CLOSE_UNRATED)),
    ((50, Action.NOTIFY_SUPERVISOR), (90, Action.ASK_CITIZEN), (150, Action.CLOSE_UNRATED)),
)
LIMITS = {
    "triage": ("5m 30m 30m", "1m 2m 3m", "2h 2h 2h"),
    "feedback": ("10m 10m 10m", "2m 2m 2m", "1h 2h 3h"),
    "contact": ("30m 30m 30m", "5m 5m 5m", "3h 3h 12h"),
    "first_round": ("24h 24h 24h", "1h 4h 8h", "2d 2d 3d"),
    "completion": ("2h 24h 5wd", "30m 3h 10h", "12h 3d 15wd", "1h 1wd 20d"),
    "callback": ("3d 3d 5d", "1h 1d 1d", "10d 10d 10d", "1wd 2wd 3wd"),
}


def clock_policy(limits: str, *rungs: tuple[int, Action]) -> ClockPolicy:
    a, b, c = limits.split()
    ladder = tuple(Rung(at_percent=percent, action=action) for percent, action in rungs)
    return ClockPolicy(a=a, b=b, c=c, ladder=ladder)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Any limits and ladders, tighter and looser, with and without quiet hours and days off."""
    clocks = {
        kind: clock_policy(draw(st.sampled_from(limits)), *draw(_ladders(kind))) for kind, limits in LIMITS.items()
    }
    return Policy(
        calendar=draw(st.sampled_from(["china", "none"])),
        quiet_hours=draw(st.sampled_from([None, QuietHours(), QuietHours(start="12:00", end="14:00")])),
        satisfaction_threshold=draw(st.integers(1, 4)),
        clocks=Clocks(**clocks),
    )


def _ladders(kind: str) -> st.SearchStrategy[Any]:
    return st.sampled_from(CALLBACKS if kind == "callback" else LADDERS)


def seen(case: Case, now: datetime) -> Any:
    """All that anybody can see of a case's clocks."""
    return [clock_json(case, clock, now) for clock in case.clocks]


def checked_move(life: Life, policy: Policy, at: datetime) -> None:
    """Move an open case; whatever its life and whatever the policy, this holds. Raises casework's refusals."""
    before = life.case
    after = life.move(policy, at)
    assert after.state is before.state
    assert after.held == before.held.until(at)
    assert [clock.id for clock in after.clocks] == [clock.id for clock in before.clocks]
    for old, new in zip(before.clocks, after.clocks, strict=True):
        assert new.breached(at) == old.breached(at), "nobody is late by a move, and nobody is excused by it"
        assert _behind(new) == _behind(old)
        if not old.running or old.kind is ClockKind.PAUSE:
            assert new == old
        elif old.breached(at):
            assert new.due_at == old.due_at
        _closes_nothing(old, new, at)
    again = life.move(policy, at)
    assert seen(again, at) == seen(after, at), "moved to where it is, nothing is seen to change"


def _behind(clock: Clock) -> Any:
    return clock.climbed, clock.voided, clock.pauses, [clock.rung(n).action for n in range(len(clock.climbed))]


def _closes_nothing(old: Clock, new: Clock, at: datetime) -> None:
    def closing(clock: Clock) -> bool:
        due = clock.due_rung(at)
        return due is not None and clock.rung(due).action is Action.CLOSE_UNRATED

    assert closing(old) or not closing(new)
