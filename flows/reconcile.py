"""Each minute: what the ledger and Prefect have lost sight of is found and woken."""

from prefect import flow

from tasks.concealing import concealed
from tasks.daily_root import write_root
from tasks.engine_options import UNSTORED
from tasks.mirror import mirror_policies
from tasks.reconcile import find_strays, wake_overdue
from tasks.refresh import refresh_rows


@flow(name="reconcile", **UNSTORED)
@concealed
async def reconcile(full: bool = False) -> None:
    """Cases whose run cannot go on by itself; alarms that nobody answers; policies that a form has changed.

    `full` looks at every open case, at whether its deadlines have moved with the calendar, and writes the daily root.
    """
    await find_strays(full)
    await wake_overdue()
    await mirror_policies()
    if full:
        await refresh_rows()
        await write_root()
