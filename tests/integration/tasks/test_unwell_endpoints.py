"""An endpoint that is slow, hangs, drips, answers 500 or redirects to a private address: what happens in each."""

import asyncio
import time

import pytest

from casework.delivering import RESTS_AFTER, Hope
from tasks.outcomes import Failed, Sent
from tasks.posting import Patience
from tasks.unit_door import send_to_unit
from tests.integration.tasks.at_work import UNIT, AtWork
from tests.integration.tasks.unwell import (
    Treatment,
    answer,
    drip_body,
    drip_headers,
    hang,
    hang_up,
    nonsense,
    slow,
    unwell,
)


@pytest.mark.parametrize("treatment", [hang, drip_headers])
async def test_one_that_holds_us_is_left_after_so_many_seconds(
    work: AtWork, impatient: Patience, treatment: Treatment
) -> None:
    async with unwell(treatment) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        order = await work.order()
        began = time.monotonic()
        outcome = await send_to_unit(order)
        took = time.monotonic() - began
        assert isinstance(outcome, Failed)
        assert outcome.hope is Hope.PASSING
        assert impatient.whole <= took < 2 * impatient.whole
        assert there.came == 1


@pytest.mark.parametrize("treatment", [slow, drip_body, answer(200), answer(202)])
async def test_one_that_takes_it_has_it_however_it_ends_its_answer(
    work: AtWork, impatient: Patience, treatment: Treatment
) -> None:
    async with unwell(treatment) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        assert await send_to_unit(await work.order()) == Sent("webhook")
        assert there.came == 1


@pytest.mark.parametrize("treatment", [nonsense, hang_up, answer(500)])
async def test_one_that_fails_is_tried_quickly_a_few_times(
    work: AtWork, monkeypatch: pytest.MonkeyPatch, treatment: Treatment
) -> None:
    async with unwell(treatment) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        outcome = await send_to_unit(await work.order())
        assert isinstance(outcome, Failed)
        assert outcome.hope is Hope.PASSING
        assert there.came == 3


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_to_a_private_address_goes_nowhere(work: AtWork, status: int) -> None:
    async with unwell(answer(204)) as inside, unwell(answer(status, location=inside.url)) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        outcome = await send_to_unit(await work.order())
        assert isinstance(outcome, Failed)
        assert outcome.hope is Hope.REFUSED
        assert (there.came, inside.came) == (1, 0)
        assert "重新对接" in (await work.alerts())["unit_refuses"]


async def test_one_that_keeps_failing_rests_and_is_then_tried_by_one_alone(work: AtWork) -> None:
    async with unwell(answer(500)) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        for _ in range(RESTS_AFTER):
            await send_to_unit(await work.order())
        came = there.came
        resting = await send_to_unit(await work.order())
        assert isinstance(resting, Failed)
        assert not resting.tried
        assert there.came == came
        assert "接连 3 次失败" in (await work.alerts())["unit_unreachable"]
        await work.rest_is_over()
        await send_to_unit(await work.order())
        assert there.came > came


async def test_the_line_to_one_endpoint_holds_two(work: AtWork, impatient: Patience) -> None:
    async with unwell(hang) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        orders = [await work.order() for _ in range(8)]
        outcomes = await asyncio.gather(*(send_to_unit(order) for order in orders))
        tried = [one for one in outcomes if isinstance(one, Failed) and one.tried]
        turned_away = [one for one in outcomes if isinstance(one, Failed) and not one.tried]
        assert (len(tried), len(turned_away), there.most) == (2, 6, 2)
        assert all(1 <= one.asked.total_seconds() <= 10 for one in turned_away)
