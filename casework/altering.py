"""What every event does to a case in the same way: clocks that stop and start, pieces of work that change."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from casework.case import Case, Task
from casework.clocks import Clock, ClockKind, start_clock
from casework.states import ENDED, State, TaskRole
from catalog.policy import Policy

CITIZEN, DISPATCHER, ADJUDICATOR, SYSTEM = "citizen", "dispatcher", "adjudicator", "system"


def department(unit: str) -> str:
    """How a unit is named as a holder."""
    return f"department:{unit}"


def stop(case: Case, at: datetime, *met: ClockKind, unmet: Iterable[ClockKind] = (), of: str = "") -> Case:
    """End clocks of these kinds: the request's own, or those of a part, a call or an ownership."""

    def stopped(clock: Clock) -> Clock:
        ends = clock.of == of and (clock.kind in met or clock.kind in unmet)
        return clock.stop(at, met=clock.kind in met) if ends else clock

    return replace(case, clocks=tuple(map(stopped, case.clocks)))


def start(case: Case, policy: Policy, kind: ClockKind, holder: str, at: datetime, *, of: str = "") -> Case:
    """One more clock of a kind."""
    n = sum(clock.kind is kind and clock.of == of for clock in case.clocks)
    return replace(case, clocks=(*case.clocks, start_clock(policy, kind, case.grade, holder, at, n=n, of=of)))


def change_task(case: Case, task: Task | None, **changes: object) -> Case:
    """One piece of work changed, the others as they are."""
    assert task is not None, "there is no piece of work to change"
    # mypy cannot check `replace` through keywords that are passed on.
    changed = replace(task, **changes)  # type: ignore[arg-type]
    return replace(case, tasks=tuple(changed if each.task_id == task.task_id else each for each in case.tasks))


def ended(tasks: tuple[Task, ...], *roles: TaskRole) -> tuple[Task, ...]:
    """Work that is taken away: of these roles, or all. What has come to an end of its own stays as it is."""
    return tuple(
        replace(task, state=State.CLOSED) if task.state not in ENDED and (not roles or task.role in roles) else task
        for task in tasks
    )
