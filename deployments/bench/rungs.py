"""How late rungs are: probes sent one after the other, whose first rungs are due one after the other."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.clocks import ClockKind
from casework.events import Kind
from catalog.texts import text
from deployments.bench.districts import PROBING
from deployments.bench.scene import Scene
from deployments.bench.sender import Receipt
from deployments.bench.spread import Spread
from deployments.errors import CommandFailed

PROBES = 20
GAP = 0.9
"""Seconds between two probes: none waits for another, and they meet the stack's once-a-second looks at all points."""
SPOKEN_WITHIN = 120.0


@dataclass(frozen=True, slots=True)
class RungLag:
    """Seconds from the instant at which a rung was due to its event's place in the ledger, and to the unit's ears."""

    recorded: Spread
    delivered: Spread


async def rung_lag(scene: Scene) -> RungLag:
    """Send the probes, measure each one's first rung, withdraw them. Raises `CommandFailed` when one stays silent."""
    receipts: list[Receipt] = []
    for n in range(PROBES):
        receipts.append(await scene.sender.submit(PROBING, n))
        await asyncio.sleep(GAP)
    lags = await asyncio.gather(*(_lag(scene, receipt) for receipt in receipts))
    await _withdraw(scene, receipts)
    return RungLag(Spread.of([recorded for recorded, _ in lags]), Spread.of([delivered for _, delivered in lags]))


async def _lag(scene: Scene, receipt: Receipt) -> tuple[float, float]:
    delivered = await _spoken(scene, receipt)
    due, recorded = await _rung(scene, receipt)
    return (recorded - due).total_seconds(), (delivered - due).total_seconds()


async def _spoken(scene: Scene, receipt: Receipt) -> datetime:
    """When the unit heard the reminder."""
    try:
        async with asyncio.timeout(SPOKEN_WITHIN):
            return (await scene.ears.first(receipt.case_no, "task.reminded")).at
    except TimeoutError:
        raise CommandFailed(text("bench.silent", case_no=receipt.case_no, seconds=round(SPOKEN_WITHIN))) from None


async def _rung(scene: Scene, receipt: Receipt) -> tuple[datetime, datetime]:
    """When the first rung was due, and when its event was recorded."""
    loaded = await scene.ledger.cases.load(receipt.case_no)
    clock = loaded.case.clock(ClockKind.FEEDBACK)
    due = clock.instant(clock.rung(0).at_percent) if clock else None
    assert due is not None, "a case that waits for its unit has a clock for that, and nobody has paused it"
    return due, next(row.recorded_at for row in loaded.events if row.kind == Kind.RUNG)


async def _withdraw(scene: Scene, receipts: Sequence[Receipt]) -> None:
    """Close the probes: they are not to be counted among those that wait."""
    for receipt in receipts:
        answer = await scene.sender.client.post(f"{receipt.page}/withdraw", json={})
        answer.raise_for_status()
