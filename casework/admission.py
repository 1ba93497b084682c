"""Whether an act is admitted: the table first, then what the table cannot say."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from casework.case import Case, State
from casework.errors import BadAct, NotAllowed
from casework.events import Act, Event, Kind, Role
from casework.life_cycle import allowed, transitions
from casework.verdict import verdict
from catalog.policy import Action, Policy


def admit(case: Case, act: Act, policy: Policy) -> Event:
    """The event that the act becomes. Raises `NotAllowed` or `BadAct`; nothing has changed then."""
    rows = [row for row in transitions(case, act.kind) if act.actor.role in row.who]
    if act.kind is Kind.EVALUATED and rows:
        said = verdict(act.data, policy)
        rows = [row for row in rows if row.verdict == said]
    if not rows:
        raise NotAllowed(case.state, allowed(case, act.actor.role))
    if act.actor.role is Role.UNIT:
        _holds_the_task(case, act)
    CHECKS.get(act.kind, _fine)(case, act, policy)
    return Event(case.seq + 1, act.kind, act.actor, act.at, _with_task_id(case, act, policy))


def _with_task_id(case: Case, act: Act, policy: Policy) -> Mapping[str, object]:
    """An act that hands the case over names the new task, counted within the case."""
    handing = act.kind in (Kind.ASSIGNED, Kind.REOPENED)
    if act.kind is Kind.EVALUATED:
        handing = verdict(act.data, policy) == "dissatisfied"
    return {**act.data, "task_id": f"{case.case_no}-T{len(case.tasks) + 1}"} if handing else act.data


def _holds_the_task(case: Case, act: Act) -> None:
    task = case.task
    if task is None or task.unit != act.actor.name or task.task_id != act.data.get("task_id"):
        raise NotAllowed(case.state, (), "this unit does not hold the task")


def _fine(case: Case, act: Act, policy: Policy) -> None:
    return None


def _dispatch(case: Case, act: Act, policy: Policy) -> None:
    if case.state not in (State.RECEIVED, State.TRIAGE) and act.data["unit"] == case.unit:
        raise NotAllowed(case.state, allowed(case, act.actor.role), "this unit already holds the case")


def _extension(case: Case, act: Act, policy: Policy) -> None:
    if case.extended:
        raise NotAllowed(case.state, allowed(case, act.actor.role), "a case is extended once only")
    if case.breached(act.at):
        raise NotAllowed(case.state, allowed(case, act.actor.role), "a limit has passed: it is too late to extend")
    if not 1 <= act.data["days"] <= policy.extension_max_days:
        raise BadAct("days", f"must be between 1 and {policy.extension_max_days} working days")


def _pause(case: Case, act: Act, policy: Policy) -> None:
    if case.breached(act.at):
        raise NotAllowed(case.state, allowed(case, act.actor.role), "a limit has passed: it is too late to pause")
    review_at = datetime.fromisoformat(act.data["review_at"])
    if not timedelta(0) < review_at - act.at <= timedelta(days=policy.pause_max_days):
        raise BadAct("review_at", f"must be in the future and within {policy.pause_max_days} days")


def _refusal(case: Case, act: Act, policy: Policy) -> None:
    if case.extension_requested is None and case.pause_requested is None:
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
    if RUNG_KINDS.get(clock.rung(act.data["rung"]).action, Kind.RUNG) is not act.kind:
        raise NotAllowed(case.state, (), "this rung does something else")


def _resume(case: Case, act: Act, policy: Policy) -> None:
    if act.actor.role is Role.SYSTEM:
        _rung(case, act, policy)


# What a rung's action amounts to, where it is more than a word to somebody.
RUNG_KINDS: Mapping[Action, Kind] = {
    Action.ASK_CITIZEN: Kind.ASKED,
    Action.CLOSE_UNRATED: Kind.CLOSED,
    Action.RESUME: Kind.RESUMED,
}

CHECKS: Mapping[Kind, Callable[[Case, Act, Policy], None]] = {
    Kind.ASSIGNED: _dispatch,
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
}
