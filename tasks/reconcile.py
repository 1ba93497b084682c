"""reconcile: cases and runs that have come apart are put together again."""

from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

from prefect import task
from prefect.client.schemas.objects import FlowRun
from prefect.context import AsyncClientContext
from prefect.logging import get_run_logger

from casework.reconciling import Standing, strayed
from engine.prefect_api import PrefectApi
from engine.prefect_door import DeploymentMissing, PrefectAway, PrefectBusy
from engine.run_reading import PAGE, RunReading
from engine.waking import wake_case
from ledger.lists import Query
from ledger.settings import settings
from ledger.tables import CaseRow
from tasks.desk import ledger
from tasks.retrying import VERB

RECENT = timedelta(minutes=10)
OVERDUE = timedelta(seconds=30)  # the gateway's waker has had its chance by then


@task(name="find-strays", **VERB)
async def find_strays(full: bool) -> int:
    """Ring the alarm of each open case whose run cannot go on by itself; answers how many.

    Looks at cases whose runs ended of late or are under way; `full` looks at every open case.
    """
    now = await ledger().now()
    strays: list[str] = []
    async with AsyncClientContext.get_or_create() as context:
        reading = RunReading(context.client)
        names = None if full else await reading.suspects(now - RECENT)
        async for page in _open_cases(names):
            runs = await reading.of([case.flow_run_id for case in page if case.flow_run_id])
            for case in page:
                why = strayed(_standing(case, runs.get(case.flow_run_id or "")), now)
                if why is not None:
                    get_run_logger().warning("%s is woken: %s", case.case_no, why)
                    strays.append(case.case_no)
    if strays:
        await ledger().alarms.ring(*strays)
    return len(strays)


@task(name="wake-overdue", **VERB)
async def wake_overdue() -> int:
    """Wake what the gateway should have woken: it may be down. Answers how many."""
    door = PrefectApi(settings().prefect_url)
    before = await ledger().now() - OVERDUE
    woken = 0
    try:
        for ringing in await ledger().alarms.ringing(PAGE):
            if ringing.alarm_at <= before and await ledger().alarms.win(ringing.case_no):
                await wake_case(ledger(), door, ringing)
                woken += 1
    except (PrefectAway, PrefectBusy, DeploymentMissing) as later:  # the alarms ring on: the next minute tries again
        get_run_logger().warning("overdue cases are left to the next minute: %s", later)
    finally:
        await door.close()
    if woken:
        get_run_logger().warning("%s overdue cases woken: is the gateway running?", woken)
    return woken


async def _open_cases(names: Sequence[str] | None) -> AsyncIterator[list[CaseRow]]:
    """Open cases page by page: those of these numbers, or all."""
    if names is not None:
        for start in range(0, len(names), PAGE):
            yield await ledger().lists.open_among(names[start : start + PAGE])
        return
    after = ""
    while page := await ledger().lists.cases(Query(open_only=True, after=after, limit=PAGE)):
        yield page
        after = page[-1].case_no


def _standing(case: CaseRow, run: FlowRun | None) -> Standing:
    state = run.state if run else None
    return Standing(
        has_run=case.flow_run_id is not None,
        run_state=state.type.value if state else None,
        run_since=state.timestamp if state else None,
        alarm_at=case.alarm_at,
        claimed_until=case.lease_until,
    )
