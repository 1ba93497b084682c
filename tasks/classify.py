"""classify: which catalogue item the request is about, and how sure we are."""

from prefect import task

from casework.events import Kind
from tasks.desk import classifier, ledger
from tasks.recording import record
from tasks.retrying import VERB


@task(name="classify", **VERB)
async def classify(case_no: str) -> None:
    """Record the item, the confidence and the three best candidates with the words that decided."""
    words = await ledger().cases.words(case_no)
    found = classifier().classify(words["text"], words["place"])
    candidates = [
        {"item": one.item, "confidence": round(one.confidence, 4), "words": list(one.words)} for one in found.candidates
    ]
    await record(Kind.CLASSIFIED, item=found.item, confidence=round(found.confidence, 4), candidates=candidates)
