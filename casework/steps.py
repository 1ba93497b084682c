"""What a case needs next, and when it must be looked at again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casework.admission import RUNG_KINDS
from casework.case import Case, State
from casework.clocks import ClockKind
from casework.events import SYSTEM, Act, Kind
from catalog.policy import Policy
from catalog.working_time import civil


class Verb(StrEnum):
    """The steps of a life; each is one task of the same name."""

    CLASSIFY = "classify"
    GRADE = "grade"
    ASSIGN = "assign"
    CALLBACK = "callback"
    ESCALATE = "escalate"
    NOTIFY = "notify"


@dataclass(frozen=True, slots=True)
class Owed:
    """The case's messages that are not delivered yet: how many may be tried now, and when the next may."""

    ready: int = 0
    next_at: datetime | None = None


def next_step(case: Case, policy: Policy, now: datetime, owed: Owed) -> Verb | None:
    """The next verb, or None: the case waits, or is at its end."""
    if case.state is State.RECEIVED:
        return Verb.CLASSIFY if not case.classified else Verb.GRADE if not case.graded else Verb.ASSIGN
    if (asking := _first_asking_at(case, policy)) and asking <= now:
        return Verb.CALLBACK  # before any rung: nobody's case is closed unrated who has not been asked
    if due_rung(case, policy, now) is not None:
        return Verb.ESCALATE
    return Verb.NOTIFY if owed.ready else None


def due_rung(case: Case, policy: Policy, now: datetime) -> Act | None:
    """The act of the first clock that has a rung due, the grace for acts received in time being over."""
    before = now - timedelta(seconds=policy.rung_grace_seconds)
    for clock in case.clocks if case.open else ():
        n = clock.due_rung(before)
        if n is not None:
            action = clock.rung(n).action
            kind = RUNG_KINDS.get(action, Kind.RUNG)
            data = {"clock": clock.id, "rung": n, "action": str(action), "due_at": _iso(clock.due_at)}
            return Act(kind, SYSTEM, now, {**data, "outcome": "unrated"} if kind is Kind.CLOSED else data)
    return None


def next_alarm(case: Case, policy: Policy, owed: Owed) -> datetime | None:
    """When to look again: the next rung with its grace, or the next try of a message. None only at the end."""
    grace = timedelta(seconds=policy.rung_grace_seconds)
    rungs = [at + grace for clock in case.clocks if case.open and (at := clock.next_rung_at()) is not None]
    others = [at for at in (owed.next_at, _first_asking_at(case, policy)) if at is not None]
    return min([*rungs, *others], default=None)


def _first_asking_at(case: Case, policy: Policy) -> datetime | None:
    """The citizen is first asked at completion, or as soon as the quiet hours are over."""
    clock = case.clock(ClockKind.CALLBACK)
    if case.state is not State.AWAITING_CALLBACK or case.asked or clock is None:
        return None
    return civil(clock.started_at, policy.quiet_hours)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
