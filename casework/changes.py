"""What each kind of event does to a case, its state apart (that is the life cycle's table)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from casework.case import Case, Evaluation, Outcome, State, Task
from casework.clocks import OF_THE_UNIT, PROMISES, Clock, ClockKind, review_clock, start_clock
from casework.events import Event, Kind
from casework.handover import completion_clock
from casework.life_cycle import transitions
from casework.verdict import verdict
from catalog.policy import Grade, Policy

CITIZEN, DISPATCHER, SYSTEM = "citizen", "dispatcher", "system"


def _stop(case: Case, at: datetime, *met: ClockKind, unmet: Iterable[ClockKind] = ()) -> Case:
    clocks = tuple(
        clock.stop(at, met=clock.kind in met) if clock.kind in met or clock.kind in unmet else clock
        for clock in case.clocks
    )
    return replace(case, clocks=clocks)


def unchanged(case: Case, event: Event, policy: Policy) -> Case:
    return case


def _pinned(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, policy_version=event.data["policy_version"], catalogue_version=event.data["catalogue_version"])


def _classified(case: Case, event: Event, policy: Policy) -> Case:
    data = event.data
    return replace(
        case,
        classified=True,
        item=data["item"],
        confidence=data["confidence"],
        candidates=tuple(data["candidates"]),
    )


def _regrade(case: Case, grade: Grade, policy: Policy, at: datetime) -> Case:
    """Running promise clocks and triage take the limits of the new grade, still from receipt.

    A tighter limit leaves half of itself from now on at the least, so that nobody is late at the moment that he learns
    of it, but never more than there was: what was late stays late.
    """
    if grade is case.grade:
        return case

    def regraded(clock: Clock) -> Clock:
        new = start_clock(policy, clock.kind, grade, clock.holder, clock.started_at)
        kept = replace(new, climbed=clock.climbed, pauses=clock.pauses)
        before = kept.elapsed(clock.due_at) if clock.due_at else new.total
        return replace(kept, total=max(new.total, min(before, kept.elapsed(at) + new.total / 2)))

    changing = PROMISES | {ClockKind.TRIAGE}
    clocks = tuple(regraded(clock) if clock.running and clock.kind in changing else clock for clock in case.clocks)
    return replace(case, grade=grade, clocks=clocks)


def _graded(case: Case, event: Event, policy: Policy) -> Case:
    graded = _regrade(case, Grade(event.data["grade"]), policy, event.at)
    return replace(graded, graded=True, item_limit=event.data.get("limit"))


def _triaged(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, held=case.held.to(DISPATCHER))


def _assigned(case: Case, event: Event, policy: Policy) -> Case:
    """A unit gets the case; until the notice reaches it the time is the system's, not the unit's."""
    data, at = event.data, event.at
    case = _stop(case, at, ClockKind.TRIAGE)
    if "grade" in data:
        case = replace(_regrade(case, Grade(data["grade"]), policy, at), graded=True)
    if "item" in data:
        case = replace(case, item=data["item"], item_limit=data.get("limit"))
    if case.nature == "thanks":
        return replace(case, tasks=(*case.tasks, Task(data["task_id"], data["unit"], at)), outcome=Outcome.RESOLVED)
    return _hand_over(case, at, policy, data["task_id"], data["unit"])


def _hand_over(case: Case, at: datetime, policy: Policy, task_id: str, unit: str) -> Case:
    holder = f"department:{unit}"
    completion = completion_clock(case, policy, holder, at)
    case = _stop(case, at, unmet=(ClockKind.COMPLETION, ClockKind.CALLBACK, ClockKind.REVIEW))
    due = completion.due_at
    clocks = tuple(
        (replace(c, holder=holder).capped(due) if due else c) if c.running and c.kind in PROMISES else c
        for c in case.clocks
    )
    task = Task(task_id, unit, at)
    return replace(
        case,
        clocks=(*clocks, completion),
        tasks=(*ended(case.tasks), task),
        held=case.held.to(SYSTEM),
        extension_requested=None,
        pause_requested=None,
        outcome=None,
        closed_at=None,
    )


def ended(tasks: tuple[Task, ...]) -> tuple[Task, ...]:
    return tuple(replace(task, state=State.CLOSED) for task in tasks)


def _change_task(case: Case, **changes: object) -> Case:
    # mypy cannot check `replace` through keywords that are passed on.
    return replace(case, tasks=(*case.tasks[:-1], replace(case.tasks[-1], **changes)))  # type: ignore[arg-type]


def _notified(case: Case, event: Event, policy: Policy) -> Case:
    if case.task is None or case.task.task_id != event.data["task_id"] or case.task.notified_at:
        return case
    handling = case.open and case.task.completed_at is None and case.state is not State.PAUSED
    held = case.held.to(f"department:{case.unit}") if handling else case.held
    return replace(_change_task(case, notified_at=event.at), held=held)


def _fact(*met: ClockKind) -> Callable[[Case, Event, Policy], Case]:
    """A fact from the unit: it meets its clocks, implies the acknowledgement, and shows that the notice arrived."""

    def apply(case: Case, event: Event, policy: Policy) -> Case:
        task = case.task
        if task is None or task.completed_at:
            return case
        moved = _change_task(
            _stop(case, event.at, ClockKind.FEEDBACK, *met),
            notified_at=task.notified_at or event.at,
            acknowledged_at=task.acknowledged_at or event.at,
            state=State.IN_PROGRESS,
        )
        pausing = case.state is State.PAUSED  # whose time it is does not change by a word from the unit
        return moved if pausing else replace(moved, held=moved.held.to(f"department:{task.unit}"))

    return apply


def _completed(case: Case, event: Event, policy: Policy) -> Case:
    """The unit's work is done: its clocks end, the citizen's begins."""
    case = _stop(_fact(*OF_THE_UNIT)(case, event, policy), event.at, unmet=(ClockKind.REVIEW,))
    case = _change_task(case, completed_at=event.at, state=State.AWAITING_CALLBACK, result=event.data.get("result", ""))
    if case.withdrawn:
        return replace(case, outcome=Outcome.WITHDRAWN)
    n = sum(clock.kind is ClockKind.CALLBACK for clock in case.clocks)
    callback = start_clock(policy, ClockKind.CALLBACK, case.grade, CITIZEN, event.at, n=n)
    return replace(case, clocks=(*case.clocks, callback), held=case.held.to(CITIZEN), asked=0)


def _extension_requested(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, extension_requested=event.data)


def _pause_requested(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, pause_requested=event.data)


def _refused(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, extension_requested=None, pause_requested=None)


def _extended(case: Case, event: Event, policy: Policy) -> Case:
    """Completion is due so many working days later, in hours too; what of its ladder has fired stays fired."""

    def extended(clock: Clock) -> Clock:
        due = clock.due_at or event.at
        later = start_clock(policy, clock.kind, case.grade, "", due, limit=f"{event.data['days']}wd").due_at or due
        return replace(clock, total=clock.total + clock.time.counted(due, later))

    clocks = tuple(
        extended(clock) if clock.running and clock.kind is ClockKind.COMPLETION else clock for clock in case.clocks
    )
    return replace(case, clocks=clocks, extended=True, extension_requested=None)


def _paused(case: Case, event: Event, policy: Policy) -> Case:
    review_at = datetime.fromisoformat(event.data["review_at"])
    n = sum(clock.kind is ClockKind.REVIEW for clock in case.clocks)
    clocks = tuple(clock.pause(event.at) if clock.kind in OF_THE_UNIT else clock for clock in case.clocks)
    return replace(
        case,
        clocks=(*clocks, review_clock(event.at, review_at, n)),
        held=case.held.to(SYSTEM),
        pause_requested=None,
    )


def _resumed(case: Case, event: Event, policy: Policy) -> Case:
    clocks = tuple(clock.resume(event.at) for clock in _stop(case, event.at, ClockKind.REVIEW).clocks)
    return replace(case, clocks=clocks, held=case.held.to(f"department:{case.unit}"))


def _asked(case: Case, event: Event, policy: Policy) -> Case:
    """Asked for the first time, the citizen has the whole time to answer, however late the question came."""
    first = case.asked == 0 and "rung" not in event.data
    new = start_clock(policy, ClockKind.CALLBACK, case.grade, CITIZEN, event.at)
    clocks = tuple(
        replace(new, id=clock.id) if first and clock.running and clock.kind is ClockKind.CALLBACK else clock
        for clock in case.clocks
    )
    return replace(case, asked=case.asked + 1, clocks=clocks)


def _evaluated(case: Case, event: Event, policy: Policy) -> Case:
    data = event.data
    evaluation = Evaluation(data["solved"], data["satisfaction"], event.at)
    case = _stop(replace(case, evaluations=(*case.evaluations, evaluation)), event.at, ClockKind.CALLBACK)
    if verdict(event.data, policy) == "dissatisfied":
        return _reopened(case, event, policy)
    outcome = Outcome.EXPLAINED if case.nature in ("question", "suggestion") else Outcome.RESOLVED
    return replace(case, outcome=outcome)


def _reopened(case: Case, event: Event, policy: Policy) -> Case:
    """Back to the same unit, one grade tighter."""
    case = replace(_stop(case, event.at, ClockKind.CALLBACK), reopened=case.reopened + 1)
    unit = case.unit or ""
    return _hand_over(case, event.at, policy, event.data["task_id"], unit)


def _withdrew(case: Case, event: Event, policy: Policy) -> Case:
    """A hazard goes on without its citizen; everything else ends here."""
    closing = transitions(case, Kind.WITHDREW)[0].next is State.CLOSED
    return replace(case, withdrawn=True, outcome=Outcome.WITHDRAWN if closing else None)


def _closed(case: Case, event: Event, policy: Policy) -> Case:
    return replace(case, outcome=Outcome(event.data["outcome"]))


CHANGES: Mapping[Kind, Callable[[Case, Event, Policy], Case]] = {
    Kind.PINNED: _pinned,
    Kind.CLASSIFIED: _classified,
    Kind.GRADED: _graded,
    Kind.TRIAGED: _triaged,
    Kind.ASSIGNED: _assigned,
    Kind.NOTIFIED: _notified,
    Kind.ACKNOWLEDGED: _fact(),
    Kind.CONTACTED: _fact(ClockKind.CONTACT),
    Kind.VISITED: _fact(),
    Kind.FIRST_ROUND: _fact(ClockKind.FIRST_ROUND),
    Kind.PROGRESS: _fact(),
    Kind.COMPLETED: _completed,
    Kind.EXTENSION_REQUESTED: _extension_requested,
    Kind.PAUSE_REQUESTED: _pause_requested,
    Kind.REFUSED: _refused,
    Kind.EXTENDED: _extended,
    Kind.PAUSED: _paused,
    Kind.RESUMED: _resumed,
    Kind.TASK_RESUMED: _resumed,
    Kind.ASKED: _asked,
    Kind.EVALUATED: _evaluated,
    Kind.REOPENED: _reopened,
    Kind.WITHDREW: _withdrew,
    Kind.CLOSED: _closed,
}
