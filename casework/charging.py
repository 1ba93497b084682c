"""Who is counted late for a clock that passed its limit: never a unit for time that it did not have."""

from datetime import datetime

from casework.case import Case, Task
from casework.clocks import Clock

SYSTEM = "system"


def charged_to(case: Case, clock: Clock, now: datetime) -> str | None:
    """The holder who is counted late, or None where nobody is.

    A unit has half of the limit from the moment that the notice reached it, as any new holder has; where it used less,
    or was never reached, the delay was the system's. The citizen's promise was broken either way.
    """
    if not clock.breached(now):
        return None
    if not clock.holder.startswith("department:"):
        return clock.holder
    task = _task_of(case, clock)
    if task is None or task.notified_at is None:
        return SYSTEM
    fair = clock.time.advance(task.notified_at, clock.total / 2).at
    return clock.holder if (clock.met_at or clock.stopped_at or now) > fair else SYSTEM


def _task_of(case: Case, clock: Clock) -> Task | None:
    """The last piece of work that the clock's holder was given while the clock ran."""
    unit = clock.holder.removeprefix("department:")
    ended = clock.stopped_at
    tasks = (task for task in reversed(case.tasks) if task.unit == unit)
    return next((task for task in tasks if ended is None or task.assigned_at <= ended), None)
