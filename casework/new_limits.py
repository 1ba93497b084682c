"""A running clock that gets another limit: nobody is late at the moment that he learns of it."""

from dataclasses import replace
from datetime import datetime

from casework.clocks import Clock


def with_limit(clock: Clock, new: Clock, at: datetime) -> Clock:
    """The clock with the limit of `new`, counted from its own start.

    A tighter limit leaves half of itself from `at` on at the least, but never more than there was: what was late
    stays late. What has fired stays fired, and pauses stay.
    """
    counting = clock.resume(at)  # a pause adds the same to whatever is due after it
    due, limited = counting.due_at, replace(counting, time=new.time, total=new.total)
    before = limited.elapsed(due) if due else new.total
    total = max(new.total, min(before, limited.elapsed(at) + new.total / 2))
    return replace(clock, time=new.time, total=total)
