"""grade: how urgent the request is."""

from prefect import task

from casework.events import Kind
from casework.grading import graded
from casework.triage import sure
from tasks.concealing import concealed
from tasks.desk import city, ledger
from tasks.recording import record
from tasks.retrying import VERB


@task(name="grade", **VERB)
@concealed
async def grade(case_no: str) -> None:
    """Record the item's grade; of an unsure item only the words' own urgency counts until somebody decides."""
    loaded = await ledger().cases.load(case_no)
    case = loaded.case
    item = city().catalogue.item(case.item) if case.item and sure(case, loaded.policy) else None
    district = city().district(case.district)
    await record(Kind.GRADED, **graded(item, district, emergency=case.emergency, hint=case.grade))
