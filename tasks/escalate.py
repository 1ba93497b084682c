"""escalate: every rung that is due, one of each clock."""

from prefect import task

from casework.owners import with_owner
from casework.steps import due_rung
from tasks.concealing import concealed
from tasks.desk import city, held, ledger
from tasks.recording import record_act
from tasks.retrying import VERB
from tasks.skew import left_alone


@task(name="escalate", **VERB)
@concealed
async def escalate(case_no: str) -> None:
    """Fire the highest due rung of each clock, lower ones being skipped; acts recorded meanwhile have already won.

    Whom a rung tells, and who owns a case from then on, the district's file says.
    """
    loaded = await ledger().cases.load(case_no)
    case, but, strand = loaded.case, await left_alone(), held().strand
    district = city().district(case.district)
    while act := due_rung(case, loaded.policy, await ledger().now(), but=but, strand=strand):
        case = await record_act(with_owner(act, district, case))
