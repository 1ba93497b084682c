"""Handing over: each case, part and ownership has one run of its own. Another, started by hand or left over, acts on
nothing and ends.
"""

from typing import Any

from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.objects import State as RunState
from prefect.states import Completed, Failed

from casework.strands import MAIN
from catalog.texts import text
from ledger.errors import NoSuchCase
from ledger.tables import CaseRow, ChildRow
from tasks.desk import Claim, alarms
from tasks.standing import row_of
from tasks.this_run import this_run


async def hand_over(case_no: str, strand: str = MAIN) -> RunState[Any] | None:
    """The state to end in for a run that is not the own one of what it names; None for the own one.

    The own run is asked to look, so that it lives, or is made anew if somebody has deleted it.
    """
    claim = Claim(case_no, 0, strand=strand)
    try:
        row = await row_of(claim)
    except NoSuchCase:
        return Failed(name=text("run.no_case.name"), message=text("run.no_case.message", case_no=claim.key))
    if is_own(this_run(), row, claim.key):
        return None
    if not _over(row):
        await alarms(strand if row.flow_run_id else MAIN).ring(claim.key if row.flow_run_id else case_no)
    return Completed(name=text("run.other.name"), message=text("run.other.message", case_no=claim.key))


def is_own(run: FlowRun, row: CaseRow | ChildRow, key: str) -> bool:
    """Whether the run is the one that the ledger names, or one that has just been made and is about to be named."""
    if str(run.id) == row.flow_run_id:
        return True
    named, _, generation = (run.idempotency_key or "").rpartition(":")
    made_for_it = named == key and generation.isdecimal()
    # A generation that the ledger names with another run's id is that run's, whatever somebody else's key says.
    return made_for_it and int(generation) >= row.generation + (row.flow_run_id is not None)


def _over(row: CaseRow | ChildRow) -> bool:
    return (row.closed_at if isinstance(row, CaseRow) else row.ended_at) is not None
