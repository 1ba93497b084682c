"""Where reconcile looks: since when it has looked, and how far it has come in its round of all open cases."""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime, timedelta

from engine.run_reading import PAGE
from ledger.lists import Query
from ledger.marks import RECONCILED
from ledger.tables import CaseRow
from tasks.desk import ledger

FIRST_LOOK = timedelta(minutes=10)
FARTHEST = timedelta(hours=1)  # what ended before, the round comes to
OVERLAP = timedelta(minutes=1)  # what ended while the last look was going on
OVERDUE = timedelta(seconds=30)  # the gateway's waker has had its chance by then
COME_TO = "reconcile.come_to"


async def looked_at() -> datetime:
    """Since when runs may have ended that no look has seen."""
    now, marked = await ledger().now(), await ledger().marks.get(RECONCILED)
    return max(datetime.fromisoformat(marked) - OVERLAP, now - FARTHEST) if marked else now - FIRST_LOOK


async def remember_look(began: datetime) -> None:
    await ledger().marks.set(RECONCILED, began.isoformat())


async def pages(suspects: Sequence[str], *, full: bool) -> AsyncIterator[list[CaseRow]]:
    """Cases, some at a time: every open one if `full`, else the suspects and the next page of the round."""
    if full:
        async for page in _all():
            yield page
        return
    for start in range(0, len(suspects), PAGE):
        yield await ledger().lists.of(suspects[start : start + PAGE])
    yield await _next_of_the_round()


async def _all() -> AsyncIterator[list[CaseRow]]:
    after = ""
    while page := await ledger().lists.cases(Query(open_only=True, after=after, limit=PAGE)):
        yield page
        after = page[-1].case_no


async def _next_of_the_round() -> list[CaseRow]:
    """One page a minute, so that each of N open cases is looked at within N/200 minutes, whatever happens to it."""
    after = await ledger().marks.get(COME_TO) or ""
    page = await ledger().lists.cases(Query(open_only=True, after=after, limit=PAGE))
    come_to = page[-1].case_no if len(page) == PAGE else ""
    if come_to != after:
        await ledger().marks.set(COME_TO, come_to)
    return page
