"""One message owed: its door, its addressee, its key from its cause, the strand that sends it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from casework.case import Case, Task
from casework.clocks import Clock
from casework.events import Event
from casework.states import ENDED, State, TaskRole
from casework.strands import MAIN, clocks_of, strand_of_clock, strand_of_task
from casework.view import clocks_ahead
from casework.waiting import awaited_clock


class Door(StrEnum):
    """Which way a message leaves: to a unit's webhook, to the citizen, or to a role of the staff."""

    UNIT = "unit"
    CITIZEN = "citizen"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Effect:
    """One message owed. Words in `data` are masked as in the event; the citizen's own are added when it is sent.

    `due_at`: the deadline of the clock that the message is about, if it is about one. `strand`: whose run sends it.
    """

    key: str
    door: Door
    addressee: str
    type: str
    task_id: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    strand: str = MAIN


OVER = ENDED | {State.CLOSED}
ORDERS = frozenset({"task.assigned", "task.reopened", "whistle.called", "ownership.assigned"})
"""With these a unit is given work: from then on the time is its own."""
URGING = frozenset({"task.reminded", "task.urged", "task.supervised"})
ABOUT_WORK = ORDERS | URGING | {"task.decided"}
"""Of use only while the unit has the work to do: such a message has the deadline of a clock."""


def to_unit(event: Event, case: Case, kind: str, task: Task | None = None, **data: Any) -> Effect:
    """To the unit that has a piece of work; the handler's where none is named."""
    task = task or case.task
    assert task is not None, "a message to a unit needs a task"
    due_at = _due(event, case, task) if kind in ABOUT_WORK else None
    return Effect(
        key(event, case, kind, task.unit),
        Door.UNIT,
        task.unit,
        kind,
        task.task_id,
        data,
        due_at,
        MAIN if task.state in OVER else strand_of_task(task),  # whose run has ended says nothing more
    )


def to_office(event: Event, case: Case, kind: str, unit: str, **data: Any) -> Effect:
    """To a unit that has no piece of work of its own, as a caller or a leader's office: it is told of another's."""
    strand = next((strand_of_clock(case, c) for c in case.clocks if c.id == event.data.get("clock")), MAIN)
    written = event.data.get("due_at") if "rung" in event.data else None
    due_at = datetime.fromisoformat(written) if written else None
    return Effect(key(event, case, kind, unit), Door.UNIT, unit, kind, None, data, due_at, strand)


def to_citizen(event: Event, case: Case, kind: str, **data: Any) -> Effect:
    """What the citizen is told names who holds the case and until when (see `casework.telling`)."""
    clock = awaited_clock(case) if case.open else None
    due = clock.due_at if clock else None
    told = {"unit": case.unit, "due_at": due.isoformat() if due else None, **data}
    return Effect(
        key(event, case, f"citizen.{kind}", "citizen"), Door.CITIZEN, "citizen", f"citizen.{kind}", None, told
    )


def to_staff(event: Event, case: Case, role: str, kind: str) -> Effect:
    """To whoever has a role, at their desk."""
    strand = next((strand_of_clock(case, c) for c in case.clocks if c.id == event.data.get("clock")), MAIN)
    return Effect(
        key(event, case, f"staff.{kind}", role),
        Door.STAFF,
        role,
        f"staff.{kind}",
        None,
        dict(event.data),
        strand=strand,
    )


def key(event: Event, case: Case, kind: str, addressee: str) -> str:
    """A rung's message is keyed by its clock and rung, any other by the event that caused it."""
    cause = f"{event.data['clock']}.{event.data['rung']}" if "rung" in event.data else str(event.seq)
    return f"{case.case_no}:{kind}:{cause}:{addressee}"


def clocks_told(case: Case, task: Task) -> list[dict[str, Any]]:
    """The running clocks of a called unit's part or of an ownership, as the unit is told of them."""
    return clocks_ahead(clocks_of(case, strand_of_task(task)))


def _due(event: Event, case: Case, task: Task) -> datetime | None:
    """The deadline of the rung's clock, else of the clock that the unit must meet first."""
    if "rung" in event.data:
        written = event.data["due_at"]
        return datetime.fromisoformat(written) if written else None
    clock = awaited_clock(case) if task.role is TaskRole.HANDLER else _first(case, task)
    return clock.due_at if clock else None


def _first(case: Case, task: Task) -> Clock | None:
    running = [c for c in clocks_of(case, strand_of_task(task)) if c.running and c.due_at is not None and c.of]
    return min(running, key=lambda clock: clock.due_at or case.received_at, default=None)
