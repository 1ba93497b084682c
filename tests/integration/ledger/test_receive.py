"""Receiving: numbers that rise by district and day, and one case for one external id."""

import asyncio
from datetime import UTC, datetime

import pytest

from casework.states import State
from ledger.errors import UnknownPolicy
from tests.integration.ledger.made import PLAIN, Made, noon, request


async def test_numbers_rise_by_district_and_day(made: Made) -> None:
    numbers = [await made.receive(noon(day)) for day in (23, 23, 24, 23)]
    futian = await made.receive(noon(23), district="futian", number_prefix="FT")
    assert numbers == ["PS2024112300001", "PS2024112300002", "PS2024112400001", "PS2024112300003"]
    assert futian == "FT2024112300001"


async def test_the_day_is_shanghais(made: Made) -> None:
    assert await made.receive(datetime(2024, 11, 23, 15, 59, tzinfo=UTC)) == "PS2024112300001"
    assert await made.receive(datetime(2024, 11, 23, 16, 0, tzinfo=UTC)) == "PS2024112400001"


async def test_twenty_at_once_get_twenty_numbers(made: Made) -> None:
    numbers = await asyncio.gather(*(made.receive(noon(23)) for _ in range(20)))
    assert sorted(numbers) == [f"PS20241123{n:05d}" for n in range(1, 21)]


async def test_one_external_id_twenty_times_at_once_opens_one_case(made: Made) -> None:
    new = request(external_id="12345-1")
    answers = await asyncio.gather(*(made.ledger.cases.receive(new, noon(23)) for _ in range(20)))
    assert {case_no for case_no, _ in answers} == {"PS2024112300001"}
    assert sum(is_new for _, is_new in answers) == 1
    assert await made.receive(noon(23)) == "PS2024112300002"  # the losers used up no number
    assert len(await made.deliveries("PS2024112300001")) == 1


async def test_an_external_id_belongs_to_its_channel_and_district(made: Made) -> None:
    ids = [
        await made.receive(external_id="7"),
        await made.receive(external_id="7", channel="app"),
        await made.receive(external_id="7", district="futian", number_prefix="FT"),
    ]
    assert len(set(ids)) == 3
    assert await made.ledger.cases.receive(request(external_id="7"), noon(23)) == (ids[0], False)


async def test_requests_without_an_external_id_are_all_new(made: Made) -> None:
    assert len({await made.receive() for _ in range(3)}) == 3


async def test_a_received_case_rings_at_once_and_owes_its_receipt(made: Made) -> None:
    case_no = await made.receive(noon(20))
    row = await made.row(case_no)
    assert (row.state, row.seq, row.alarm_at, row.lease_epoch) == (State.RECEIVED, 1, noon(20), 0)
    assert [delivery.type for delivery in await made.deliveries(case_no)] == ["citizen.receipt"]
    assert [ringing.case_no for ringing in await made.ledger.alarms.ringing(5)] == [case_no]


async def test_without_a_policy_nothing_is_received_and_the_error_says_what_to_do(made: Made) -> None:
    with pytest.raises(UnknownPolicy, match="run huiyin deploy luohu"):
        await made.ledger.cases.receive(request(district="luohu"), noon(23))


async def test_a_case_is_received_under_the_districts_latest_policy(made: Made) -> None:
    early = await made.receive()
    stricter = PLAIN.model_copy(update={"reopen_days": 3})
    version = await made.ledger.policies.pin("pingshan", stricter, "form")
    late = await made.receive()
    assert (await made.row(late)).policy_version == version
    assert (await made.ledger.cases.load(early)).policy == PLAIN
    assert (await made.ledger.cases.load(late)).policy == stricter
