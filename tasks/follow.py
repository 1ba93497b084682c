"""follow: what was said of the case that this one is merged into holds for this one."""

from prefect import task

from casework.merging import followings
from ledger.chain import event_of
from tasks.concealing import concealed
from tasks.desk import ledger
from tasks.recording import record_act
from tasks.retrying import VERB


@task(name="follow", **VERB)
@concealed
async def follow(case_no: str) -> None:
    """Record event by event what concerns this case's citizen, until it is as far as the other case."""
    case = (await ledger().cases.load(case_no)).case
    if case.merged_into is None:  # taken apart meanwhile
        return
    other = await ledger().cases.load(case.merged_into)
    events = [event_of(row) for row in other.events]
    while act := followings(case, other.case, events, await ledger().now()):
        case = await record_act(act)
        if case.merged_into is None:
            return
