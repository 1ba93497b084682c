"""The strands of a case: its own run carries the request; a called unit's part and an ownership have runs of their own.

A strand is known by the end of its name (``T3``, ``O1``); the request's own is the empty one. Each looks after its own
clocks and messages, and is woken for them alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from casework.case import Case, Task
from casework.clocks import Clock, ClockKind
from casework.states import ENDED, PARTS, State, TaskRole
from casework.whistling import short

MAIN = ""
WHISTLE, OWNERSHIP = "whistle", "ownership"
OF_A_STATE = {
    State.AWAITING_REPORT_IN: (ClockKind.REPORT_IN,),
    State.AWAITING_ARRIVAL: (ClockKind.ARRIVAL,),
    State.AWAITING_ACCEPTANCE: (ClockKind.ACCEPT,),
    State.AWAITING_APPROVAL: (ClockKind.APPROVAL,),
    State.IN_PROGRESS: (ClockKind.PART, ClockKind.VISIT, ClockKind.PLAN, ClockKind.REVIEW),
}


@dataclass(frozen=True, slots=True)
class Strand:
    """One strand beside the request's own: which flow carries it, for which unit, and where it stands."""

    name: str
    flow: str
    unit: str
    role: TaskRole
    state: State

    @property
    def over(self) -> bool:
        return self.state in ENDED or self.state is State.CLOSED


def strands(case: Case) -> tuple[Strand, ...]:
    """In the order in which they came about."""
    return tuple(_strands(case))


def _strands(case: Case) -> Iterator[Strand]:
    for task in case.tasks:
        if task.role in PARTS:
            yield Strand(short(task.task_id), WHISTLE, task.unit, task.role, task.state)
    for one in case.ownerships:
        over = State.CLOSED if not case.open and one.open else one.state
        yield Strand(short(one.call_id), OWNERSHIP, one.at.office, TaskRole.OWNER, over)


def strand_named(case: Case, name: str) -> Strand | None:
    """One of them; None for the request's own. Raises `LookupError` where there is none of this name."""
    if name == MAIN:
        return None
    found = next((strand for strand in strands(case) if strand.name == name), None)
    if found is None:
        raise LookupError(f"{case.case_no} has no strand {name}")
    return found


def strand_of_task(task: Task | None) -> str:
    """Which strand carries what is said to the unit about this piece of work."""
    if task is None or task.role in (TaskRole.HANDLER, TaskRole.REFERRAL):
        return MAIN
    return short(task.task_id if task.role in PARTS else task.call_id)


def strand_of_clock(case: Case, clock: Clock) -> str:
    """Which strand its rungs are fired by. A whistle call's own clocks are the request's."""
    return clock.of if clock.of and not clock.of.startswith("W") else MAIN


def clocks_of(case: Case, strand: str) -> tuple[Clock, ...]:
    return tuple(clock for clock in case.clocks if strand_of_clock(case, clock) == strand)


def awaited_of(case: Case, strand: Strand) -> Clock | None:
    """The clock whose deadline a strand beside the request's own is waiting under: of its state, the first due."""
    kinds = OF_A_STATE.get(strand.state, ())
    running = [c for c in case.clocks if c.of == strand.name and c.running and c.kind in kinds]
    return min(running, key=_due, default=None)


def changed(before: Case, after: Case) -> frozenset[str]:
    """The strands for which something has changed that their runs must see: where they stand, what they wait for."""
    looks = dict(_looks(before))
    return frozenset(name for name, look in _looks(after) if looks.get(name) != look)


def _looks(case: Case) -> Iterator[tuple[str, object]]:
    yield MAIN, (case.state, case.stage, case.unit, len(case.tasks), case.whistle and case.whistle.filed_at)
    for strand in strands(case):
        rungs = [clock.next_rung_at() for clock in clocks_of(case, strand.name)] if case.open else []
        yield strand.name, (strand.state, strand.unit, sorted(at for at in rungs if at is not None))


def _due(clock: Clock) -> tuple[bool, datetime | None]:
    return (clock.due_at is None, clock.due_at)
