"""refer: an emergency goes at once to the line that can help."""

from prefect import task

from casework.events import Kind
from catalog.texts import text
from tasks.concealing import concealed
from tasks.desk import city, ledger
from tasks.recording import record
from tasks.retrying import VERB


@task(name="refer", **VERB)
@concealed
async def refer(case_no: str) -> None:
    """Record the referral by the item's emergency line; a dispatcher rings it, and the citizen is told its number."""
    case = (await ledger().cases.load(case_no)).case
    found = next(
        (one for code, one in city().district(case.district).emergency_lines.items() if code == case.line), None
    )
    if case.line is None or found is None:
        raise LookupError(f"the district {case.district} has no line {case.line}: add it to its file")
    more = {"phone": found.phone} if found.phone else {}
    await record(Kind.REFERRED, to=case.line, name=found.name, reason=text("refer.emergency"), **more)
