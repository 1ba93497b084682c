"""Declines and rulings (退单、裁决): the first unit stays responsible, the time in dispute is whose the ruling says."""

from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType

from casework.altering import ADJUDICATOR, DISPATCHER, department, start, stop
from casework.beside import Decline
from casework.case import Case
from casework.clocks import ClockKind
from casework.errors import BadAct, NotAllowed
from casework.events import Act, Event
from catalog.policy import Policy

DISPUTED = "disputed"
"""The account of a dispute's time until it is known whose it is; it is shown as the first unit's."""


def still_at_work(case: Case) -> None:
    """Raises `NotAllowed` where the work is done already: what is done is done once."""
    if case.task is not None and case.task.completed_at is not None:
        raise NotAllowed(case.state, (), "the work is completed, and waits for 销案")


def may_decline(case: Case, act: Act, policy: Policy) -> None:
    """Before the acknowledgement, or so many hours after it; not what has been ruled."""
    still_at_work(case)
    task = case.task
    if case.ruled:
        raise NotAllowed(case.state, (), "it has been ruled that this unit has the matter: it cannot be declined again")
    if case.whistle is not None or case.delegator is not None:
        raise NotAllowed(case.state, (), "others work on it on this unit's behalf: it cannot be declined now")
    late = timedelta(hours=policy.decline_hours)
    if task is not None and task.acknowledged_at is not None and act.at - task.acknowledged_at > late:
        raise NotAllowed(
            case.state, (), f"more than {policy.decline_hours} hours have passed since the acknowledgement"
        )
    if act.data["proposed_unit"] == case.unit:
        raise BadAct("proposed_unit", "must be another unit")


def declined(case: Case, event: Event, policy: Policy) -> Case:
    """Before the dispatcher at first; before the adjudicator after so many, or when the proposed unit declines too."""
    proposed = event.data["proposed_unit"]
    again = any(one.proposed_unit == case.unit for one in case.declines)
    decline = Decline(case.unit or "", event.at, proposed, MappingProxyType(dict(case.held.seconds)))
    declines = (*case.declines, decline)
    before = ADJUDICATOR if again or len(declines) >= policy.declines_before_adjudication else DISPATCHER
    return start(replace(case, declines=declines, disputed=before), policy, ClockKind.ADJUDICATION, before, event.at)


def settled(case: Case, at: datetime, who: str) -> Case:
    """The dispute is over without a ruling: its time is `who`'s."""
    if case.disputed is None:
        return case
    return replace(
        stop(case, at, ClockKind.ADJUDICATION),
        disputed=None,
        held=case.held.given({DISPUTED: case.held.seconds.get(DISPUTED, 0.0)}, who),
    )


def kept(case: Case, at: datetime) -> Case:
    """The unit that has declined keeps the matter, as when it has done the work meanwhile."""
    return settled(case, at, department(case.unit or ""))


def dispatched(case: Case, at: datetime) -> Case:
    """The dispatcher has found another unit: it was sent to the wrong one."""
    return settled(case, at, DISPATCHER)


def ruled(case: Case, event: Event) -> Case:
    """The accounts after a ruling. A unit that had declined what is its matter is charged with everything since then
    that units and the dispatcher were charged with; where it had not, the dispatcher is charged with the dispute. What
    the adjudicator took beyond the limit is the adjudicator's.
    """
    unit, held = event.data["unit"], case.held
    clock = case.clock(ClockKind.ADJUDICATION)
    if clock is not None and clock.due_at is not None and clock.due_at < event.at:
        held = held.given({DISPUTED: (event.at - clock.due_at).total_seconds()}, ADJUDICATOR)
    first = next((one for one in case.declines if one.unit == unit), None)
    if first is None:
        return settled(replace(case, held=held, declines=(), ruled=True), event.at, DISPATCHER)
    since = {
        who: had - first.seconds.get(who, 0.0)
        for who, had in held.seconds.items()
        if who in (DISPUTED, DISPATCHER) or who.startswith("department:")
    }
    return settled(
        replace(case, held=held.given(since, department(unit)), declines=(), ruled=True), event.at, department(unit)
    )
