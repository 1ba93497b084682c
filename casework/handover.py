"""What a new holder's completion clock is: the larger of the time that remains and half of the limit."""

from dataclasses import replace
from datetime import datetime

from casework.case import Case
from casework.clocks import Clock, ClockKind, start_clock
from catalog.policy import Grade, Policy

TIGHTER = {Grade.C: Grade.B, Grade.B: Grade.A}


def completion_clock(case: Case, policy: Policy, holder: str, at: datetime) -> Clock:
    """The clock of whoever is handed the case at `at`.

    The first holder gets the whole limit (the item's own, or the grade's), a later one what remains but never less
    than half. A case sent back by its citizen has a tighter limit from then on, whoever holds it.
    """
    old = case.clock(ClockKind.COMPLETION)
    clock = replace(whole_limit(case, policy, holder, at), id=_next_id(case))
    if old is None or not old.running:
        return clock
    half, due = clock.instant(50), old.due_at
    if due is None or half is None or due <= half:
        return _part(clock, clock.total / 2)
    return _part(clock, min(clock.total, clock.time.counted(at, due)))


def whole_limit(case: Case, policy: Policy, holder: str, at: datetime) -> Clock:
    """The limit in force: the case's own, after a reopening one grade tighter; tighter than A is half of A's."""
    own = start_clock(policy, ClockKind.COMPLETION, case.grade, holder, at, limit=case.item_limit)
    if not case.reopened:
        return own
    tighter = start_clock(policy, ClockKind.COMPLETION, TIGHTER.get(case.grade, Grade.A), holder, at)
    return replace(own, total=own.total / 2) if case.grade is Grade.A or tighter.total >= own.total else tighter


def _part(clock: Clock, total: float) -> Clock:
    return replace(clock, total=total, share=total / clock.total)


def _next_id(case: Case) -> str:
    return f"{ClockKind.COMPLETION}#{sum(clock.kind is ClockKind.COMPLETION for clock in case.clocks)}"
