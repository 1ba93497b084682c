"""Case ownership (提级包案): a leader has the case until 销案; where his clocks fail it rises a tier."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.altering import change_task, start, stop
from casework.answering import answered
from casework.beside import Ownership, Tier
from casework.case import Case, Task
from casework.clocks import ClockKind
from casework.errors import BadAct, NotAllowed
from casework.events import Act, Event, Kind
from casework.states import Outcome, State, TaskRole
from casework.whistling import short
from catalog.policy import Policy

DUTIES = (ClockKind.ACCEPT, ClockKind.VISIT, ClockKind.PLAN, ClockKind.REVIEW)
DISPOSITIONS = ("solved", "explained", "helped", "lawful_handling")


def due(case: Case) -> str | None:
    """Why the case must be owned, or None: what no rung says. One trigger opens one ownership."""
    known = {one.trigger for one in case.ownerships}
    if case.ownership is not None or case.merged_into is not None:
        return None
    if case.heard:
        return None if "hearing" in known else "hearing"
    if case.unit is None:
        return None
    if case.reopened >= 2 and "second_reopening" not in known:
        return "second_reopening"
    return "long_standing" if case.long_standing and not known else None


def holder(tier: Tier) -> str:
    return f"leader:{tier.owner}"


def may_own(case: Case, act: Act, policy: Policy) -> None:
    """A case that some unit has. After 销案 there is the hearing only, and no hearing before."""
    if case.merged_into is not None:
        raise NotAllowed(case.state, (), f"the case is joined to {case.merged_into}: order its ownership there")
    if case.unit is None:
        raise NotAllowed(case.state, (), "no unit has the case yet: dispatch it first")
    if act.data["trigger"] != "hearing":
        only_the_hearing(case)
    elif not case.heard:
        raise NotAllowed(case.state, (), "there is a hearing only after 销案, where the citizen is not satisfied")


def only_the_hearing(case: Case) -> None:
    """Raises `NotAllowed` for whatever would begin the handling again after 销案."""
    if case.heard:
        raise NotAllowed(case.state, (), "after 销案 only the hearing (评理) is left")


def may_act(case: Case, act: Act, policy: Policy) -> None:
    """Whoever plans or reviews may say when he will look at it again."""
    review_at = act.data.get("review_at")
    if review_at is not None and datetime.fromisoformat(review_at) <= act.at:
        raise BadAct("review_at", "must be in the future")


def may_dissolve(case: Case, act: Act, policy: Policy) -> None:
    if case.whistle is not None:
        raise NotAllowed(case.state, (), "a whistle call is open: it must be signed off first")


def opened(case: Case, event: Event, policy: Policy) -> Case:
    """A leader has it from now on, and must accept it."""
    data = event.data
    at = _tier(data)
    one = Ownership(
        call_id=data["call_id"],
        trigger=data["trigger"],
        at=at,
        above=_tier(data["above"]),
        task_id=data["task_id"],
        opened_at=event.at,
        state=State.AWAITING_ACCEPTANCE,
        hearing=data["trigger"] == "hearing",
    )
    return _handed(replace(case, ownerships=(*case.ownerships, one)), event, policy, at)


def rose(case: Case, event: Event, policy: Policy) -> Case:
    """The next tier has it, from the start."""
    one = _open(case)
    at = _tier(event.data)
    case = stop(case, event.at, unmet=DUTIES, of=short(one.call_id))
    case = change_task(case, case.given(one.task_id), state=State.CLOSED)
    risen = replace(
        one, at=at, above=_tier(event.data["above"]), task_id=event.data["task_id"], state=State.AWAITING_ACCEPTANCE
    )
    return _handed(_with(case, risen), event, policy, at)


def _handed(case: Case, event: Event, policy: Policy, at: Tier) -> Case:
    one = _open(case)
    task = Task(
        one.task_id,
        at.office,
        event.at,
        role=TaskRole.OWNER,
        state=State.AWAITING_ACCEPTANCE,
        call_id=one.call_id,
    )
    case = replace(case, tasks=(*case.tasks, task))
    return start(case, policy, ClockKind.ACCEPT, holder(at), event.at, of=short(one.call_id))


def acted(case: Case, event: Event, policy: Policy) -> Case:
    """The owner has accepted, visited, planned or reviewed; whatever he does implies that he has accepted."""
    one = _open(case)
    of = short(one.call_id)
    met = {
        Kind.HOME_VISITED: (ClockKind.VISIT,),
        Kind.PLANNED: (ClockKind.PLAN,),
        Kind.REVIEWED: (ClockKind.PLAN, ClockKind.REVIEW),
    }.get(event.kind, ())
    if one.state is State.AWAITING_ACCEPTANCE:
        for kind in (ClockKind.VISIT, ClockKind.PLAN):
            case = start(case, policy, kind, holder(one.at), event.at, of=of)
    case = stop(case, event.at, ClockKind.ACCEPT, *met, of=of)
    if event.kind in (Kind.PLANNED, Kind.REVIEWED):
        case = _reviewing(case, event, policy)
    return _state(case, event, State.IN_PROGRESS)


def _reviewing(case: Case, event: Event, policy: Policy) -> Case:
    """The next review of how far it has come: there is always one ahead, no later than the owner has said."""
    one = _open(case)
    of = short(one.call_id)
    review = case.clock(ClockKind.REVIEW, of)
    if review is None or not review.running:
        case = start(case, policy, ClockKind.REVIEW, holder(one.at), event.at, of=of)
    review_at = event.data.get("review_at")
    if review_at is None:
        return case
    said = datetime.fromisoformat(review_at)
    ahead = (c.capped(said) if c.kind is ClockKind.REVIEW and c.of == of else c for c in case.clocks)
    return replace(case, clocks=tuple(ahead))


def asked(case: Case, event: Event, policy: Policy) -> Case:
    """销案 is asked for: the tier above decides, the leading group for the highest and for what was heard."""
    one, data = _open(case), event.data
    of = short(one.call_id)
    case = stop(case, event.at, *DUTIES, of=of)
    case = _state(case, event, State.AWAITING_APPROVAL)
    approval = Task(
        data["approval_id"],
        one.above.office,
        event.at,
        role=TaskRole.APPROVER,
        state=State.AWAITING_APPROVAL,
        call_id=one.call_id,
    )
    waiting = replace(
        _open(case),
        approver=approval.task_id,
        disposition=data["disposition"],
        opinion=data.get("opinion", ""),
        result=data.get("result", ""),
    )
    case = replace(_with(case, waiting), tasks=(*case.tasks, approval))
    return start(case, policy, ClockKind.APPROVAL, holder(one.above), event.at, of=of)


def refused(case: Case, event: Event, policy: Policy) -> Case:
    """Not yet: the owner goes on, the next review ahead."""
    one = _open(case)
    of = short(one.call_id)
    case = stop(case, event.at, ClockKind.APPROVAL, of=of)
    case = _decided(case, event, one)
    case = _state(_with(case, replace(one, approver=None)), event, State.IN_PROGRESS)
    return _reviewing(case, event, policy)


def approved(case: Case, event: Event, policy: Policy) -> Case:
    """已销案: the owner's answer is the answer. After a hearing the case is concluded."""
    one = _open(case)
    case = stop(case, event.at, ClockKind.APPROVAL, of=short(one.call_id))
    case = _decided(case, event, one)
    case = change_task(case, case.given(one.task_id), state=State.DISSOLVED, completed_at=event.at)
    case = _with(case, replace(one, state=State.DISSOLVED, dissolved_at=event.at))
    case = _work_over(case, event, one)
    if one.hearing:
        return replace(case, outcome=Outcome.CONCLUDED)
    return answered(case, event.at, policy)


def _decided(case: Case, event: Event, one: Ownership) -> Case:
    """Whoever was asked has decided, and so has had the notice."""
    task = case.given(one.approver)
    known = event.at if task is None or task.notified_at is None else task.notified_at
    return change_task(case, task, state=State.DONE, completed_at=event.at, notified_at=known)


def _work_over(case: Case, event: Event, one: Ownership) -> Case:
    """The handler's work ends with the ownership, if it has not before."""
    task = case.task
    if task is None or task.completed_at is not None:
        return case
    done = {"completed_at": event.at, "state": State.AWAITING_CALLBACK, "result": one.result or one.opinion}
    return change_task(case, task, **done)


def _state(case: Case, event: Event, state: State) -> Case:
    one = _open(case)
    task = case.given(one.task_id)
    known = event.at if task is None or task.notified_at is None else task.notified_at
    return change_task(_with(case, replace(one, state=state)), task, state=state, notified_at=known)


def _open(case: Case) -> Ownership:
    one = case.ownership
    assert one is not None, "admitted: an ownership is open"
    return one


def _with(case: Case, one: Ownership) -> Case:
    return replace(case, ownerships=(*case.ownerships[:-1], one))


def _tier(data: Mapping[str, Any]) -> Tier:
    return Tier(data["tier"], data["owner"], data["office"], data.get("top", False))
