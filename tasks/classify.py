"""classify: which catalogue item the request is about, and how sure we are."""

from prefect import task

from casework.events import Kind
from tasks.concealing import concealed
from tasks.desk import classifier, ledger
from tasks.recording import record
from tasks.retrying import VERB


@task(name="classify", **VERB)
@concealed
async def classify(case_no: str) -> None:
    """Record the item, the confidence and the three best candidates with the words that decided."""
    words = await ledger().cases.words(case_no)
    row = await ledger().cases.row(case_no)
    shown = row.text  # a dispatcher is told why in words that are no one's name
    found = classifier(row.district).classify(words["text"], words["place"])
    candidates = [
        {
            "item": one.item,
            "confidence": round(one.confidence, 4),
            "words": [word for word in one.words if word in shown],
        }
        for one in found.candidates
    ]
    await record(Kind.CLASSIFIED, item=found.item, confidence=round(found.confidence, 4), candidates=candidates)
