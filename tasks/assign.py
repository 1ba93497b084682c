"""assign: which unit has the duty, or the dispatcher where we are not sure."""

from prefect import task

from casework.case import Case
from casework.choosing import choose
from casework.events import Kind
from casework.triage import sure
from catalog.texts import text
from tasks.candidates import candidates, named_asset, proposals
from tasks.concealing import concealed
from tasks.desk import city, ledger
from tasks.recording import record
from tasks.retrying import VERB
from tasks.suspecting import joined


@task(name="assign", **VERB)
@concealed
async def assign(case_no: str) -> None:
    """Record the assignment and which rule decided it, or that the case waits for a dispatcher, and why.

    First whether it is the same matter as another: it may join that one instead.
    """
    loaded = await ledger().cases.load(case_no)
    case = loaded.case
    if await joined(loaded):
        return
    if not case.item or not sure(case, loaded.policy):
        await _triage(case, text("triage.unsure", percent=round(100 * (case.confidence or 0))))
        return
    district = city().district(case.district)
    found = await candidates(case, case.item, await named_asset(case))
    choice = choose(district, found, case.recused)
    if choice is None:
        await _triage(case, text("triage.recused", unit=district.unit(found[0].unit).name))
        return
    ruling = {"precedent": dict(choice.ruling)} if choice.ruling else {}
    await record(Kind.ASSIGNED, unit=choice.unit, why=choice.why, rule=str(choice.rule), **ruling)


async def _triage(case: Case, why: str) -> None:
    await record(Kind.TRIAGED, why=why, candidates=await proposals(case))
