"""More time for a clock (延期): due so many working days later, also where its limit is of hours."""

from dataclasses import replace
from datetime import datetime

from casework.clocks import Clock, start_clock
from catalog.policy import Grade, Policy


def extended(clock: Clock, policy: Policy, grade: Grade, days: int, at: datetime) -> Clock:
    """What of its ladder has fired stays fired. `at` stands for the due time of a clock that is paused before it."""
    due = clock.due_at or at
    later = start_clock(policy, clock.kind, grade, "", due, limit=f"{days}wd").due_at or due
    return replace(clock, total=clock.total + clock.time.counted(due, later), extension_days=days)
