"""callback: the citizen is asked whether the matter is solved."""

from prefect import task

from casework.events import Kind
from tasks.concealing import concealed
from tasks.recording import record
from tasks.retrying import VERB


@task(name="callback", **VERB)
@concealed
async def callback(case_no: str) -> None:
    """Record the first asking, which owes the citizen its message; later ones are rungs of the callback clock."""
    await record(Kind.ASKED)
