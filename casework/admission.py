"""Whether an act is admitted: the table first, then what the table cannot say."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from casework.case import Case, Task
from casework.delegating import may_delegate
from casework.disputing import may_decline, still_at_work
from casework.errors import BadAct, NotAllowed
from casework.events import Act, Event, Kind, Role
from casework.instant import may_answer
from casework.life_cycle import (
    OF_A_PART,
    OF_AN_OWNERSHIP,
    OF_THE_REQUEST,
    allowed,
    ownership_transitions,
    part_transitions,
    transitions,
)
from casework.merging import may_merge, may_regrade, refuse_while_merged
from casework.numbering import numbered
from casework.owning import may_act, may_dissolve, may_own, only_the_hearing
from casework.recusing import may_have
from casework.referring import may_confirm
from casework.rungs import rung_kind
from casework.speaking import task_spoken_for
from casework.states import State
from casework.verdict import word
from casework.whistling import may_call, may_excuse, may_file, may_sign_off
from catalog.policy import Policy


def admit(case: Case, act: Act, policy: Policy) -> Event:
    """The event that the act becomes. Raises `NotAllowed` or `BadAct`; nothing has changed then."""
    role = act.actor.role
    task = _of_the_unit(case, act, policy) if role is Role.UNIT else None
    if not _fits(case, act, policy, task):
        raise NotAllowed(case.state, allowed(case, role, task))
    refuse_while_merged(case, act)
    may_have(case, act)
    CHECKS.get(act.kind, _fine)(case, act, policy)
    return Event(case.seq + 1, act.kind, act.actor, act.at, numbered(case, act, policy))


def _of_the_unit(case: Case, act: Act, policy: Policy) -> Task | None:
    """The piece of work that a unit speaks for. What no unit may do now is refused whoever holds what."""
    if act.kind not in OF_A_PART and not _fits(case, act, policy, None):
        named = case.given(act.data.get("task_id"))
        own = named if named is not None and named.unit == act.actor.name else None
        raise NotAllowed(case.state, allowed(case, act.actor.role, own))
    return task_spoken_for(case, act)


def _fits(case: Case, act: Act, policy: Policy, task: Task | None) -> bool:
    """Whether every table that knows the event has a row for it, in the state that is its own."""
    said = word(case, act.kind, act.data, policy)
    tables = []
    if act.kind in OF_THE_REQUEST:
        tables.append([row for row in transitions(case, act.kind) if row.verdict in ("", said)])
    if act.kind in OF_A_PART and task is not None:
        tables.append(list(part_transitions(case, task, act.kind)))
    if act.kind in OF_AN_OWNERSHIP:
        tables.append(list(ownership_transitions(case, act.kind)))
    return bool(tables) and all(any(act.actor.role in row.who for row in rows) for rows in tables)


def _fine(case: Case, act: Act, policy: Policy) -> None:
    return None


def _dispatch(case: Case, act: Act, policy: Policy) -> None:
    only_the_hearing(case)
    if case.stage not in (State.RECEIVED, State.TRIAGE) and act.data["unit"] == case.unit:
        raise NotAllowed(case.state, allowed(case, act.actor.role), "this unit already holds the case")


def _extension(case: Case, act: Act, policy: Policy) -> None:
    still_at_work(case)
    if case.extended:
        raise NotAllowed(case.state, allowed(case, act.actor.role), "a case is extended once only")
    if case.breached(act.at):
        raise NotAllowed(case.state, allowed(case, act.actor.role), "a limit has passed: it is too late to extend")
    if not 1 <= act.data["days"] <= policy.extension_max_days:
        raise BadAct("days", f"must be between 1 and {policy.extension_max_days} working days")


def _pause(case: Case, act: Act, policy: Policy) -> None:
    still_at_work(case)
    if case.breached(act.at):
        raise NotAllowed(case.state, allowed(case, act.actor.role), "a limit has passed: it is too late to pause")
    review_at = datetime.fromisoformat(act.data["review_at"])
    if not timedelta(0) < review_at - act.at <= timedelta(days=policy.pause_max_days):
        raise BadAct("review_at", f"must be in the future and within {policy.pause_max_days} days")


def _refusal(case: Case, act: Act, policy: Policy) -> None:
    if case.disputed == "adjudicator":
        raise NotAllowed(case.state, (), "the adjudicator rules on it now")
    if case.extension_requested is None and case.pause_requested is None and case.disputed is None:
        raise NotAllowed(case.state, allowed(case, act.actor.role), "no request waits for a decision")


def _late_word(case: Case, act: Act, policy: Policy) -> None:
    """After the end a citizen may come back for so many days."""
    if case.closed_at and act.at - case.closed_at > timedelta(days=policy.reopen_days):
        raise NotAllowed(case.state, (), f"the case was closed more than {policy.reopen_days} days ago")


def _first_asking(case: Case, act: Act, policy: Policy) -> None:
    if "rung" in act.data:
        _rung(case, act, policy)
    elif case.asked:
        raise NotAllowed(case.state, (), "the citizen has been asked")


def _rung(case: Case, act: Act, policy: Policy) -> None:
    """A rung fires once, is the highest due, and waits a grace for acts received before it."""
    clock = next((clock for clock in case.clocks if clock.id == act.data["clock"]), None)
    now = act.at - timedelta(seconds=policy.rung_grace_seconds)
    if clock is None or clock.due_rung(now) != act.data["rung"]:
        raise NotAllowed(case.state, (), "this rung is not due")
    if rung_kind(case, clock, clock.doing(act.data["rung"])) is not act.kind:
        raise NotAllowed(case.state, (), "this rung does something else")


def _move(case: Case, act: Act, policy: Policy) -> None:
    """Before a case's run has pinned its policy there is nothing to leave: the pinning would undo the move."""
    if case.stage is State.RECEIVED and not case.pinned:
        raise NotAllowed(case.state, (), "its run has not begun: it will pin the policy it was created with")


def _complete(case: Case, act: Act, policy: Policy) -> None:
    """A whistle call is the answer of all its units; what is done is done once."""
    if case.whistle is not None:
        raise NotAllowed(case.state, (), "a whistle call is open: its joint result completes the case")
    if case.stage is not State.AWAITING_RECHECK:
        still_at_work(case)


def _own(case: Case, act: Act, policy: Policy) -> None:
    may_own(case, act, policy)
    if "rung" in act.data:
        _rung(case, act, policy)


def _resume(case: Case, act: Act, policy: Policy) -> None:
    if act.actor.role is Role.SYSTEM:
        _rung(case, act, policy)


CHECKS: Mapping[Kind, Callable[[Case, Act, Policy], None]] = {
    Kind.ASSIGNED: _dispatch,
    Kind.GRADED: may_regrade,
    Kind.ANSWERED: may_answer,
    Kind.MERGED: may_merge,
    Kind.COMPLETED: _complete,
    Kind.DECLINED: may_decline,
    Kind.DELEGATED: may_delegate,
    Kind.REFERRAL_CONFIRMED: may_confirm,
    Kind.WHISTLED: may_call,
    Kind.EXCUSED: may_excuse,
    Kind.JOINT_RESULT: may_file,
    Kind.SIGNED_OFF: may_sign_off,
    Kind.OWNED: _own,
    Kind.ROSE: _rung,
    Kind.PLANNED: may_act,
    Kind.REVIEWED: may_act,
    Kind.DISSOLUTION: may_dissolve,
    Kind.EXTENSION_REQUESTED: _extension,
    Kind.EXTENDED: _extension,
    Kind.PAUSE_REQUESTED: _pause,
    Kind.PAUSED: _pause,
    Kind.REFUSED: _refusal,
    Kind.EVALUATED: _late_word,
    Kind.REOPENED: _late_word,
    Kind.ASKED: _first_asking,
    Kind.CLOSED: _rung,
    Kind.RESUMED: _resume,
    Kind.RUNG: _rung,
    Kind.MOVED: _move,
}
