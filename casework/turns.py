"""Whose time it is while something is open beside the handling."""

from casework.altering import SYSTEM
from casework.case import Case
from casework.disputing import DISPUTED
from casework.owning import holder
from casework.whistling import caller, lead


def whose_turn(case: Case) -> str | None:
    """The holder of the most urgent of what is open beside the handling; None where nothing is.

    Until the notice has reached whoever has it, the time is the system's.
    """
    if not case.open:
        return None
    if (one := case.ownership) is not None:
        task = case.given(one.approver or one.task_id)
        return holder(one.above if one.approver else one.at) if task and task.notified_at else SYSTEM
    if (call := case.whistle) is not None:
        part = lead(case, call)
        if call.filed_at is not None or part is None:
            return caller(case)
        return f"department:{part.unit}" if part.notified_at else SYSTEM
    return DISPUTED if case.disputed else None
