"""assign: which unit has the duty, or the dispatcher where we are not sure."""

from prefect import task

from casework.events import Kind
from casework.routing import Location, responsible_unit
from casework.triage import sure
from catalog.texts import text
from tasks.desk import city, ledger
from tasks.recording import record
from tasks.retrying import VERB


@task(name="assign", **VERB)
async def assign(case_no: str) -> None:
    """Record the assignment by item and place, or that the case waits for a dispatcher, and why."""
    loaded = await ledger().cases.load(case_no)
    case = loaded.case
    if not case.item or not sure(case, loaded.policy):
        await record(Kind.TRIAGED, why=text("triage.unsure", percent=round(100 * (case.confidence or 0))))
        return
    district, item = city().district(case.district), city().catalogue.item(case.item)
    assignment = responsible_unit(district, item, Location(case.street, case.community))
    await record(Kind.ASSIGNED, unit=assignment.unit, why=assignment.reason_zh)
