"""escalate: every rung that is due, one of each clock."""

from prefect import task

from casework.steps import due_rung
from tasks.desk import ledger
from tasks.recording import record_act
from tasks.retrying import VERB


@task(name="escalate", **VERB)
async def escalate(case_no: str) -> None:
    """Fire the highest due rung of each clock, lower ones being skipped; acts recorded meanwhile have already won."""
    loaded = await ledger().cases.load(case_no)
    case = loaded.case
    while act := due_rung(case, loaded.policy, await ledger().now()):
        case = await record_act(act)
