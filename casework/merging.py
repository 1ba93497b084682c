"""Merge (并案): one matter, told by several citizens. What is said of the other case holds for the merged one.

The merged case stays open and follows the other: its citizen has the promises that were made to it, is told at each
step, and is asked at the end. Whoever has the other case has a piece of work here too, by which to phone this citizen.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.altering import DISPATCHER, change_task, ended, start, stop
from casework.answering import answered
from casework.case import Case
from casework.clocks import PROMISES, Clock, ClockKind, start_clock
from casework.errors import BadAct, NotAllowed
from casework.events import SYSTEM, Act, Actor, Event, Kind, Role
from casework.life_cycle import FOLLOWING
from casework.new_limits import with_limit
from casework.states import State, TaskRole
from catalog.policy import Grade, Policy

REFUSED_WHILE_MERGED = frozenset(
    {Kind.ASSIGNED, Kind.DECLINED, Kind.DELEGATED, Kind.WHISTLED, Kind.PAUSED, Kind.PAUSE_REQUESTED}
)
"""What is decided on the other case, for both."""


# What is admitted


def may_merge(case: Case, act: Act, policy: Policy) -> None:
    """What one case can say by itself; the rest needs both (`may_join`)."""
    if act.data["into"] == case.case_no:
        raise BadAct("into", "must be another case: a case cannot be merged into itself")


def may_join(case: Case, into: Case, others: Collection[str]) -> None:
    """Whether the case may be merged into the other one. `others`: the open cases that are merged into this one.

    Raises `BadAct`, or `NotAllowed` where others follow this one.
    """
    if into.case_no == case.case_no:
        raise BadAct("into", "must be another case: a case cannot be merged into itself")
    if into.district != case.district:
        raise BadAct("into", f"must be a case of the same district: {into.case_no} is {into.district}'s")
    if not into.open:
        raise BadAct("into", f"must be an open case: {into.case_no} is closed")
    if into.merged_into is not None:
        raise BadAct("into", f"must be a case of its own: {into.case_no} is merged into {into.merged_into}")
    if into.unit in case.recused:
        raise BadAct("into", f"must not be a case of {into.unit}'s: the complaint is about it (回避)")
    if into.nature == "thanks" or case.nature == "thanks":
        raise BadAct("into", "must be the same matter: thanks are passed on by themselves")
    if others:
        first = ", ".join(sorted(others)[:3])
        raise NotAllowed(case.state, (), f"others are merged into this case ({first}): merge them into the other first")


def refuse_while_merged(case: Case, act: Act) -> None:
    """Raises `NotAllowed` for what must be decided on the case that this one follows."""
    if case.merged_into is None:
        return
    if act.kind in REFUSED_WHILE_MERGED:
        why = f"the case is merged into {case.merged_into}: do this there, or take them apart first"
        raise NotAllowed(case.state, (), why)
    if act.actor.role is Role.UNIT and act.actor.name != case.unit:
        raise NotAllowed(case.state, (), "this unit does not hold the task")


def may_regrade(case: Case, act: Act, policy: Policy) -> None:
    """After the first grading a grade may only become graver."""
    if case.stage is not State.RECEIVED and Grade(act.data["grade"]) >= case.grade:
        raise BadAct("grade", f"must be graver than the case's own, which is {case.grade}")


# What somebody wants


def merge_act(case: Case, into: Case, actor: Actor, at: datetime, reason: str | None = None) -> Act:
    """The act that merges the case into the other: with the unit that has the other, and the graver of both grades."""
    data: dict[str, Any] = {"into": into.case_no}
    if _at_work(into):
        data["unit"] = into.unit
    if into.grade < case.grade:
        data["grade"] = str(into.grade)
    return Act(Kind.MERGED, actor, at, {**data, **({"reason": reason} if reason else {})})


def regrade_act(case: Case, into: Case, actor: Actor, at: datetime) -> Act | None:
    """The second act, on the other case, where the one that is merged into it is graver; else None."""
    if case.grade >= into.grade:
        return None
    return Act(Kind.GRADED, actor, at, {"grade": str(case.grade), "merged": case.case_no})


def followings(case: Case, other: Case, events: Sequence[Event], now: datetime) -> Act | None:
    """The next act by which a merged case follows the other, whose events these are; None when it is up to date.

    A new holder first, then acknowledgement with feedback and first round since he has had it, then the answer. An end
    without an answer takes them apart. The last act only says how far it has come.
    """
    if case.merged_into != other.case_no or case.stage not in FOLLOWING or other.seq <= case.followed:
        return None
    if other.unit in case.recused:  # the complaint is about it: it does not get it this way either
        return Act(Kind.UNMERGED, SYSTEM, now, {"from": other.case_no, "recused": other.unit})
    since, done = _since(other, events), _answered(other)
    if _at_work(other) and not done and other.unit != case.unit:
        return _follow(now, Kind.ASSIGNED, max(since, case.followed), unit=other.unit)
    for event in events:
        if event.seq > max(since, case.followed) and (said := _said(event)):
            at = max(event.at, case.merged_at or event.at)
            return _follow(at, event.kind, event.seq, **said)
    if done and other.unit is not None:
        return _follow(now, Kind.COMPLETED, other.seq, result=_result(other), by=other.unit)
    if not other.open:
        return Act(Kind.UNMERGED, SYSTEM, now, {"from": other.case_no, "ended": str(other.outcome)})
    return _follow(now, events[-1].kind, other.seq)


def _follow(at: datetime, kind: Kind, seq: int, **data: Any) -> Act:
    return Act(Kind.FOLLOWED, SYSTEM, at, {"kind": str(kind), "seq": seq, **data})


def _at_work(other: Case) -> bool:
    return other.open and other.task is not None and other.task.state is not State.CLOSED


def _since(other: Case, events: Sequence[Event]) -> int:
    """The event by which the present holder was given the other case."""
    task_id = other.task.task_id if other.task else None
    return next((event.seq for event in events if task_id and event.data.get("task_id") == task_id), 0)


def _said(event: Event) -> dict[str, Any]:
    """What of an event is said to this citizen too. A phone call is not: each citizen has his own."""
    if event.kind is Kind.ACKNOWLEDGED and event.data.get("feedback"):
        return {"feedback": event.data["feedback"]}
    if event.kind is Kind.FIRST_ROUND:
        return {"note": event.data.get("note", "")}
    return {}


def _answered(other: Case) -> bool:
    """Whether the work on the other case is done: its citizen is asked, or has been."""
    if other.open:
        return other.stage is State.AWAITING_CALLBACK
    done = other.task is not None and other.task.completed_at is not None
    return done or any(not one.open for one in other.ownerships)


def _result(other: Case) -> str:
    if other.task is not None and other.task.result:
        return other.task.result
    last = other.ownerships[-1] if other.ownerships else None
    return (last.result or last.opinion) if last else ""


# What it does; who gets the work, `changes` says


def merged(case: Case, event: Event) -> Case:
    """It waits no more for what was its own: the work that was given is taken away, pauses are over."""
    clocks = tuple(clock.resume(event.at) for clock in stop(case, event.at, unmet=(ClockKind.PAUSE,)).clocks)
    return replace(
        case,
        clocks=clocks,
        tasks=ended(case.tasks, TaskRole.HANDLER),
        suspects=(),
        merged_into=event.data["into"],
        merged_at=event.at,
        merged_unit=event.data.get("unit"),
        followed=event.data.get("seq", 0),
        delegator=None,
        extension_requested=None,
        pause_requested=None,
    )


def graver(case: Case, policy: Policy, at: datetime) -> Case:
    """Whoever handles the case has the limit of its new grade, where that ends sooner; half of it from now on."""

    def tightened(clock: Clock) -> Clock:
        if not clock.running or clock.kind is not ClockKind.COMPLETION:
            return clock
        new = with_limit(clock, start_clock(policy, clock.kind, case.grade, clock.holder, clock.started_at), at)
        due, sooner = clock.due_at, new.due_at
        return new if due is None or sooner is None or sooner < due else clock

    return replace(case, clocks=tuple(map(tightened, case.clocks)))


def without_a_unit(case: Case, event: Event, policy: Policy) -> Case:
    """Nobody has the other case yet: the dispatcher has both."""
    case = held_by_the_dispatcher(stop(case, event.at, unmet=(ClockKind.COMPLETION,)))
    triage = case.clock(ClockKind.TRIAGE)
    return case if triage and triage.running else start(case, policy, ClockKind.TRIAGE, DISPATCHER, event.at)


def followed(case: Case, event: Event, policy: Policy) -> Case:
    """What was said of the other case meets the promises made to this citizen, the call apart."""
    data, at = event.data, event.at
    met = {
        Kind.ASSIGNED: (ClockKind.TRIAGE,),
        Kind.ACKNOWLEDGED: (ClockKind.FEEDBACK,),
        Kind.FIRST_ROUND: (ClockKind.FEEDBACK, ClockKind.FIRST_ROUND),
        Kind.COMPLETED: (ClockKind.FEEDBACK, ClockKind.FIRST_ROUND, ClockKind.COMPLETION, ClockKind.TRIAGE),
    }.get(Kind(data["kind"]), ())
    case = stop(replace(case, followed=data["seq"]), at, *met)
    if data["kind"] != Kind.COMPLETED:
        return case
    task = case.task
    if task is not None and task.state is not State.CLOSED:
        done = {"completed_at": at, "state": State.AWAITING_CALLBACK, "result": data["result"]}
        case = change_task(case, task, **done)
    return answered(replace(case, merged_unit=data["by"]), at, policy)


def unmerged(case: Case, event: Event, policy: Policy) -> Case:
    """On its own again, at the dispatcher's, the promises as they were."""
    unmet = (ClockKind.COMPLETION, ClockKind.TRIAGE)
    case = replace(stop(case, event.at, unmet=unmet), tasks=ended(case.tasks, TaskRole.HANDLER))
    case = held_by_the_dispatcher(apart(case))
    return start(case, policy, ClockKind.TRIAGE, DISPATCHER, event.at)


def apart(case: Case) -> Case:
    return replace(case, merged_into=None, merged_at=None, merged_unit=None, followed=0)


def held_by_the_dispatcher(case: Case) -> Case:
    clocks = tuple(
        replace(clock, holder=DISPATCHER) if clock.running and clock.kind in PROMISES else clock
        for clock in case.clocks
    )
    return replace(case, clocks=clocks, held=case.held.to(DISPATCHER))
