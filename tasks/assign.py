"""assign: which unit has the duty, or the dispatcher where we are not sure."""

from prefect import task

from casework.events import Kind
from casework.routing import Location, responsible_unit
from casework.triage import sure
from catalog.texts import text
from tasks.concealing import concealed
from tasks.desk import city, ledger
from tasks.recording import record
from tasks.retrying import VERB
from tasks.suspecting import joined


@task(name="assign", **VERB)
@concealed
async def assign(case_no: str) -> None:
    """Record the assignment by item and place, or that the case waits for a dispatcher, and why.

    First whether it is the same matter as another: it may join that one instead.
    """
    loaded = await ledger().cases.load(case_no)
    case = loaded.case
    if await joined(loaded):
        return
    if not case.item or not sure(case, loaded.policy):
        await record(Kind.TRIAGED, why=text("triage.unsure", percent=round(100 * (case.confidence or 0))))
        return
    district, item = city().district(case.district), city().catalogue.item(case.item)
    location = Location(case.street, case.community)
    found = await ledger().precedents.find(case.district, case.item, case.street, city().catalogue.version)
    if found is not None and district.has_unit(found.unit) and found.unit not in case.recused:
        ruling = {"case_no": found.case_no, "ruling": found.reason}
        why = text("routing.by_precedent", case_no=found.case_no, unit=district.unit(found.unit).name)
        await record(Kind.ASSIGNED, unit=found.unit, why=why, precedent=ruling)
        return
    assignment = responsible_unit(district, item, location)
    if assignment.unit in case.recused:
        await record(Kind.TRIAGED, why=text("triage.recused", unit=district.unit(assignment.unit).name))
        return
    await record(Kind.ASSIGNED, unit=assignment.unit, why=assignment.reason_zh)
