"""One event recorded under this run's claim."""

from typing import Any

from casework.case import Case
from casework.events import SYSTEM, Act, Kind
from tasks.desk import held, ledger


async def record(kind: Kind, **data: Any) -> Case:
    """The system's own act on the claimed case, now. Raises `ClaimLost` and casework's `Refused`."""
    at = await ledger().now()
    return await record_act(Act(kind, SYSTEM, at, data))


async def record_act(act: Act) -> Case:
    claim = held()
    case, _ = await ledger().cases.record(claim.case_no, act, epoch=claim.epoch)
    return case
