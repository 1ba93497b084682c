"""A worker whose server is away says so once, however often its two loops look."""

import asyncio
import logging
from typing import Any

import httpx
import pytest

from deployments.resident_loop import ResidentLoop


class Away:
    """A source of due runs whose server does not answer, until it is told to."""

    def __init__(self) -> None:
        self.asked, self.back = 0, False

    async def first(self, most: int) -> list[Any]:
        self.asked += 1
        if not self.back:
            raise httpx.ConnectError("nobody listens")
        return []


async def test_an_outage_is_said_once_at_each_end(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, seconds in (("outage.FIRST_WAIT", 0.01), ("outage.LONGEST_WAIT", 0.02)):
        monkeypatch.setattr(f"deployments.{name}", seconds)
    monkeypatch.setattr("deployments.resident_loop.WATCH_SECONDS", 0.001)
    caplog.set_level(logging.INFO, logger="worker")
    source: Any = Away()
    client: Any = None  # nothing is carried: nothing else is asked of the server
    loop = ResidentLoop(client, source, limit=1, seconds=0.01, logger=logging.getLogger("worker"))
    loops = [asyncio.create_task(loop.poll(lambda: None)), asyncio.create_task(loop.watch())]
    async with asyncio.timeout(20):
        while source.asked < 5:
            await asyncio.sleep(0.005)
        source.back = True
        while source.asked < 10:
            await asyncio.sleep(0.005)
    await loop.drain(0)
    await asyncio.gather(*loops)
    said = [record.getMessage() for record in caplog.records if record.name == "worker"]
    assert ["cannot be had" in sentence for sentence in said] == [True, False]
    assert "answers again" in said[1]
