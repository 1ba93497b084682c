"""own: a leader owns the case from now on, where no rung says so but the case itself does."""

from prefect import task

from casework import owning
from casework.events import SYSTEM, Act, Kind
from casework.owners import with_owner
from tasks.concealing import concealed
from tasks.desk import city, ledger
from tasks.recording import record_act
from tasks.retrying import VERB


@task(name="own", **VERB)
@concealed
async def own(case_no: str) -> None:
    """Record the ownership that a second reopening, a long-standing matter or a hearing asks for."""
    case = (await ledger().cases.load(case_no)).case
    trigger = owning.due(case)
    if trigger is None:  # recorded by another run meanwhile
        return
    act = Act(Kind.OWNED, SYSTEM, await ledger().now(), {"trigger": trigger})
    await record_act(with_owner(act, city().district(case.district), case))
