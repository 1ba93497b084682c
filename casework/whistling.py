"""Whistle calls (街道吹哨、部门报到): the units that a matter needs, each with a part; one of them leads."""

from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from casework.altering import DISPATCHER, change_task, department, start, stop
from casework.answering import answered
from casework.beside import Whistle
from casework.case import Case, Task
from casework.clocks import OF_THE_UNIT, ClockKind
from casework.errors import BadAct, NotAllowed
from casework.events import Act, Event, Kind
from casework.states import ENDED, State, TaskRole
from catalog.policy import Policy

OF_A_PART = (ClockKind.REPORT_IN, ClockKind.ARRIVAL, ClockKind.PART)


def short(name: str) -> str:
    """The end of a task's or call's name, by which clocks and runs know it: ``T3`` of ``PS2026112300001-T3``."""
    return name.rpartition("-")[2]


def caller(case: Case) -> str:
    """The holder who has called and must sign off."""
    call = case.whistles[-1]
    return DISPATCHER if call.caller == DISPATCHER else department(call.caller)


def lead(case: Case, call: Whistle) -> Task | None:
    """The part of the unit that leads; None when all are excused."""
    parts = case.parts(call.call_id)
    return next((part for part in parts if part.role is TaskRole.LEAD and part.state is not State.EXCUSED), None)


def missing(case: Case, call: Whistle) -> tuple[str, ...]:
    """The units whose parts are neither done nor excused, the lead's apart: its result is its part."""
    parts = case.parts(call.call_id)
    return tuple(part.unit for part in parts if part.state not in ENDED and part.role is not TaskRole.LEAD)


# What is admitted


def closed_to_calls(case: Case) -> str | None:
    """Why no call can be made now, whoever would make it, beside that one is open; None where one can."""
    if case.heard:
        return "after 销案 only the hearing (评理) is left"
    if case.ownership is not None and case.ownership.state is State.AWAITING_APPROVAL:
        return "销案 is awaited: nobody can be called before it is decided"
    return None


def may_call(case: Case, act: Act, policy: Policy) -> None:
    if why := closed_to_calls(case):
        raise NotAllowed(case.state, (), why)
    units = act.data["units"]
    if len(set(units)) != len(units):
        raise BadAct("units", "must name each unit once")
    if act.data["lead"] not in units:
        raise BadAct("lead", "must be one of the units")


def may_file(case: Case, act: Act, policy: Policy) -> None:
    call = case.whistle
    if call is not None and (left := missing(case, call)):
        raise NotAllowed(case.state, (), f"these parts are neither done nor excused: {', '.join(left)}")


def may_excuse(case: Case, act: Act, policy: Policy) -> None:
    call = case.whistle
    parts = case.parts(call.call_id) if call else ()
    open_parts = tuple(part.unit for part in parts if part.state not in ENDED)
    if act.data["unit"] not in open_parts:
        raise BadAct("unit", f"must be a unit whose part is open: {', '.join(open_parts) or 'none is'}")


def may_sign_off(case: Case, act: Act, policy: Policy) -> None:
    """Only what is complete; every unit that took part is rated."""
    call = case.whistle
    if call is None:
        raise NotAllowed(case.state, (), "no whistle call is open")
    if call.filed_at is None:
        left = missing(case, call)
        still = f", and these parts are neither done nor excused: {', '.join(left)}" if left else ""
        raise NotAllowed(case.state, (), f"the lead has not filed the joint result{still}")
    parts = case.parts(call.call_id)
    rated = {part.unit for part in parts if part.state is not State.EXCUSED}
    strangers = set(act.data["ratings"]) - {part.unit for part in parts}
    if strangers:
        raise BadAct("ratings", f"must rate units that were called: {', '.join(sorted(strangers))} was not")
    unrated = rated - set(act.data["ratings"])
    if unrated:
        raise BadAct("ratings", f"must rate every unit that took part: {', '.join(sorted(unrated))} is missing")


# What it does


def called(case: Case, event: Event, policy: Policy) -> Case:
    """Each unit has its part from now on; the joint result is due to the lead."""
    data, at = event.data, event.at
    call = Whistle(data["call_id"], data["caller"], data.get("reason", ""), at)
    tasks = tuple(
        Task(
            part["task_id"],
            part["unit"],
            at,
            role=TaskRole(part["role"]),
            state=State.AWAITING_REPORT_IN,
            call_id=call.call_id,
        )
        for part in data["parts"]
    )
    case = replace(case, whistles=(*case.whistles, call), tasks=(*case.tasks, *tasks))
    for task in tasks:
        for kind in (ClockKind.REPORT_IN, ClockKind.PART):
            case = start(case, policy, kind, department(task.unit), at, of=short(task.task_id))
    case = start(case, policy, ClockKind.JOINT, department(data["lead"]), at, of=short(call.call_id))
    return _capped(case, call, at)


def _capped(case: Case, call: Whistle, at: datetime) -> Case:
    """No clock of a case is due after its completion, unless that is past."""
    completion = case.clock(ClockKind.COMPLETION)
    due = completion.due_at if completion and completion.running else None
    if due is None or due <= at:
        return case
    own = {short(call.call_id), *(short(part.task_id) for part in case.parts(call.call_id))}
    clocks = tuple(clock.capped(due) if clock.running and clock.of in own else clock for clock in case.clocks)
    return replace(case, clocks=clocks)


def part_moved(case: Case, event: Event, policy: Policy, following: State) -> Case:
    """A unit has reported in, arrived, or done its part; a later fact implies the earlier."""
    part = case.given(event.data["task_id"])
    assert part is not None, "admitted: the part is there"
    of = short(part.task_id)
    met = {
        Kind.REPORTED_IN: (ClockKind.REPORT_IN,),
        Kind.ARRIVED: (ClockKind.REPORT_IN, ClockKind.ARRIVAL),
        Kind.PART_COMPLETED: OF_A_PART,
    }.get(event.kind, ())
    changes: dict[str, Any] = {"state": following, "notified_at": part.notified_at or event.at}
    if following is State.DONE and part.state is not State.DONE:
        changes |= {"completed_at": event.at, "result": event.data.get("note", "")}
    case = change_task(stop(case, event.at, *met, of=of), part, **changes)
    if part.state is State.AWAITING_REPORT_IN and following is State.AWAITING_ARRIVAL:
        return start(case, policy, ClockKind.ARRIVAL, department(part.unit), event.at, of=of)
    return case


def excused(case: Case, event: Event, policy: Policy) -> Case:
    """One part is over. Where it was the lead's, the next unit leads; where none is left, the call is over."""
    call = case.whistle
    assert call is not None, "admitted: a call is open"
    parts = case.parts(call.call_id)
    part = next(each for each in parts if each.unit == event.data["unit"] and each.state not in ENDED)
    case = stop(case, event.at, unmet=OF_A_PART, of=short(part.task_id))
    case = change_task(case, part, state=State.EXCUSED, completed_at=event.at)
    if part.role is not TaskRole.LEAD:
        return case
    heir = next((each for each in case.parts(call.call_id) if each.state is not State.EXCUSED), None)
    of = short(call.call_id)
    case = stop(case, event.at, unmet=(ClockKind.JOINT,), of=of)
    if heir is None:
        ended = replace(call, ended_at=event.at)
        return replace(case, whistles=(*case.whistles[:-1], ended))
    case = change_task(change_task(case, case.given(part.task_id), role=TaskRole.CO), heir, role=TaskRole.LEAD)
    return _capped(start(case, policy, ClockKind.JOINT, department(heir.unit), event.at, of=of), call, event.at)


def filed(case: Case, event: Event, policy: Policy) -> Case:
    """The joint result is there, and with it the lead's own part; now it is the caller's turn."""
    call = case.whistle
    assert call is not None, "admitted: a call is open"
    own = lead(case, call)
    if own is not None and own.state not in ENDED:
        case = stop(case, event.at, *OF_A_PART, of=short(own.task_id))
        done = {"state": State.DONE, "completed_at": event.at, "notified_at": own.notified_at or event.at}
        case = change_task(case, own, **done)
    first = call.filed_at is None
    call = replace(call, joint_result=event.data["result"], filed_at=event.at)
    case = replace(case, whistles=(*case.whistles[:-1], call))
    of = short(call.call_id)
    case = stop(case, event.at, ClockKind.JOINT, of=of)
    return start(case, policy, ClockKind.APPROVAL, caller(case), event.at, of=of) if first else case


def signed_off(case: Case, event: Event, policy: Policy) -> Case:
    """The call is over, and with it the handler's work: the joint result is the answer."""
    call = case.whistle
    assert call is not None, "admitted: a call is open"
    case = stop(case, event.at, ClockKind.APPROVAL, of=short(call.call_id))
    ratings = MappingProxyType(dict(event.data["ratings"]))
    case = replace(case, whistles=(*case.whistles[:-1], replace(call, ratings=ratings, ended_at=event.at)))
    task = case.task
    if task is not None and task.completed_at is None:
        done = {"completed_at": event.at, "state": State.AWAITING_CALLBACK, "result": call.joint_result}
        case = change_task(case, task, **done)
    return answered(stop(case, event.at, *OF_THE_UNIT), event.at, policy)
