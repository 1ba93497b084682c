"""Each minute: what the ledger and Prefect have lost sight of is found and woken."""

from pathlib import Path
from tempfile import gettempdir

from prefect import flow

from tasks.reconcile import find_strays, wake_overdue


@flow(name="reconcile", persist_result=False, result_storage=Path(gettempdir()) / "huiyin-results")
async def reconcile(full: bool = False) -> None:
    """Cases whose run cannot go on by itself; alarms that nobody answers. `full` looks at every open case."""
    await find_strays(full)
    await wake_overdue()
