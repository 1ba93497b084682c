"""What units have heard can be waited for, before and after it comes."""

import asyncio
from typing import Any

import pytest

from deployments.bench.ears import Ears


def message(kind: str, case_no: str = "WA1") -> dict[str, Any]:
    return {"type": kind, "data": {"case_no": case_no, "task_id": "WA1-T1"}}


async def test_a_message_is_had_by_who_waits_and_by_who_comes_later() -> None:
    ears = Ears()
    waiting = asyncio.create_task(ears.first("WA1", "task.assigned"))
    await asyncio.sleep(0)
    ears.hear("waiting.market", message("task.assigned"))
    heard = await waiting
    assert (heard.unit, heard.data["task_id"]) == ("waiting.market", "WA1-T1")
    assert await ears.first("WA1", "task.assigned") is heard


async def test_the_first_of_a_kind_about_a_case_is_kept() -> None:
    ears = Ears()
    ears.hear("waiting.market", message("task.reminded", "WA2"))
    ears.hear("waiting.police", message("task.reminded"))
    ears.hear("waiting.market", message("task.reminded"))
    assert (await ears.first("WA1", "task.reminded")).unit == "waiting.police"


async def test_each_units_own_is_kept_as_well() -> None:
    ears = Ears()
    for unit in ("waiting.market", "waiting.police"):
        ears.hear(unit, message("whistle.called"))
    assert (await ears.first("WA1", "whistle.called")).unit == "waiting.market"
    assert (await ears.first("WA1", "whistle.called", "waiting.police")).unit == "waiting.police"


async def test_who_stops_waiting_leaves_the_others_waiting() -> None:
    ears = Ears()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await ears.first("WA1", "task.assigned")
    ears.hear("waiting.market", message("task.assigned"))
    assert (await ears.first("WA1", "task.assigned")).unit == "waiting.market"
