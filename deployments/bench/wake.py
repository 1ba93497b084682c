"""What a wake costs and how long it takes: parked cases whose unit acknowledges, one by one and all at once."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from catalog.texts import text
from deployments.bench.districts import WAITING
from deployments.bench.filling import park
from deployments.bench.machine import machine
from deployments.bench.measured import Measured, measured
from deployments.bench.place import place
from deployments.bench.quiet import busy_cases
from deployments.bench.scene import Say, Scene, scene
from deployments.bench.sender import Receipt
from deployments.bench.sheet import Sheet
from deployments.bench.spread import Spread
from deployments.demo.pacing import order_of
from deployments.demo.voice import Voice
from deployments.demo.words import words
from deployments.errors import CommandFailed
from ledger.settings import Settings

CASES = 60
ONE_BY_ONE = 20
GAP = 1.3
"""Seconds between two acts that do not wait for each other."""
BETWEEN = 0.05
PARKED_WITHIN = 300.0
KIND = "task.acknowledged"


async def wake(settings: Settings, cases: int | None, database_url: str, say: Say) -> Sheet:
    """Measure with so many cases at once (60), after some more one by one. Raises `CommandFailed`."""
    at_once = cases or CASES
    with place(settings, database_url, say) as moved:
        async with scene(moved, say) as here:
            say(text("bench.parking", n=at_once + ONE_BY_ONE))
            receipts = await park(here, at_once + ONE_BY_ONE)
            say(text("bench.waking", n=ONE_BY_ONE))
            calm = await _one_by_one(here, receipts[:ONE_BY_ONE])
            say(text("bench.waking_at_once", n=at_once))
            async with measured(here) as busy:
                rush = await _all_at_once(here, receipts[ONE_BY_ONE:])
            return _sheet(moved, calm, rush, busy)


async def _one_by_one(scene: Scene, receipts: Sequence[Receipt]) -> Spread:
    began = time.monotonic()
    latencies = []
    for n, receipt in enumerate(receipts):
        await asyncio.sleep(max(began + n * GAP - time.monotonic(), 0))
        latencies.append(await _until_parked(scene, receipt))
    return Spread.of(latencies)


async def _all_at_once(scene: Scene, receipts: Sequence[Receipt]) -> Spread:
    return Spread.of(await asyncio.gather(*(_until_parked(scene, receipt) for receipt in receipts)))


async def _until_parked(scene: Scene, receipt: Receipt) -> float:
    """Acknowledge; the seconds until the case has been woken for it and waits again."""
    began = time.monotonic()
    await _acknowledge(scene, receipt)
    try:
        async with asyncio.timeout(PARKED_WITHIN):
            while receipt.case_no in await busy_cases(scene.ledger):  # noqa: ASYNC110  another process changes it
                await asyncio.sleep(BETWEEN)
    except TimeoutError:
        raise CommandFailed(text("bench.not_woken", case_no=receipt.case_no, seconds=round(PARKED_WITHIN))) from None
    return time.monotonic() - began


async def _acknowledge(scene: Scene, receipt: Receipt) -> None:
    """As the unit that holds the case does."""
    heard = await scene.ears.first(receipt.case_no, "task.assigned")
    unit = heard.unit.removeprefix(f"{WAITING}.")
    order = order_of(unit, heard.data, datetime.now(UTC))
    voice = Voice(scene.sender.client, WAITING, {unit: scene.secrets[heard.unit]})
    data = {"case_no": order.case_no, "task_id": order.task_id, **words(KIND, order)}
    (await voice.tell(unit, KIND, data)).raise_for_status()


def _sheet(settings: Settings, calm: Spread, rush: Spread, busy: Measured) -> Sheet:
    rate = busy.wakes / busy.seconds
    document = {
        "bench": "wake",
        "machine": machine(settings),
        "one_by_one": {"cases": calm.n, "act_to_parked_seconds": calm.document(3)},
        "at_once": {
            "cases": rush.n,
            "act_to_parked_seconds": rush.document(3),
            "wakes_a_second": round(rate, 2),
            **busy.document("wake", busy.wakes),
        },
    }
    rows = [
        (text("bench.row.act_to_parked"), calm.line(".2f"), rush.line(".2f")),
        (text("bench.row.wakes_a_second"), "", f"{rate:.2f}"),
        (text("bench.row.worker_cpu_a_wake"), "", f"{1000 * busy.worker_cpu / busy.wakes:.0f}"),
        (text("bench.row.server_cpu_a_wake"), "", f"{1000 * busy.server_cpu / busy.wakes:.0f}"),
    ]
    columns = [text("bench.one_by_one", n=calm.n), text("bench.at_once", n=rush.n)]
    return Sheet(columns, rows, document)
