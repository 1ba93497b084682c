"""reconcile: cases and runs that have come apart are put together again."""

from prefect import task
from prefect.context import AsyncClientContext
from prefect.logging import get_run_logger

from engine.prefect_api import PrefectApi
from engine.prefect_door import DeploymentMissing, PrefectAway, PrefectBusy, PrefectDoor
from engine.run_reading import PAGE, RunReading
from engine.waking import alarms_of, wake_case
from ledger.settings import settings
from ledger.tables import CaseRow, ChildRow
from tasks.concealing import concealed
from tasks.desk import alarms, ledger
from tasks.looking import OVERDUE, looked_at, pages, remember_look
from tasks.retrying import VERB
from tasks.strays import Found, strays_of


@task(name="find-strays", **VERB)
@concealed
async def find_strays(full: bool) -> int:
    """See to each open case whose run cannot go on by itself; answers how many there were.

    Looks at cases whose runs ended since the last look or are under way, and at the next page of all open cases; `full`
    looks at every open case, and at when its alarm ought to ring.
    """
    began, count = await ledger().now(), 0
    async with AsyncClientContext.get_or_create() as context:
        reading = RunReading(context.client)
        deployments = await reading.deployments()
        suspects = [] if full else await reading.suspects(await looked_at())
        door = _door()
        try:
            async for page in pages(suspects, full=full):
                children = await ledger().children.of_cases([case.case_no for case in page])
                both: list[CaseRow | ChildRow] = [*page, *children]
                runs = await reading.of([one.flow_run_id for one in both if one.flow_run_id])
                found = await strays_of(both, runs, deployments, full=full)
                await _see_to(found, door)
                count += len(found)
        finally:
            await door.close()
    await remember_look(began)
    return count


@task(name="wake-overdue", **VERB)
@concealed
async def wake_overdue() -> int:
    """Wake what the gateway should have woken: it may be down. Answers how many."""
    door = _door()
    before = await ledger().now() - OVERDUE
    woken = 0
    try:
        for ringing in [*await ledger().alarms.ringing(PAGE), *await ledger().child_alarms.ringing(PAGE)]:
            if ringing.alarm_at <= before and await alarms_of(ledger(), ringing).win(ringing.key):
                await wake_case(ledger(), door, ringing)
                woken += 1
    except (PrefectAway, PrefectBusy, DeploymentMissing) as later:  # the alarms ring on: the next minute tries again
        get_run_logger().warning("overdue cases are left to the next minute: %s", later)
    finally:
        await door.close()
    if woken:
        get_run_logger().warning("%s overdue cases woken: is the gateway running?", woken)
    return woken


async def _see_to(found: list[Found], door: PrefectDoor) -> None:
    """Wake what can be woken. What needs another run gets it: a case from the gateway, a child from its case's run."""
    for one in found:
        get_run_logger().warning("%s is woken: %s", one.key, one.stray.why)
        if one.stray.new_run and one.flow_run_id is not None:
            await door.retire(one.flow_run_id)
            await alarms(one.strand).lost(one.key, one.flow_run_id)
    without_run = [one for one in found if one.strand and (one.stray.new_run or one.flow_run_id is None)]
    if without_run:
        await ledger().alarms.ring(*{one.case_no for one in without_run})
    for children in (False, True):
        woken = [one.key for one in found if bool(one.strand) is children and not one.stray.new_run]
        if woken:
            await (ledger().child_alarms if children else ledger().alarms).ring(*woken)


def _door() -> PrefectApi:
    return PrefectApi(settings().prefect_url, settings().prefect_auth)
