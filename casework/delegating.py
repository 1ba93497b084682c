"""Delegation and recheck (转派、复查): a street centre passes the work on below, and looks at it again."""

from dataclasses import replace

from casework.altering import change_task, department, ended, start, stop
from casework.answering import answered
from casework.case import Case, Task
from casework.clocks import OF_THE_UNIT, ClockKind
from casework.disputing import still_at_work
from casework.errors import BadAct
from casework.events import Act, Event
from casework.handover import completion_clock
from casework.states import State, TaskRole
from catalog.policy import Policy


def may_delegate(case: Case, act: Act, policy: Policy) -> None:
    """To a unit below it: which those are, the gateway knows from the district's file. What is done may be given back
    to the unit that did it.
    """
    if case.stage is not State.AWAITING_RECHECK:
        still_at_work(case)
    has_it = case.unit if case.stage is not State.AWAITING_RECHECK else None
    if act.data["to"] in (delegating_unit(case), has_it):
        raise BadAct("to", "must be another unit")


def delegating_unit(case: Case) -> str | None:
    """The unit that has passed the work on, or would."""
    task = case.given(case.delegator) or case.task
    return task.unit if task else None


def delegated(case: Case, event: Event, policy: Policy) -> Case:
    """The unit below does the work; who passed it on keeps the promise: the clocks run on, for the one who works."""
    giver = case.given(case.delegator) or case.task
    assert giver is not None, "admitted: there is work to pass on"
    to, at = event.data["to"], event.at
    case = stop(case, at, unmet=(ClockKind.RECHECK,))
    case = change_task(case, giver, state=State.AWAITING_RECHECK, notified_at=giver.notified_at or at)
    others = ended(tuple(task for task in case.tasks if task.task_id != giver.task_id), TaskRole.HANDLER)
    known = {task.task_id: task for task in others}
    tasks = tuple(known.get(task.task_id, task) for task in case.tasks)
    work = Task(event.data["task_id"], to, at)
    clocks = tuple(
        replace(clock, holder=department(to)) if clock.running and clock.kind in OF_THE_UNIT else clock
        for clock in case.clocks
    )
    case = replace(case, tasks=(*tasks, work), clocks=clocks, delegator=giver.task_id)
    completion = case.clock(ClockKind.COMPLETION)
    if completion is None or not completion.running:  # sent back after it was done: a limit of its own, again
        case = replace(case, clocks=(*case.clocks, completion_clock(case, policy, department(to), at)))
    return replace(case, held=case.held.to("system"), extension_requested=None, pause_requested=None)


def rechecking(case: Case, event: Event, policy: Policy) -> Case:
    """The work is done, and waits for the one who passed it on."""
    giver = case.given(case.delegator)
    assert giver is not None, "the table says that it was delegated"
    case = start(case, policy, ClockKind.RECHECK, department(giver.unit), event.at)
    return replace(case, held=case.held.to(department(giver.unit)))


def rechecked(case: Case, event: Event, policy: Policy) -> Case:
    """It is well done: the citizen is asked."""
    assert case.delegator is not None, "admitted: it was delegated"
    return answered(stop(case, event.at, ClockKind.RECHECK), event.at, policy)


def sent_back(case: Case, event: Event, policy: Policy) -> Case:
    """It is not: the same unit again."""
    task = case.task
    assert task is not None, "admitted: it was delegated"
    again = Event(event.seq, event.kind, event.actor, event.at, {**event.data, "to": task.unit})
    return delegated(case, again, policy)
