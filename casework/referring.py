"""What is not ours to do: referred at once to who can (转接), or not accepted (不予受理), and the citizen is told."""

from dataclasses import replace
from datetime import datetime

from casework.altering import DISPATCHER, SYSTEM, change_task, department, ended, start, stop
from casework.beside import Referral
from casework.case import Case, Task
from casework.clocks import OF_THE_UNIT, ClockKind
from casework.errors import BadAct
from casework.events import Act, Event, Kind, Role
from casework.states import Outcome, State, TaskRole
from catalog.policy import Policy

ON_THE_WAY = (*OF_THE_UNIT, ClockKind.TRIAGE, ClockKind.ADJUDICATION)


def may_confirm(case: Case, act: Act, policy: Policy) -> None:
    """Whoever confirms says under which number it is known there."""
    if not act.data.get("reference"):
        raise BadAct("reference", "must be the number under which it is known there")


def referred(case: Case, event: Event, policy: Policy) -> Case:
    """It waits for the receipt. The dispatcher rings a line; a unit of ours is given the work itself."""
    data, at = event.data, event.at
    due = data.get("due_at")
    referral = Referral(
        to=data["to"],
        name=data["name"],
        reason=data.get("reason", ""),
        at=at,
        due_at=datetime.fromisoformat(due) if due else None,
        task_id=data.get("task_id"),
    )
    case = replace(stop(case, at, unmet=ON_THE_WAY), referral=referral, tasks=ended(case.tasks))
    case = replace(case, classified=True, delegator=None)
    if referral.task_id is None:
        return replace(start(case, policy, ClockKind.REFERRAL, DISPATCHER, at), held=case.held.to(DISPATCHER))
    task = Task(referral.task_id, data["to"], at, role=TaskRole.REFERRAL, state=State.AWAITING_REFERRAL)
    case = replace(case, tasks=(*case.tasks, task), held=case.held.to(SYSTEM))
    return start(case, policy, ClockKind.REFERRAL, department(task.unit), at)


def confirmed(case: Case, event: Event, policy: Policy) -> Case:
    """They have it, under a number of theirs."""
    assert case.referral is not None, "admitted: it was referred"
    known = replace(case.referral, confirmed_at=event.at, reference=event.data["reference"])
    case = stop(replace(case, referral=known, outcome=Outcome.REFERRED_OUT), event.at, ClockKind.REFERRAL)
    return _task_over(case, event, known)


def returned(case: Case, event: Event, policy: Policy) -> Case:
    """It is not theirs: the dispatcher has it."""
    assert case.referral is not None, "admitted: it was referred"
    case = _task_over(stop(case, event.at, unmet=(ClockKind.REFERRAL,)), event, case.referral)
    case = replace(case, referral=None, held=case.held.to(DISPATCHER), graded=True)
    return start(case, policy, ClockKind.TRIAGE, DISPATCHER, event.at)


def _task_over(case: Case, event: Event, referral: Referral) -> Case:
    task = case.given(referral.task_id)
    if task is None:
        return case
    known = task.notified_at or (event.at if event.actor.role is Role.UNIT else None)
    over = State.DONE if event.kind is Kind.REFERRAL_CONFIRMED else State.CLOSED
    return change_task(case, task, state=over, completed_at=event.at, notified_at=known)


def not_accepted(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, outcome=Outcome.NOT_ACCEPTED)
