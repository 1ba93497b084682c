"""The messages owed by what is open beside the handling: declines, whistle calls, ownership, referral, delegation."""

from collections.abc import Iterator
from typing import Any

from casework.case import Case, Task
from casework.events import Event, Kind
from casework.merging_effects import merging
from casework.owing import Effect, clocks_told, to_citizen, to_office, to_staff, to_unit
from casework.states import State, TaskRole
from casework.strands import clocks_of
from casework.view import clocks_ahead
from casework.whistling import lead


def beside(before: Case | None, event: Event, after: Case) -> Iterator[Effect]:
    """What `event`, which led from `before` to `after`, owes beside what the request's own way does."""
    if before is None:
        return
    data = event.data
    match event.kind:
        case Kind.DECLINED:
            yield to_staff(event, after, after.disputed or "dispatcher", "declined")
        case Kind.RULED:
            yield from _ruled(before, event, after)
        case Kind.DELEGATED | Kind.SENT_BACK:
            yield from _delegated(before, event, after)
        case Kind.COMPLETED if after.stage is State.AWAITING_RECHECK:
            yield from _to_recheck(event, after)
        case Kind.REFERRED:
            yield from _referred(before, event, after)
        case Kind.REFERRAL_RETURNED:
            yield to_staff(event, after, "dispatcher", "triage")
            yield to_citizen(event, after, "returned", reason=data.get("reason", ""))
        case Kind.MERGED | Kind.FOLLOWED | Kind.UNMERGED | Kind.GRADED:
            yield from merging(before, event, after)
        case Kind.WHISTLED:
            for part in after.parts(data["call_id"]):
                yield _called(event, after, part)
            yield to_citizen(event, after, "joint", units=[part["unit"] for part in data["parts"]])
        case Kind.PART_DECLINED:
            yield from _to_the_caller(event, after, "part_declined", part=event.actor.name, reason=data["reason"])
        case Kind.EXCUSED:
            yield from _excused(before, event, after)
        case Kind.JOINT_RESULT:
            yield from _to_the_caller(event, after, "joint_result", result=data["result"])
        case Kind.SIGNED_OFF:
            for part in after.parts(after.whistles[-1].call_id):
                if part.state is not State.EXCUSED:
                    told = {"request": "joint_result", "granted": True, "rating": data["ratings"].get(part.unit)}
                    yield to_unit(event, after, "task.decided", part, **told)
        case Kind.OWNED | Kind.ROSE:
            yield from _owned(before, event, after)
        case Kind.DISSOLUTION:
            yield _to_approve(event, after)
        case Kind.NOT_APPROVED | Kind.APPROVED:
            yield _decided(before, event, after)
        case _:
            return


def _ruled(before: Case, event: Event, after: Case) -> Iterator[Effect]:
    reason = event.data.get("reason", "")
    if before.unit == after.unit:
        yield to_unit(event, after, "task.decided", request="decline", granted=False, reason=reason)
        return
    yield to_unit(event, after, "task.reassigned", before.task, reason=reason)
    yield to_unit(event, after, "task.assigned")
    yield to_citizen(event, after, "assigned")


def _delegated(before: Case, event: Event, after: Case) -> Iterator[Effect]:
    """To whoever works now; whoever has worked for the same giver until now is told that it is taken away."""
    if before.delegator is not None and before.task is not None and before.unit != after.unit:
        yield to_unit(event, after, "task.reassigned", before.task, reason=event.data.get("reason", ""))
    kind = "task.reopened" if event.kind is Kind.SENT_BACK else "task.assigned"
    yield to_unit(event, after, kind, reason=event.data.get("reason", ""))
    if before.unit != after.unit:
        yield to_citizen(event, after, "assigned")


def _to_recheck(event: Event, after: Case) -> Iterator[Effect]:
    giver = after.given(after.delegator)
    clocks = clocks_ahead([clock for clock in clocks_of(after, "") if clock.kind == "recheck"])
    if giver is not None:
        told = {"request": "recheck", "granted": None, "result": event.data.get("result", ""), "clocks": clocks}
        yield to_unit(event, after, "task.decided", giver, **told)


def _referred(before: Case, event: Event, after: Case) -> Iterator[Effect]:
    if before.task is not None and before.task.completed_at is None:
        yield to_unit(event, after, "task.withdrawn", before.task, reason="referred")
    task = after.given(event.data.get("task_id"))
    if task is not None:
        yield to_unit(event, after, "task.assigned", task)
    else:
        yield to_staff(event, after, "dispatcher", "refer")
    yield to_citizen(event, after, "referred", name=event.data["name"], phone=event.data.get("phone"))


def _called(event: Event, case: Case, part: Task) -> Effect:
    call = case.whistles[-1]
    told = {"call_id": call.call_id, "caller": call.caller, "role": str(part.role), "clocks": clocks_told(case, part)}
    return to_unit(event, case, "whistle.called", part, **told, reason=call.reason)


def _excused(before: Case, event: Event, after: Case) -> Iterator[Effect]:
    """The unit is told; and the one that leads from now on, where it was the lead."""
    call = before.whistle
    assert call is not None, "admitted: a call is open"
    part = next(part for part in before.parts(call.call_id) if part.unit == event.data["unit"])
    yield to_unit(event, after, "task.withdrawn", part, reason=event.data.get("reason", ""))
    heir, former = lead(after, after.whistles[-1]), lead(before, call)
    if heir is not None and former is not None and heir.task_id != former.task_id:
        yield _called(event, after, heir)


def _to_the_caller(event: Event, case: Case, request: str, **data: Any) -> Iterator[Effect]:
    """By his unit's webhook, or at the dispatcher's desk."""
    call = case.whistles[-1]
    if call.caller == "dispatcher":
        yield to_staff(event, case, "dispatcher", request)
        return
    told = {"request": request, "granted": None, "call_id": call.call_id, **data}
    task = case.task
    if task is not None and task.unit == call.caller:
        yield to_unit(event, case, "task.decided", task, **told)
    else:
        yield to_office(event, case, "task.decided", call.caller, **told)


def _owned(before: Case, event: Event, after: Case) -> Iterator[Effect]:
    """The owner through his office; the owner before him is told that it has risen; the citizen, who has it now."""
    one = after.ownerships[-1]
    former = before.given(before.ownership.task_id) if before.ownership else None
    if former is not None:
        yield to_unit(event, after, "task.reassigned", former, reason="rose")
    yield _to_owner(event, after, after.given(one.task_id), tier=one.at.tier, owner=one.at.owner, trigger=one.trigger)
    yield to_citizen(event, after, "owned", owner=one.at.owner, office=one.at.office)


def _to_approve(event: Event, case: Case) -> Effect:
    one, data = case.ownerships[-1], event.data
    told = {"disposition": one.disposition, "evidence": list(data.get("evidence", ())), "opinion": one.opinion}
    return _to_owner(event, case, case.given(one.approver), tier=one.above.tier, owner=one.above.owner, **told)


def _to_owner(event: Event, case: Case, task: Task | None, **data: Any) -> Effect:
    assert task is not None, "an ownership has its piece of work"
    role = "approver" if task.role is TaskRole.APPROVER else "owner"
    return to_unit(event, case, "ownership.assigned", task, role=role, **data, clocks=clocks_told(case, task))


def _decided(before: Case, event: Event, after: Case) -> Effect:
    one = before.ownership
    assert one is not None, "admitted: an ownership is open"
    granted = event.kind is Kind.APPROVED
    told = {"request": "dissolution", "granted": granted, "reason": event.data.get("reason", "")}
    return to_unit(event, after, "task.decided", after.given(one.task_id), **told)
