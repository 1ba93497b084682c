"""Who is counted late for a clock that passed its limit: never a unit for time that it did not have."""

from dataclasses import replace
from datetime import datetime

from casework.case import Case, Interruption, Task
from casework.clocks import Clock

SYSTEM = "system"


def charged_to(case: Case, clock: Clock, now: datetime) -> str | None:
    """The holder who is counted late, or None where nobody is.

    Time in which the service was away is nobody's: who would have been in time without it is not late. A unit has half
    of the limit from the moment that the notice reached it, as any new holder has; where it used less, or was never
    reached, the delay was the system's. The citizen's promise was broken either way.
    """
    if not clock.breached(now):
        return None
    end = clock.met_at or clock.stopped_at or now
    if case.interruptions and _used(case, clock, clock.started_at, end) <= clock.total:
        return SYSTEM
    if not clock.holder.startswith("department:"):
        return clock.holder
    task = _task_of(case, clock)
    if task is None or task.notified_at is None:
        return SYSTEM
    return clock.holder if _used(case, clock, task.notified_at, end) > clock.total / 2 else SYSTEM


def interrupted(case: Case, away: Interruption) -> Case:
    """The case as it stands once a stretch in which the service was away has been accounted for."""
    held = case.held.interrupted(away.since, away.until, SYSTEM)
    return replace(case, held=held, interruptions=(*case.interruptions, away))


def _used(case: Case, clock: Clock, since: datetime, until: datetime) -> float:
    """Counted seconds that the clock's holder had: pauses and interruptions left out."""
    return clock.used(since, until, ((away.since, away.until) for away in case.interruptions))


def _task_of(case: Case, clock: Clock) -> Task | None:
    """The last piece of work that the clock's holder was given while the clock ran."""
    if clock.of.startswith("T"):
        return case.given(f"{case.case_no}-{clock.of}")
    unit = clock.holder.removeprefix("department:")
    ended = clock.stopped_at
    tasks = (task for task in reversed(case.tasks) if task.unit == unit)
    return next((task for task in tasks if ended is None or task.assigned_at <= ended), None)
