"""How a unit's endpoint fares, kept for all workers: rests, one probe after each, gone, and well again."""

import asyncio
from datetime import timedelta

import pytest

from casework.delivering import FIRST_REST, RESTS_AFTER
from ledger.ledger import Ledger
from ledger.receivers import PROBE, Receiver
from ledger.tables import EndpointRow
from tests.integration.ledger.made import Made

HOOK = "https://cg.example.org/hook"


async def receiver(ledger: Ledger) -> Receiver:
    found = await ledger.receivers.of("pingshan", "cg")
    assert found is not None
    return found


@pytest.fixture
async def connected(made: Made) -> Made:
    await made.ledger.access.connect("pingshan", "cg", HOOK)
    return made


async def failing(made: Made, times: int = RESTS_AFTER) -> Receiver:
    for _ in range(times):
        await made.ledger.receivers.failed(await receiver(made.ledger))
    return await receiver(made.ledger)


async def rested(made: Made) -> None:
    """Its rest is over."""
    async with made.ledger.database.write() as session:
        row = await session.get(EndpointRow, ("pingshan", "cg"))
        assert row is not None
        row.rests_until = await made.ledger.now() - timedelta(seconds=1)


async def test_a_unit_that_is_not_connected_has_none(made: Made) -> None:
    assert await made.ledger.receivers.of("pingshan", "cg") is None


async def test_a_well_one_is_sent_to(connected: Made) -> None:
    found = await receiver(connected.ledger)
    assert (found.name, found.endpoint.url, found.failures, found.gone) == ("pingshan:cg", HOOK, 0, False)
    assert await connected.ledger.receivers.keeps_away(found) is None


async def test_after_some_failures_in_a_row_it_rests_and_longer_with_each_more(connected: Made) -> None:
    found = await failing(connected, RESTS_AFTER - 1)
    assert found.rests_until is None
    first = await connected.ledger.receivers.keeps_away(await failing(connected, 1))
    second = await connected.ledger.receivers.keeps_away(await failing(connected, 1))
    assert first is not None
    assert second is not None
    assert timedelta() < first <= FIRST_REST < second <= 2 * FIRST_REST


async def test_it_rests_as_long_as_it_asks(connected: Made) -> None:
    await connected.ledger.receivers.failed(await receiver(connected.ledger), timedelta(hours=1))
    away = await connected.ledger.receivers.keeps_away(await receiver(connected.ledger))
    assert away is not None
    assert timedelta(minutes=59) < away <= timedelta(hours=1)


async def test_after_a_rest_one_alone_goes_first(connected: Made) -> None:
    await failing(connected)
    await rested(connected)
    ledger = connected.ledger
    away = await asyncio.gather(*[ledger.receivers.keeps_away(await receiver(ledger)) for _ in range(6)])
    assert away.count(None) == 1
    assert all(each is None or timedelta() < each <= PROBE for each in away)
    later = await ledger.receivers.keeps_away(await receiver(ledger))  # who comes while the first is on its way
    assert later is not None
    assert later <= PROBE


async def test_an_answer_ends_the_rest_and_hurries_all_that_waits(connected: Made) -> None:
    ledger = connected.ledger
    case_no = await connected.assigned()
    other = await connected.assigned("sw")
    for each in (case_no, other):
        for one in await ledger.deliveries.ready(each):
            await ledger.deliveries.later(one.key, "no answer", await ledger.now() + timedelta(hours=1))
        await connected.change(each, alarm_at=None)
    found = await failing(connected)
    await ledger.alerts.raise_("unit_unreachable", found.name, "看一看")
    await ledger.receivers.answered(found)
    well = await receiver(ledger)
    assert (well.failures, well.rests_until) == (0, None)
    assert [one.addressee for one in await ledger.deliveries.ready(case_no)] == ["cg"]
    assert await ledger.deliveries.ready(other) == []
    assert [ringing.case_no for ringing in await ledger.alarms.ringing(5)] == [case_no]
    assert await ledger.alerts.open() == []


async def test_an_answer_after_a_single_failure_hurries_nobody(connected: Made) -> None:
    case_no = await connected.assigned()
    order = next(one for one in await connected.ledger.deliveries.ready(case_no) if one.addressee == "cg")
    later = await connected.ledger.now() + timedelta(hours=1)
    await connected.ledger.deliveries.later(order.key, "no answer", later)
    await connected.ledger.receivers.answered(await failing(connected, 1))
    assert [one.addressee for one in await connected.ledger.deliveries.ready(case_no)] == ["citizen"]


async def test_one_that_is_gone_stays_so(connected: Made) -> None:
    await connected.ledger.receivers.gone(await receiver(connected.ledger))
    assert (await receiver(connected.ledger)).gone


async def test_what_is_said_of_an_older_connection_is_not_kept(connected: Made) -> None:
    """The answer to a call may come after the unit was connected anew."""
    old = await receiver(connected.ledger)
    await connected.ledger.access.connect("pingshan", "cg", f"{HOOK}/new")
    await connected.ledger.receivers.gone(old)
    await connected.ledger.receivers.failed(old, timedelta(hours=1))
    now = await receiver(connected.ledger)
    assert (now.gone, now.failures, now.rests_until) == (False, 0, None)
