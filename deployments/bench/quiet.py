"""Waiting until a stack has nothing to do."""

import asyncio
import time
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from catalog.texts import text
from deployments.bench.scene import Scene
from deployments.errors import CommandFailed
from ledger.ledger import Ledger
from ledger.tables import CaseRow, ChildRow

BETWEEN = 0.5
SETTLED = 8.0
"""Seconds without work after which idle lines have been closed: Prefect's client lets go of one after five."""
UNDER_WAY = {"flow_runs": {"state": {"type": {"any_": ["PENDING", "RUNNING"]}}}}


async def until_quiet(scene: Scene, limit: float, settled: float = SETTLED) -> None:
    """Return once no case has been due, woken or held and no run under way for `settled` seconds.

    Raises `CommandFailed` when that is not so within `limit` seconds.
    """
    began = quiet_since = time.monotonic()
    while True:
        busy = await busy_cases(scene.ledger)
        idle = not busy and not await scene.prefect("/flow_runs/count", UNDER_WAY)
        now = time.monotonic()
        quiet_since = quiet_since if idle else now
        if idle and now - quiet_since >= settled:
            return
        if now - began > limit:
            raise CommandFailed(text("bench.not_quiet", seconds=round(limit), n=len(busy)))
        await asyncio.sleep(BETWEEN)


async def busy_cases(ledger: Ledger) -> Collection[str]:
    """The numbers of the cases, and the names of their children, that are due, woken or held."""
    now = await ledger.now()
    async with ledger.database.read() as session:
        cases = await session.scalars(select(CaseRow.case_no).where(_busy(CaseRow, now)))
        children = await session.scalars(select(ChildRow.child_id).where(_busy(ChildRow, now)))
        return {*cases, *children}


def _busy(row: type[CaseRow] | type[ChildRow], now: datetime) -> ColumnElement[bool]:
    return or_(row.alarm_at <= now, row.lease_until > now, row.waking_until > now)
