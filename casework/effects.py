"""Which messages an event owes, and to whom. Each has a key from its cause, so that none is ever owed twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from casework.case import Case
from casework.clocks import ClockKind
from casework.events import Event, Kind
from casework.waiting import awaited_clock
from catalog.policy import Action


class Door(StrEnum):
    """Which way a message leaves: to a unit's webhook, to the citizen, or to a role of the staff."""

    UNIT = "unit"
    CITIZEN = "citizen"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Effect:
    """One message owed. Words in `data` are masked as in the event; the citizen's own are added when it is sent."""

    key: str
    door: Door
    addressee: str
    type: str
    task_id: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


LEVELS = {
    Action.REMIND: ("task.reminded", "handler"),
    Action.URGE: ("task.urged", "handler"),
    Action.URGE_HEAD: ("task.urged", "head"),
    Action.SUPERVISE: ("task.supervised", "leader"),
    Action.OWN: ("task.supervised", "district_leader"),
}


URGING = frozenset({"task.reminded", "task.urged", "task.supervised"})


def effects(before: Case | None, event: Event, after: Case) -> tuple[Effect, ...]:
    """The messages that `event`, which led from `before` to `after`, owes."""
    owed = [*_by_kind(before, event, after)]
    if before is not None and before.open and not after.open:
        owed += _closing(event, after)
    return tuple(owed)


def overtaken(kind: str, task_id: str | None, case: Case) -> bool:
    """Whether a message has lost its meaning: a reminder for work that has been taken away, done or ended."""
    task = case.task
    under_way = case.open and task is not None and task.task_id == task_id and task.completed_at is None
    return kind in URGING and not under_way


def _by_kind(before: Case | None, event: Event, after: Case) -> Iterator[Effect]:
    data = event.data
    match event.kind:
        case Kind.RECEIVED:
            yield _citizen(event, after, "receipt")
        case Kind.TRIAGED:
            yield _staff(event, after, "dispatcher", "triage")
        case Kind.ASSIGNED:
            if before and before.task and before.unit != after.unit:
                yield _unit(event, before, "task.reassigned", reason=data.get("reason", ""))
            yield _unit(event, after, "task.assigned")
            yield _citizen(event, after, "thanks_passed_on" if after.nature == "thanks" else "assigned")
        case Kind.ACKNOWLEDGED if data.get("feedback"):
            yield _citizen(event, after, "acknowledged", feedback=data["feedback"])
        case Kind.EXTENSION_REQUESTED | Kind.PAUSE_REQUESTED:
            yield _staff(event, after, "dispatcher", "request")
        case Kind.EXTENDED:
            yield _unit(event, after, "task.decided", request="extension", granted=True, days=data["days"])
            yield _citizen(event, after, "extended", due_at=_completion_due(after))
        case Kind.PAUSED:
            yield _unit(event, after, "task.decided", request="pause", granted=True, review_at=data["review_at"])
            yield _citizen(event, after, "paused", review_at=data["review_at"], reason=data.get("reason", ""))
        case Kind.REFUSED:
            asked = "extension" if before and before.extension_requested is not None else "pause"
            yield _unit(event, after, "task.decided", request=asked, granted=False, reason=data.get("reason", ""))
        case Kind.RESUMED:
            yield _unit(event, after, "task.decided", request="pause", granted=False, reason="resumed")
            yield _citizen(event, after, "resumed")
        case Kind.TASK_RESUMED:
            yield _citizen(event, after, "resumed")
        case Kind.ASKED:
            result = after.task.result if after.task else ""
            yield _citizen(event, after, "ask" if after.asked == 1 else "ask_again", result=result)
        case Kind.RUNG:
            yield from _rung(event, after)
        case Kind.EVALUATED | Kind.REOPENED if after.open:
            yield _unit(event, after, "task.reopened", reason=_reason(event))
            yield _citizen(event, after, "reopened")
        case Kind.WITHDREW if after.open:
            yield _citizen(event, after, "hazard_goes_on")


def _rung(event: Event, case: Case) -> Iterator[Effect]:
    data, action = event.data, Action(event.data["action"])
    if action is Action.NOTIFY_SUPERVISOR:
        yield _staff(event, case, "supervisor", "rung")
    elif case.unit is None:
        yield _staff(event, case, "dispatcher", "rung")
    else:
        kind, level = LEVELS[action]
        clock = data["clock"].partition("#")[0]
        yield _unit(event, case, kind, clock=clock, rung=data["rung"], level=level, due_at=data["due_at"])
        if action is Action.OWN:
            yield _staff(event, case, "leader", "rung")


def _closing(event: Event, case: Case) -> Iterator[Effect]:
    if case.task is not None:
        if event.kind is Kind.WITHDREW:
            yield _unit(event, case, "task.withdrawn", reason="withdrawn")
        last = case.evaluations[-1] if case.evaluations else None
        said = {"solved": last.solved, "satisfaction": last.satisfaction} if last else None
        yield _unit(event, case, "case.closed", outcome=str(case.outcome), evaluation=said)
    if case.nature != "thanks":
        yield _citizen(event, case, "closed", outcome=str(case.outcome))


def _reason(event: Event) -> str:
    """Why work comes back, in the citizen's words where there are any."""
    words: str = event.data.get("reason") or event.data.get("comment") or ""
    return words or ("dissatisfied" if event.kind is Kind.EVALUATED else "reopened")


def _completion_due(case: Case) -> str | None:
    clock = case.clock(ClockKind.COMPLETION)
    return clock.due_at.isoformat() if clock and clock.due_at else None


def _unit(event: Event, case: Case, kind: str, **data: Any) -> Effect:
    task = case.task
    assert task is not None, "a message to a unit needs a task"
    return Effect(_key(event, case, kind, task.unit), Door.UNIT, task.unit, kind, task.task_id, data)


def _citizen(event: Event, case: Case, kind: str, **data: Any) -> Effect:
    """What the citizen is told names who holds the case and until when (see `casework.telling`)."""
    clock = awaited_clock(case) if case.open else None
    due = clock.due_at if clock else None
    told = {"unit": case.unit, "due_at": due.isoformat() if due else None, **data}
    return Effect(
        _key(event, case, f"citizen.{kind}", "citizen"), Door.CITIZEN, "citizen", f"citizen.{kind}", None, told
    )


def _staff(event: Event, case: Case, role: str, kind: str) -> Effect:
    return Effect(_key(event, case, f"staff.{kind}", role), Door.STAFF, role, f"staff.{kind}", None, dict(event.data))


def _key(event: Event, case: Case, kind: str, addressee: str) -> str:
    """A rung's message is keyed by its clock and rung, any other by the event that caused it."""
    cause = f"{event.data['clock']}.{event.data['rung']}" if "rung" in event.data else str(event.seq)
    return f"{case.case_no}:{kind}:{cause}:{addressee}"
