"""Which messages an event owes, and to whom. Each has a key from its cause, so that none is ever owed twice."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from casework.beside_effects import beside
from casework.case import Case, Task
from casework.clocks import OF_THE_UNIT, Clock, ClockKind
from casework.events import Event, Kind
from casework.owing import URGING, Effect, to_citizen, to_office, to_staff, to_unit
from casework.states import PARTS, Outcome, State, TaskRole
from casework.view import clocks_ahead
from casework.whistling import lead
from catalog.policy import Action

LEVELS = {
    Action.REMIND: ("task.reminded", "handler"),
    Action.URGE: ("task.urged", "handler"),
    Action.URGE_HEAD: ("task.urged", "head"),
    Action.SUPERVISE: ("task.supervised", "leader"),
    Action.OWN: ("task.supervised", "district_leader"),
}


STAFF_HOLDERS = frozenset({"dispatcher", "adjudicator"})
HURRYING = frozenset({Action.REMIND, Action.URGE, Action.URGE_HEAD})  # said to get the work done
BREATH = timedelta(hours=1)
ASKING = frozenset({"citizen.ask", "citizen.ask_again"})


def effects(before: Case | None, event: Event, after: Case) -> tuple[Effect, ...]:
    """The messages that `event`, which led from `before` to `after`, owes."""
    owed = [*_by_kind(before, event, after), *beside(before, event, after)]
    if before is not None and before.open and not after.open:
        owed += _closing(before, event, after)
    return tuple({one.key: one for one in reversed(owed)}.values())[::-1]  # one office may have two parts in it


def under_way(task_id: str | None, case: Case) -> bool:
    """Whether this piece of work is still to be done by the unit that it was given to."""
    task = case.given(task_id)
    if not case.open or task is None or task.completed_at is not None or task.state is State.CLOSED:
        return False
    return task.role is not TaskRole.HANDLER or task is case.task or task.task_id == case.delegator


def overtaken(
    kind: str, task_id: str | None, case: Case, data: Mapping[str, Any] | None = None, *, carried: bool = False
) -> bool:
    """Whether a message has lost its meaning: a reminder for work that has been taken away, done or ended; a question
    to a citizen who has answered; the word of a rung (`data` names it) that an act received before it has overtaken.

    `carried`: another channel has told the unit, and only its system is still to hear of the work.
    """
    if kind in ASKING:
        return case.stage is not State.AWAITING_CALLBACK
    over = not under_way(task_id, case) if task_id else not case.open
    moot = (kind in URGING or carried) and over
    return moot or _without_effect(data or {}, case)


def _without_effect(data: Mapping[str, Any], case: Case) -> bool:
    # the clock by its name; in messages of earlier releases the latest of its kind
    clock, rung = data.get("clock_id", data.get("clock")), data.get("rung")
    found = next((one for one in reversed(case.clocks) if clock in (one.id, str(one.kind))), None)
    return found is not None and rung in {step.n for step in found.voided}


def _by_kind(before: Case | None, event: Event, after: Case) -> Iterator[Effect]:
    data = event.data
    match event.kind:
        case Kind.RECEIVED:
            yield to_citizen(event, after, "receipt")
            if after.addressee is not None:
                yield to_staff(event, after, "leader", "addressed")
        case Kind.TRIAGED:
            yield to_staff(event, after, "dispatcher", "triage")
        case Kind.ANSWERED:
            yield to_citizen(event, after, "answered", answer=data["answer"], source=data["source"])
        case Kind.ASSIGNED:
            if before and before.task and before.unit != after.unit:
                yield to_unit(event, before, "task.reassigned", reason=data.get("reason", ""))
            yield to_unit(event, after, "task.assigned")
            yield to_citizen(event, after, "thanks_passed_on" if after.nature == "thanks" else "assigned")
        case Kind.ACKNOWLEDGED if data.get("feedback"):
            yield to_citizen(event, after, "acknowledged", feedback=data["feedback"])
        case Kind.EXTENSION_REQUESTED | Kind.PAUSE_REQUESTED:
            yield to_staff(event, after, "dispatcher", "request")
        case Kind.EXTENDED:
            yield to_unit(event, after, "task.decided", request="extension", granted=True, days=data["days"])
            yield to_citizen(event, after, "extended", due_at=_completion_due(after))
        case Kind.PAUSED:
            yield to_unit(event, after, "task.decided", request="pause", granted=True, review_at=data["review_at"])
            yield to_citizen(event, after, "paused", review_at=data["review_at"], reason=data.get("reason", ""))
        case Kind.REFUSED:
            asked = _asked_for(before)
            yield to_unit(event, after, "task.decided", request=asked, granted=False, reason=data.get("reason", ""))
        case Kind.RESUMED:
            yield to_unit(event, after, "task.decided", request="pause", granted=False, reason="resumed")
            yield to_citizen(event, after, "resumed")
        case Kind.TASK_RESUMED:
            yield to_citizen(event, after, "resumed")
        case Kind.ASKED if not _asked_with_the_answer(event, after):
            yield to_citizen(event, after, "ask" if after.asked == 1 else "ask_again", **_answer_given(after))
        case Kind.RUNG | Kind.OWNED | Kind.ROSE if "rung" in data:
            yield from _rung(event, before or after)
        case Kind.EVALUATED | Kind.REOPENED if after.open and after.heard:
            yield to_citizen(event, after, "heard")
        case Kind.EVALUATED | Kind.REOPENED if after.open and before and before.answered_at_once:
            yield to_citizen(event, after, "turned_down")
        case Kind.EVALUATED | Kind.REOPENED if after.open:
            yield to_unit(event, after, "task.reopened", reason=_reason(event))
            yield to_citizen(event, after, "reopened")
        case Kind.WITHDREW if after.open:
            yield to_citizen(event, after, "hazard_goes_on")
        case Kind.MOVED if before and before.task and under_way(before.task.task_id, after):
            yield from _moved(event, before, after)


def _asked_with_the_answer(event: Event, case: Case) -> bool:
    """An instant answer's own message asks already: it is not asked once more in the same breath."""
    instant = case.instant if case.answered_at_once else None
    return instant is not None and case.asked == 1 and event.at - instant.at < BREATH


def _answer_given(case: Case) -> dict[str, Any]:
    """What the citizen is asked about."""
    if case.answered_at_once and case.instant is not None:
        return {"result": case.instant.text, "at_once": True}
    return {"result": case.task.result if case.task else ""}


def _asked_for(case: Case | None) -> str:
    """What is refused: a decline, or a request for time."""
    if case is not None and case.disputed:
        return "decline"
    return "extension" if case is not None and case.extension_requested is not None else "pause"


def _moved(event: Event, before: Case, after: Case) -> Iterator[Effect]:
    """Who works under other limits is told of them, and the citizen of another date of completion."""
    limits = [[(clock.id, clock.total, clock.time) for clock in _of_the_unit(case)] for case in (before, after)]
    if limits[0] != limits[1]:
        clocks = clocks_ahead(_of_the_unit(after))
        yield to_unit(event, after, "task.decided", request="policy", granted=True, clocks=clocks)
    if _completion_due(before) != _completion_due(after):
        yield to_citizen(event, after, "moved", due_at=_completion_due(after))


def _of_the_unit(case: Case) -> list[Clock]:
    return [clock for clock in case.clocks if clock.running and clock.kind in OF_THE_UNIT]


def _rung(event: Event, case: Case) -> Iterator[Effect]:
    """To the clock's holder, if the matter is still his. Where it was met late, what urges has lost its meaning, what
    orders supervision has not.
    """
    data, action = event.data, Action(event.data["action"])
    clock = next(clock for clock in case.clocks if clock.id == data["clock"])
    if clock.met_at is not None and action in HURRYING:
        return
    kind, level = LEVELS.get(action, ("task.supervised", "leader"))
    told = {
        "clock": str(clock.kind),
        "clock_id": clock.id,
        "rung": data["rung"],
        "level": level,
        "due_at": data["due_at"],
    }
    if action is Action.NOTIFY_SUPERVISOR:
        yield to_staff(event, case, "supervisor", "rung")
    elif clock.holder in STAFF_HOLDERS or case.unit is None:
        yield to_staff(event, case, clock.holder if clock.holder in STAFF_HOLDERS else "dispatcher", "rung")
    elif (task := _task_of(case, clock)) is not None:
        yield to_unit(event, case, kind, task, **told)
        if action is Action.OWN:
            yield to_staff(event, case, "leader", "rung")
    elif clock.of and clock.holder.startswith("department:"):  # a caller without work of its own
        yield to_office(event, case, kind, clock.holder.removeprefix("department:"), **told, holder=clock.holder)
    else:  # whoever had it has it no more
        return
    for leader in data.get("tell", ()):
        told_of = {"owner": leader["owner"], "holder": clock.holder}  # a leader may have several late units in one case
        yield to_office(event, case, "task.supervised", leader["office"], **told, **told_of)


def _task_of(case: Case, clock: Clock) -> Task | None:
    """The piece of work that a clock is about; None where its holder has it no more, or never had one."""
    if clock.of.startswith("T"):
        return case.given(f"{case.case_no}-{clock.of}")
    if clock.of.startswith("O"):
        one = case.ownership
        return case.given((one.approver if clock.kind is ClockKind.APPROVAL else one.task_id) if one else None)
    if clock.of.startswith("W"):
        return lead(case, case.whistles[-1]) if clock.kind is ClockKind.JOINT else _work_of(case, clock)
    if clock.kind is ClockKind.RECHECK:
        return case.given(case.delegator)
    if clock.kind is ClockKind.REFERRAL:
        return case.given(case.referral.task_id if case.referral else None)
    return case.task if clock.holder == f"department:{case.unit}" else None


def _work_of(case: Case, clock: Clock) -> Task | None:
    task = case.task
    return task if task is not None and clock.holder == f"department:{task.unit}" else None


TAKEN_AWAY = {Kind.WITHDREW: "withdrawn", Kind.NOT_ACCEPTED: "not_accepted"}


def _closing(before: Case, event: Event, case: Case) -> Iterator[Effect]:
    """Everybody who had a part in it hears how it ended."""
    last = case.evaluations[-1] if case.evaluations else None
    said = {"solved": last.solved, "satisfaction": last.satisfaction} if last else None
    for task in _involved(before, case):
        if event.kind in TAKEN_AWAY and under_way(task.task_id, before):
            yield to_unit(event, case, "task.withdrawn", task, reason=TAKEN_AWAY[event.kind])
        yield to_unit(event, case, "case.closed", task, outcome=str(case.outcome), evaluation=said)
    if case.nature != "thanks":
        more = {"reason": event.data["reason"]} if event.kind is Kind.NOT_ACCEPTED else {}
        if case.referral is not None and case.outcome is Outcome.REFERRED_OUT:
            more = {"name": case.referral.name, "reference": case.referral.reference or ""}
        yield to_citizen(event, case, "closed", outcome=str(case.outcome), **more)
    if case.addressee is not None:
        yield to_staff(event, case, "leader", "answered")


def _involved(before: Case, case: Case) -> Iterator[Task]:
    """The handler's piece of work, then the others', each unit once."""
    seen = set()
    others = (t for t in case.tasks if t.role in (*PARTS, TaskRole.OWNER) and t.state is not State.EXCUSED)
    for task in ([case.task] if case.task else []) + [*others]:
        alive = task.role is TaskRole.HANDLER or task.state is not State.CLOSED or under_way(task.task_id, before)
        if alive and task.unit not in seen:
            seen.add(task.unit)
            yield task


def _reason(event: Event) -> str:
    """Why work comes back, in the citizen's words where there are any."""
    words: str = event.data.get("reason") or event.data.get("comment") or ""
    return words or ("dissatisfied" if event.kind is Kind.EVALUATED else "reopened")


def _completion_due(case: Case) -> str | None:
    clock = case.clock(ClockKind.COMPLETION)
    return clock.due_at.isoformat() if clock and clock.due_at else None
