"""When a message that was not taken is tried again, when it goes another way instead, and how long an endpoint rests.

A message waits for its unit's endpoint only as long as its deadline allows: then the next channel carries it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(minutes=10)
RARELY = timedelta(hours=1)
A_DAY = timedelta(days=1)
SHARE = 3  # of the time from cause to deadline a third is the endpoint's: the unit needs the rest
PART = 8  # of what remains until the deadline an eighth may pass before the next try
OVERDUE_PATIENCE = timedelta(seconds=30)
RESTS_AFTER = 3  # failures in a row
FIRST_REST = timedelta(seconds=15)
LONGEST_REST = timedelta(minutes=10)
NOT_ASKED = timedelta()


class Hope(StrEnum):
    """What there is to hope for from another try at the same endpoint."""

    PASSING = "passing"  # it did not answer, or cannot take anything now
    REFUSED = "refused"  # it answered that it does not take this: somebody must look
    NONE = "none"  # there is nothing to send to until the unit is connected (anew)


@dataclass(frozen=True, slots=True)
class Later:
    """Try the same endpoint again at this time."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Fallback:
    """The endpoint has had its time: the next channel carries the message now."""


def last_try_at(created_at: datetime, due_at: datetime | None) -> datetime:
    """Until when a message waits for the endpoint alone: a third of the time that the matter has, a day at most.

    An urge about what is overdue already waits for half a minute.
    """
    if due_at is None:
        return created_at + A_DAY
    return created_at + (min((due_at - created_at) / SHARE, A_DAY) if due_at > created_at else OVERDUE_PATIENCE)


def next_try(
    attempts: int | None,
    created_at: datetime,
    due_at: datetime | None,
    now: datetime,
    *,
    asked: timedelta = NOT_ASKED,
    hope: Hope = Hope.PASSING,
) -> Later | Fallback:
    """What to do with a message that was not taken at `now`.

    `attempts`: how often it had been tried before; None where it was not even tried, and comes again as `asked`.
    `asked`: how long the endpoint wants to be left alone. `due_at`: when the unit's deadline is; None without one.
    """
    last = last_try_at(created_at, due_at)
    if now >= last or now + asked > last or (due_at is not None and hope is not Hope.PASSING):
        return Fallback()
    wait = _wait(attempts, hope, LONGEST_WAIT)
    if due_at is not None and due_at > now:
        wait = min(wait, (due_at - now) / PART)
    return Later(min(now + max(wait, asked), last))


def next_copy(
    attempts: int | None, now: datetime, *, asked: timedelta = NOT_ASKED, hope: Hope = Hope.PASSING
) -> datetime:
    """When to try again what another channel has carried: the unit knows, its system does not yet."""
    return now + max(_wait(attempts, hope, RARELY), asked)


def rest(failures: int) -> timedelta | None:
    """How long nothing is sent to an endpoint that has failed so often in a row; None while it is still tried."""
    if failures < RESTS_AFTER:
        return None
    return min(FIRST_REST * (1 << min(failures - RESTS_AFTER, 10)), LONGEST_REST)


def backoff(attempts: int, longest: timedelta = LONGEST_WAIT) -> timedelta:
    """The wait after a try, twice as long each time."""
    return min(FIRST_WAIT * (1 << min(attempts, 12)), longest)


def _wait(attempts: int | None, hope: Hope, longest: timedelta) -> timedelta:
    match hope:
        case Hope.NONE:
            return A_DAY
        case Hope.REFUSED:
            return RARELY
        case Hope.PASSING:
            return NOT_ASKED if attempts is None else backoff(attempts, longest)
