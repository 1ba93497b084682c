"""One event recorded under this run's claim."""

from typing import Any

from casework.case import Case
from casework.errors import NotAllowed
from casework.events import SYSTEM, Act, Kind
from tasks.desk import held, ledger


async def record(kind: Kind, **data: Any) -> Case:
    """The system's own act on the claimed case, now. Raises `ClaimLost` and casework's `Refused`."""
    at = await ledger().now()
    return await record_act(Act(kind, SYSTEM, at, data))


async def record_act(act: Act) -> Case:
    """The same with a time of its own. Where somebody's act was recorded since this step was chosen and leaves no place
    for ours, theirs has won: the case as it is now is answered, and the next step is chosen anew.
    """
    claim = held()
    try:
        case, _ = await ledger().cases.record(claim.case_no, act, epoch=claim.epoch, child=claim.child_id)
    except NotAllowed:
        case = (await ledger().cases.load(claim.case_no)).case
        if case.seq == claim.seq:
            raise
    return case
