"""Where what a run carries stands in the queue: the row of its case, or of its part or ownership."""

from ledger.tables import CaseRow, ChildRow
from tasks.desk import Claim, ledger


async def row_of(claim: Claim) -> CaseRow | ChildRow:
    """The row that is claimed and woken."""
    if claim.child_id is None:
        return await ledger().cases.row(claim.case_no)
    return await ledger().children.row(claim.child_id)


async def calls_of(claim: Claim) -> int:
    """How often it has been called from outside."""
    return (await row_of(claim)).calls


async def failures_of(claim: Claim) -> int:
    """How many wakes in a row have gone wrong."""
    return (await row_of(claim)).failures
