"""How fast requests come in: with the whole stack behind the gateway, and with the gateway alone, Prefect away."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from catalog.texts import text
from deployments.bench.districts import WAITING
from deployments.bench.machine import machine
from deployments.bench.place import place
from deployments.bench.scene import Say, scene
from deployments.bench.sender import Sender, line_to
from deployments.bench.sheet import Sheet
from deployments.bench.spread import Spread
from deployments.office import open_office
from deployments.readiness import answers_at, until_ready
from deployments.stack import GATEWAY_LIMIT, STOP_PATIENCE, Stack
from ledger.settings import Settings

REQUESTS = 300
SENDERS = 8
MILLISECONDS = 1000
AWAY = "http://127.0.0.1:9/api"
"""Nobody listens at the port of the discard service."""


@dataclass(frozen=True, slots=True)
class Reception:
    """How many requests were accepted a second, and how many milliseconds each waited for its receipt."""

    rate: float
    receipt: Spread

    def document(self) -> dict[str, Any]:
        return {"accepted_a_second": round(self.rate, 1), "receipt_ms": self.receipt.document(1)}


async def intake(settings: Settings, cases: int | None, database_url: str, say: Say) -> Sheet:
    """Send so many requests (300), eight at a time, and then as many more to the same ledger without Prefect."""
    requests = cases or REQUESTS
    with place(settings, database_url, say) as moved:
        async with scene(moved, say) as here:
            say(text("bench.receiving", n=requests))
            up = await _receive(here.sender, requests)
        async with _alone(moved.model_copy(update={"prefect_api_url": AWAY}), say) as sender:
            say(text("bench.receiving_alone", n=requests))
            away = await _receive(sender, requests)
        return _sheet(moved, up, away)


@asynccontextmanager
async def _alone(settings: Settings, say: Say) -> AsyncIterator[Sender]:
    """A gateway whose Prefect does not answer."""
    gateway = Stack(settings, say).child("gateway", "gateway")
    await gateway.start()
    try:
        await until_ready(gateway, answers_at(f"{settings.gateway_url}/healthz"), GATEWAY_LIMIT)
        async with open_office(settings) as office, line_to(settings.gateway_url) as client:
            yield await Sender.of(office, client)
    finally:
        await gateway.stop(STOP_PATIENCE)


async def _receive(sender: Sender, requests: int) -> Reception:
    """Eight senders, each of whom sends the next request when it has the receipt of the one before."""
    numbers = iter(range(requests))
    began = time.monotonic()
    waits = await asyncio.gather(*(_send(sender, numbers) for _ in range(SENDERS)))
    rate = requests / (time.monotonic() - began)
    return Reception(rate, Spread.of([wait for each in waits for wait in each]))


async def _send(sender: Sender, numbers: Iterator[int]) -> list[float]:
    waits = []
    for n in numbers:
        began = time.perf_counter()
        await sender.submit(WAITING, n)
        waits.append((time.perf_counter() - began) * MILLISECONDS)
    return waits


def _sheet(settings: Settings, up: Reception, away: Reception) -> Sheet:
    document = {
        "bench": "intake",
        "machine": machine(settings),
        "requests": up.receipt.n,
        "senders": SENDERS,
        "prefect_up": up.document(),
        "prefect_away": away.document(),
    }
    rows = [
        (text("bench.row.accepted_a_second"), f"{up.rate:.1f}", f"{away.rate:.1f}"),
        (text("bench.row.receipt"), up.receipt.line(".0f"), away.receipt.line(".0f")),
    ]
    return Sheet([text("bench.prefect_up"), text("bench.prefect_away")], rows, document)
