"""Handed over, handled, put off: what the unit and whoever decides do to a case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from casework.altering import DISPATCHER, SYSTEM, change_task, department, ended, stop
from casework.answering import answered
from casework.case import Case, Task
from casework.clocks import OF_THE_UNIT, PROMISES, ClockKind, pause_clock
from casework.delegating import rechecked, rechecking
from casework.disputing import dispatched, kept, ruled
from casework.events import Event
from casework.extending import extended
from casework.handover import completion_clock
from casework.life_cycle import HANDLING
from casework.sorting import of_the_item, with_grade
from casework.states import Outcome, State, TaskRole
from catalog.policy import Grade, Policy


def triaged(case: Case, event: Event, policy: Policy) -> Case:
    """The dispatcher is shown the candidates with the unit that each would go to."""
    candidates = tuple(event.data.get("candidates") or case.candidates)
    return replace(case, held=case.held.to(DISPATCHER), candidates=candidates)


def assigned(case: Case, event: Event, policy: Policy) -> Case:
    """A unit gets the case; until the notice reaches it the time is the system's, not the unit's."""
    data, at = event.data, event.at
    case = stop(case, at, ClockKind.TRIAGE)
    if "grade" in data:
        case = replace(with_grade(case, Grade(data["grade"]), policy, at), graded=True)
    if "item" in data:
        case = replace(of_the_item(case, event), item=data["item"], item_limit=data.get("limit"))
    case = replace(dispatched(case, at), precedent=data.get("precedent"))
    if case.nature == "thanks":
        return replace(case, tasks=(*case.tasks, Task(data["task_id"], data["unit"], at)), outcome=Outcome.RESOLVED)
    return handed_over(case, at, policy, data["task_id"], data["unit"])


def handed_over(case: Case, at: datetime, policy: Policy, task_id: str, unit: str) -> Case:
    holder = department(unit)
    completion = completion_clock(case, policy, holder, at)
    case = stop(case, at, unmet=(ClockKind.COMPLETION, ClockKind.CALLBACK, ClockKind.PAUSE))
    due = completion.due_at
    clocks = tuple(
        (replace(c, holder=holder).capped(due) if due else c) if c.running and c.kind in PROMISES else c
        for c in case.clocks
    )
    task = Task(task_id, unit, at)
    return replace(
        case,
        clocks=(*clocks, completion),
        tasks=(*ended(case.tasks, TaskRole.HANDLER), task),
        held=case.held.to(SYSTEM),
        extension_requested=None,
        pause_requested=None,
        delegator=None,
        outcome=None,
        closed_at=None,
    )


def notified(case: Case, event: Event, policy: Policy) -> Case:
    task = case.given(event.data["task_id"])
    if task is None or task.notified_at:
        return case
    if task is not case.task:
        if task.state is State.CLOSED:  # it has been taken away
            return case
        called = change_task(case, task, notified_at=event.at)
        referral = task.role is TaskRole.REFERRAL and case.stage is State.AWAITING_REFERRAL
        return replace(called, held=called.held.to(department(task.unit))) if referral else called
    handling = case.open and task.completed_at is None and case.stage in HANDLING
    held = case.held.to(f"department:{case.unit}") if handling else case.held
    return replace(change_task(case, case.task, notified_at=event.at), held=held)


def fact(*met: ClockKind) -> Callable[[Case, Event, Policy], Case]:
    """A fact from the unit: it meets its clocks, implies the acknowledgement, and shows that the notice arrived."""

    def apply(case: Case, event: Event, policy: Policy) -> Case:
        task = case.task
        if task is None or task.completed_at:
            return case
        moved = change_task(
            stop(case, event.at, ClockKind.FEEDBACK, *met),
            task,
            notified_at=task.notified_at or event.at,
            acknowledged_at=task.acknowledged_at or event.at,
            state=State.IN_PROGRESS,
        )
        pausing = case.stage is State.PAUSED  # whose time it is does not change by a word from the unit
        return moved if pausing else replace(moved, held=moved.held.to(f"department:{task.unit}"))

    return apply


def completed(case: Case, event: Event, policy: Policy) -> Case:
    """The unit's work is done: its clocks end; the citizen is asked, or whoever passed the work on looks at it."""
    if case.stage is State.AWAITING_RECHECK:
        return rechecked(case, event, policy)
    case = kept(fact(*OF_THE_UNIT)(case, event, policy), event.at)
    done = {"completed_at": event.at, "state": State.AWAITING_CALLBACK, "result": event.data.get("result", "")}
    case = change_task(case, case.task, **done)
    if case.delegator is not None and case.ownership is None:
        return rechecking(stop(case, event.at, unmet=(ClockKind.PAUSE,)), event, policy)
    return answered(case, event.at, policy)


def extension_requested(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, extension_requested=event.data)


def pause_requested(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, pause_requested=event.data)


def refused(case: Case, event: Event, policy: Policy) -> Case:
    """A request for time, or a decline: the unit keeps the matter as it was."""
    return replace(kept(case, event.at), extension_requested=None, pause_requested=None)


def ruling_given(case: Case, event: Event, policy: Policy) -> Case:
    case = ruled(case, event)
    if event.data["unit"] == case.unit:
        return case
    return handed_over(case, event.at, policy, event.data["task_id"], event.data["unit"])


def extension_given(case: Case, event: Event, policy: Policy) -> Case:
    clocks = tuple(
        extended(clock, policy, case.grade, event.data["days"], event.at)
        if clock.running and clock.kind is ClockKind.COMPLETION
        else clock
        for clock in case.clocks
    )
    return replace(case, clocks=clocks, extended=True, extension_requested=None)


def paused(case: Case, event: Event, policy: Policy) -> Case:
    review_at = datetime.fromisoformat(event.data["review_at"])
    n = sum(clock.kind is ClockKind.PAUSE for clock in case.clocks)
    clocks = tuple(clock.pause(event.at) if clock.kind in OF_THE_UNIT else clock for clock in case.clocks)
    return replace(
        case,
        clocks=(*clocks, pause_clock(event.at, review_at, n)),
        held=case.held.to(SYSTEM),
        pause_requested=None,
    )


def resumed(case: Case, event: Event, policy: Policy) -> Case:
    clocks = tuple(clock.resume(event.at) for clock in stop(case, event.at, ClockKind.PAUSE).clocks)
    return replace(case, clocks=clocks, held=case.held.to(f"department:{case.unit}"))
