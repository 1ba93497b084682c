"""A worker whose clock is off fires no rung that tells of somebody's lateness: such a case is left for another."""

from datetime import datetime, timedelta

from casework.case import Case
from casework.steps import PENAL, due_rung
from casework.strands import MAIN
from catalog.policy import Action, Policy
from tasks.desk import ledger

LEFT_FOR_ANOTHER = timedelta(seconds=10)  # so that a worker that is alone does not wake the case again and again
NOTHING: frozenset[Action] = frozenset()


async def left_alone() -> frozenset[Action]:
    """What rungs may not do here and now: nothing penal while this machine's clock is not the database's."""
    return NOTHING if await ledger().clock_watch.right() else PENAL


async def not_before(alarm_at: datetime, case: Case, policy: Policy, strand: str = MAIN) -> datetime:
    """When to look at the case again, if a rung that is due was left alone."""
    now = await ledger().now()
    if not await left_alone() or due_rung(case, policy, now, strand=strand) is None:
        return alarm_at
    return max(alarm_at, now + LEFT_FOR_ANOTHER)
