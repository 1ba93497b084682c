"""whistle: the item itself says that other units are needed, and calls them."""

from prefect import task

from casework.events import Kind
from casework.routing import Location, units_for_roles
from catalog.texts import text
from tasks.concealing import concealed
from tasks.desk import city, ledger
from tasks.recording import record
from tasks.retrying import VERB

CALLER = "dispatcher"
"""Who signs off a call that nobody in particular has made."""


@task(name="whistle", **VERB)
@concealed
async def whistle(case_no: str) -> None:
    """Record the call: the handler leads, the item's other roles have each a part."""
    case = (await ledger().cases.load(case_no)).case
    district = city().district(case.district)
    others = units_for_roles(district, case.call_roles, Location(case.street, case.community))
    lead = case.unit or ""
    units = [lead, *(unit for unit in others if unit != lead and unit not in case.recused)]
    await record(Kind.WHISTLED, units=units, lead=lead, caller=CALLER, reason=text("whistle.by_item"))
