"""What a case needs next, and when it must be looked at again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from casework import instant, owning
from casework.case import Case
from casework.clocks import ClockKind
from casework.events import SYSTEM, Act, Kind
from casework.life_cycle import FOLLOWING, HANDLING, OWNABLE
from casework.rungs import rung_kind
from casework.states import State
from casework.strands import MAIN, clocks_of
from casework.whistling import closed_to_calls
from catalog.policy import Action, Policy
from catalog.working_time import civil

PENAL = frozenset({Action.URGE, Action.URGE_HEAD, Action.SUPERVISE, Action.OWN, Action.NOTIFY_SUPERVISOR})
"""Rungs that tell of somebody's lateness."""


class Verb(StrEnum):
    """The steps of a life; each is one task of the same name."""

    CLASSIFY = "classify"
    GRADE = "grade"
    REFER = "refer"
    ANSWER = "answer"
    ASSIGN = "assign"
    FOLLOW = "follow"
    WHISTLE = "whistle"
    OWN = "own"
    SUMMON = "summon"
    CALLBACK = "callback"
    ESCALATE = "escalate"
    NOTIFY = "notify"


@dataclass(frozen=True, slots=True)
class Owed:
    """What the ledger knows that the case does not: the strand's messages that are not delivered yet, how many may be
    tried now and when the next may; how many strands have no run yet; up to which event a case that this one is merged
    into has come.
    """

    ready: int = 0
    next_at: datetime | None = None
    unborn: int = 0
    ahead: int = 0


def next_step(
    case: Case, policy: Policy, now: datetime, owed: Owed, *, but: Collection[Action] = (), strand: str = MAIN
) -> Verb | None:
    """The next verb, or None: the strand waits, or is at its end. Rungs that do what `but` names are left alone."""
    if strand == MAIN and (verb := _of_the_request(case, policy, now, owed)):
        return verb
    if due_rung(case, policy, now, but=but, strand=strand) is not None:
        return Verb.ESCALATE
    return Verb.NOTIFY if owed.ready else None


def _of_the_request(case: Case, policy: Policy, now: datetime, owed: Owed) -> Verb | None:
    if case.stage is State.RECEIVED:
        return _opening(case, policy)
    if case.merged_into is not None and case.stage in FOLLOWING and owed.ahead > case.followed:
        return Verb.FOLLOW
    if case.stage in HANDLING and _calls_by_itself(case):
        return Verb.WHISTLE
    if case.stage in OWNABLE and owning.due(case):
        return Verb.OWN
    if owed.unborn:
        return Verb.SUMMON
    if (asking := _first_asking_at(case, policy)) and asking <= now:
        return Verb.CALLBACK  # before any rung: nobody's case is closed unrated who has not been asked
    return None


def _opening(case: Case, policy: Policy) -> Verb:
    if not case.classified:
        return Verb.CLASSIFY
    if not case.graded:
        return Verb.GRADE
    if case.line is not None:
        return Verb.REFER
    return Verb.ANSWER if instant.to_look_up(case, policy) else Verb.ASSIGN


def _calls_by_itself(case: Case) -> bool:
    """Whether the item says that other units are needed, and nobody has called any."""
    wanted = bool(case.call_roles) and not case.whistles and case.task is not None and case.merged_into is None
    return wanted and closed_to_calls(case) is None


def due_rung(
    case: Case, policy: Policy, now: datetime, *, but: Collection[Action] = (), strand: str = MAIN
) -> Act | None:
    """The act of the strand's first clock that has a rung due, the grace for acts received in time being over."""
    before = now - timedelta(seconds=policy.rung_grace_seconds)
    for clock in clocks_of(case, strand) if case.open else ():
        n = clock.due_rung(before)
        if n is not None and clock.doing(n) not in but:
            action = clock.doing(n)
            kind = rung_kind(case, clock, action)
            data = {"clock": clock.id, "rung": n, "action": str(action), "due_at": _iso(clock.due_at)}
            if clock.met_at is not None:
                data["met_at"] = clock.met_at.isoformat()  # after the rung's instant, and before we got to it
            more = {Kind.CLOSED: {"outcome": "unrated"}, Kind.OWNED: {"trigger": "ladder"}}.get(kind, {})
            return Act(kind, SYSTEM, now, {**data, **more})
    return None


def next_alarm(case: Case, policy: Policy, owed: Owed, *, strand: str = MAIN) -> datetime | None:
    """When to look again: the strand's next rung with its grace, or the next try of a message. None only at its end."""
    grace = timedelta(seconds=policy.rung_grace_seconds)
    clocks = clocks_of(case, strand) if case.open else ()
    rungs = [at + grace for clock in clocks if (at := clock.next_rung_at()) is not None]
    asking = _first_asking_at(case, policy) if strand == MAIN else None
    return min([*rungs, *(at for at in (owed.next_at, asking) if at is not None)], default=None)


def _first_asking_at(case: Case, policy: Policy) -> datetime | None:
    """The citizen is first asked at completion, or as soon as the quiet hours are over."""
    clock = case.clock(ClockKind.CALLBACK)
    if case.stage is not State.AWAITING_CALLBACK or case.asked or clock is None:
        return None
    return civil(clock.started_at, policy.quiet_hours)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
