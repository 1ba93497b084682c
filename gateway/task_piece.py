"""Which piece of work a unit's link opens, and whether there is still something to do: what its page is made around."""

from dataclasses import dataclass

from casework.case import Case, Task
from casework.clocks import OF_THE_UNIT, Clock, ClockKind
from casework.states import ENDED, PARTS, State, TaskRole
from casework.waiting import AWAITED
from casework.whistling import short
from ledger.links import TaskLink

DELEGATOR, CALLER = "delegator", "caller"
OPEN, OVER = "open", "over"
KEPT_FROM_PEOPLE = frozenset({TaskRole.APPROVER, CALLER})
"""Who decides on others' work, and needs nobody's number for it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """`role` is the task's, or delegator or caller. `mode` is open, over, or one of the kinds of waiting. `clocks` are
    its own, `due` the one to be met first.
    """

    role: str
    mode: str = OVER
    task: Task | None = None
    clocks: tuple[Clock, ...] = ()
    due: Clock | None = None

    @property
    def open(self) -> bool:
        return self.mode == OPEN

    @property
    def may_phone(self) -> bool:
        return self.open and self.role not in KEPT_FROM_PEOPLE


def piece_of(case: Case, link: TaskLink) -> Piece:
    """A link names a piece of work; a caller's without one names the whistle call."""
    task = case.given(link.task_id)
    if task is None:
        return _call(case, link)
    if not case.open or task.unit != link.unit:
        return Piece(str(task.role))
    if task.role is TaskRole.HANDLER:
        return _handling(case, task)
    if task.role in PARTS:
        return _part(case, task)
    if task.role is TaskRole.REFERRAL:
        open_ = case.stage is State.AWAITING_REFERRAL and task.completed_at is None
        return _piece(task, OPEN if open_ else OVER, _kinds(case, ClockKind.REFERRAL))
    return _ownership(case, task)


def _handling(case: Case, task: Task) -> Piece:
    if task.task_id == case.delegator:
        clocks = _kinds(case, ClockKind.RECHECK, ClockKind.COMPLETION)
        return Piece(DELEGATOR, OPEN, task, clocks, _soonest(clocks))
    if case.task is None or task.task_id != case.task.task_id or task.state is State.CLOSED:
        return Piece(str(task.role))
    if task.completed_at is not None:
        return Piece(str(task.role), _waiting(case), task)
    since = task.assigned_at
    own = [clock for clock in case.clocks if clock.kind in OF_THE_UNIT and not clock.of]
    clocks = tuple(clock for clock in own if clock.stopped_at is None or clock.stopped_at > since)
    awaited = (case.clock(kind) for kind in AWAITED.get(case.stage, ()))
    return Piece(str(task.role), OPEN, task, clocks, next((c for c in awaited if c is not None and c.running), None))


def _waiting(case: Case) -> str:
    if case.ownership is not None:
        return "waiting_owned"
    return "waiting_recheck" if case.stage is State.AWAITING_RECHECK else "waiting"


def _part(case: Case, task: Task) -> Piece:
    call = case.whistle
    if call is None or call.call_id != task.call_id or task.state is State.EXCUSED:
        return Piece(str(task.role))
    owes_the_result = task.role is TaskRole.LEAD and call.filed_at is None
    if task.state in ENDED and not owes_the_result:
        return Piece(str(task.role), "waiting_part", task)
    own = {short(task.task_id)} | ({short(call.call_id)} if task.role is TaskRole.LEAD else set())
    return _piece(task, OPEN, tuple(clock for clock in case.clocks if clock.of in own))


def _ownership(case: Case, task: Task) -> Piece:
    one = case.ownership
    if one is None or task.task_id not in (one.task_id, one.approver):
        return Piece(str(task.role))
    approval = _kinds(case, ClockKind.APPROVAL, of=short(one.call_id))
    if task.task_id == one.approver:
        return _piece(task, OPEN, approval)
    if one.state is State.AWAITING_APPROVAL:
        return Piece(str(task.role), "waiting_approval", task)
    own = tuple(c for c in case.clocks if c.of == short(one.call_id) and c.kind is not ClockKind.APPROVAL)
    return _piece(task, OPEN, tuple(clock for clock in own if clock.started_at >= task.assigned_at))


def _call(case: Case, link: TaskLink) -> Piece:
    call = case.whistle
    if not case.open or call is None or (call.call_id, call.caller) != (link.task_id, link.unit):
        return Piece(CALLER)
    clocks = tuple(clock for clock in case.clocks if clock.of == short(call.call_id))
    return Piece(CALLER, OPEN, None, clocks, _soonest(clocks))


def _piece(task: Task, mode: str, clocks: tuple[Clock, ...]) -> Piece:
    return Piece(str(task.role), mode, task, clocks, _soonest(clocks) if mode == OPEN else None)


def _kinds(case: Case, *kinds: ClockKind, of: str = "") -> tuple[Clock, ...]:
    found = (case.clock(kind, of) for kind in kinds)
    return tuple(clock for clock in found if clock is not None)


def _soonest(clocks: tuple[Clock, ...]) -> Clock | None:
    running = [clock for clock in clocks if clock.running and clock.due_at is not None]
    return min(running, key=lambda clock: clock.due_at or clock.started_at, default=None)
