"""answer: a plain question that the knowledge base knows is answered at once (秒回)."""

import asyncio

from prefect import task

from casework.instant import decided
from catalog.working_time import SHANGHAI
from tasks.concealing import concealed
from tasks.desk import answerer, ledger
from tasks.recording import record
from tasks.retrying import VERB


@task(name="answer", **VERB)
@concealed
async def answer(case_no: str) -> None:
    """Record the answer with its source and confidence; or that there is none that is sure enough, and why."""
    loaded = await ledger().cases.load(case_no)
    words = await ledger().cases.words(case_no)
    today = (await ledger().now()).astimezone(SHANGHAI).date()
    learnt = await asyncio.to_thread(answerer, loaded.case.district)
    found = learnt.find(words["text"], words["place"], today)
    kind, data = decided(words["text"], found, loaded.policy)
    await record(kind, **data)
