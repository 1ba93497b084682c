"""refresh: rows that the calendar has overtaken are brought up to what their cases' events say."""

from prefect import task
from prefect.logging import get_run_logger

from tasks.concealing import concealed
from tasks.desk import ledger
from tasks.retrying import VERB


@task(name="refresh-rows", **VERB)
@concealed
async def refresh_rows() -> int:
    """Every open case; answers how many rows were put right. Their runs look again at when they are due."""
    changed = await ledger().refreshing.all()
    if changed:
        get_run_logger().info("deadlines of %s cases have moved with the calendar", len(changed))
    return len(changed)
