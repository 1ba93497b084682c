"""So many posts at a time to one endpoint; who finds its line stuck is told when to come again."""

import asyncio
from contextlib import AsyncExitStack, suppress

import pytest

from tasks import lines as module
from tasks.lines import AT_A_TIME, LONGEST_WAIT, Lines


@pytest.fixture(autouse=True)
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BRIEFLY", 0.05)


async def test_a_stuck_line_turns_away_each_a_little_longer() -> None:
    lines = Lines()
    async with AsyncExitStack() as held:
        assert [await held.enter_async_context(lines.hand("a")) for _ in range(AT_A_TIME)] == [None] * AT_A_TIME
        waits = []
        for _ in range(40):
            async with lines.hand("a") as wait:
                assert wait is not None
                waits.append(wait)
        assert waits[0].total_seconds() == 1
        assert waits == sorted(waits)
        assert waits[-1] == LONGEST_WAIT
        async with lines.hand("b") as other:
            assert other is None
    async with lines.hand("a") as again:
        assert again is None


async def test_a_line_that_moves_is_waited_for() -> None:
    lines, done, most, going = Lines(), [], 0, 0

    async def post() -> None:
        nonlocal most, going
        async with lines.hand("a") as wait:
            going += 1
            most = max(most, going)
            await asyncio.sleep(0.001)
            going -= 1
            done.append(wait)

    await asyncio.gather(*(post() for _ in range(12)))
    assert done == [None] * 12
    assert most == AT_A_TIME


async def test_a_line_is_free_again_after_an_error() -> None:
    lines = Lines(1)
    for _ in range(3):
        with suppress(ZeroDivisionError):
            async with lines.hand("a") as wait:
                assert wait is None
                _ = 1 // 0


async def test_who_gives_up_waiting_leaves_no_trace() -> None:
    lines = Lines(1)
    async with lines.hand("a"):
        waiting = asyncio.create_task(lines.hand("a").__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with lines.hand("a") as wait:
        assert wait is None
