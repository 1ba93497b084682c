"""For which piece of work a unit speaks: only whoever holds it may, or who has called, or who owns the case."""

from casework.case import Case, Task
from casework.errors import NotAllowed
from casework.events import Act, Kind
from casework.life_cycle import OF_A_PART, OF_AN_OWNERSHIP
from casework.states import PARTS, State, TaskRole

OF_THE_APPROVER = frozenset({Kind.APPROVED, Kind.NOT_APPROVED})
OF_THE_CALLER = frozenset({Kind.EXCUSED, Kind.SIGNED_OFF})
OF_A_REFERRAL = frozenset({Kind.REFERRAL_CONFIRMED, Kind.REFERRAL_RETURNED})
OF_THE_DELEGATOR = frozenset({Kind.DELEGATED, Kind.COMPLETED})


def task_spoken_for(case: Case, act: Act) -> Task | None:
    """The unit's piece of work that its act is about; None where it needs none. Raises `NotAllowed`."""
    if act.kind is Kind.WHISTLED:
        return None  # a street or community calls for what lies in it, whoever has it
    if act.kind in OF_THE_CALLER:
        _calls(case, act)
        return None
    task = case.given(act.data.get("task_id"))
    if task is None or task.unit != act.actor.name:
        raise NotAllowed(case.state, (), "this unit does not hold the task")
    if not _holds(case, act.kind, task):
        passed_on = task.task_id == case.delegator and act.kind is Kind.COMPLETED
        why = "it has been passed on: the unit that has it now says when it is done" if passed_on else ""
        raise NotAllowed(case.state, (), why or "this unit does not hold the task")
    return task


def _calls(case: Case, act: Act) -> None:
    """The caller; or the owner's office, where the caller is silent."""
    call, ownership = case.whistle, case.ownership
    if call is not None and act.data.get("call_id") not in (None, call.call_id):
        raise NotAllowed(case.state, (), f"the call that is open is {call.call_id}")
    owner = ownership.at.office if ownership else None
    if call is not None and act.actor.name not in (call.caller, owner):
        raise NotAllowed(case.state, (), "only who has called may do this, or who owns the case")


def _holds(case: Case, kind: Kind, task: Task) -> bool:
    ownership = case.ownership
    if kind in OF_A_PART:
        return task.role in PARTS and case.whistle is not None and task.call_id == case.whistle.call_id
    if kind is Kind.JOINT_RESULT:
        return task.role is TaskRole.LEAD and case.whistle is not None and task.call_id == case.whistle.call_id
    if kind in OF_THE_APPROVER:
        return ownership is not None and task.task_id == ownership.approver
    if kind in OF_AN_OWNERSHIP:
        return ownership is not None and task.task_id == ownership.task_id
    if kind in OF_A_REFERRAL:
        return case.referral is not None and task.task_id == case.referral.task_id
    if kind in OF_THE_DELEGATOR and case.stage is State.AWAITING_RECHECK:
        return task.task_id == case.delegator
    if kind is Kind.DELEGATED and task.task_id == case.delegator:
        return True
    return case.task is not None and task.task_id == case.task.task_id
