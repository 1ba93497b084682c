"""Claims: one run at a time, fenced by an epoch, released without losing what came meanwhile."""

import asyncio
from datetime import datetime, timedelta

import pytest

from casework.events import Kind
from catalog.working_time import SHANGHAI
from ledger.claims import LEASE
from ledger.errors import ClaimLost
from tests.integration.ledger.made import Made


async def expire(made: Made, case_no: str) -> None:
    """Let the lease run out."""
    await made.change(case_no, lease_until=await made.ledger.now() - timedelta(seconds=1))


async def test_of_twenty_claimers_one_wins(made: Made) -> None:
    case_no = await made.receive()
    epochs = await asyncio.gather(*(made.ledger.claims.claim(case_no) for _ in range(20)))
    assert sorted(epoch for epoch in epochs if epoch is not None) == [1]
    await made.ledger.claims.lost()
    assert await made.ledger.claims.absorbed() == {"refused": 19, "lost": 1}


async def test_each_claim_has_a_higher_epoch(made: Made) -> None:
    case_no = await made.receive()
    epochs = []
    for _ in range(3):
        epoch = await made.ledger.claims.claim(case_no)
        assert epoch is not None
        await made.ledger.claims.release(case_no, epoch, 0, None)
        epochs.append(epoch)
    assert epochs == [1, 2, 3]


async def test_nobody_claims_what_is_not_there(made: Made) -> None:
    assert await made.ledger.claims.claim("PS1") is None


async def test_a_lease_that_ran_out_may_be_taken_and_its_holder_is_fenced_off(made: Made) -> None:
    case_no = await made.receive()
    assert await made.ledger.claims.claim(case_no) == 1
    assert await made.ledger.claims.claim(case_no) is None
    await expire(made, case_no)
    assert await made.ledger.claims.claim(case_no) == 2
    now = await made.ledger.now()
    for late in (
        made.ledger.claims.renew(case_no, 1),
        made.ledger.claims.release(case_no, 1, 0, now),
        made.ledger.claims.fail(case_no, 1, 0, now),
    ):
        with pytest.raises(ClaimLost):
            await late
    row = await made.row(case_no)
    assert (row.lease_epoch, row.failures) == (2, 0)
    assert row.lease_until is not None
    assert row.lease_until > now


async def test_a_lease_lasts_and_is_renewed(made: Made) -> None:
    case_no = await made.receive()
    epoch = await made.ledger.claims.claim(case_no)
    assert epoch is not None
    await expire(made, case_no)
    before = await made.ledger.now()
    await made.ledger.claims.renew(case_no, epoch)
    until = (await made.row(case_no)).lease_until
    assert until is not None
    assert until >= before + LEASE
    assert await made.ledger.claims.claim(case_no) is None


async def test_release_sets_the_alarm_and_lets_go(made: Made) -> None:
    case_no = await made.receive()
    epoch = await made.ledger.claims.claim(case_no)
    assert epoch is not None
    alarm = datetime(2026, 12, 1, 18, 30, tzinfo=SHANGHAI)
    await made.ledger.claims.release(case_no, epoch, 0, alarm)
    row = await made.row(case_no)
    assert (row.alarm_at, row.lease_until, row.lease_epoch) == (alarm, None, epoch)
    assert await made.ledger.claims.claim(case_no) == epoch + 1


async def test_a_case_at_its_end_has_no_alarm(made: Made) -> None:
    case_no = await made.receive()
    epoch = await made.ledger.claims.claim(case_no)
    assert epoch is not None
    await made.ledger.claims.release(case_no, epoch, 0, None)
    assert (await made.row(case_no)).alarm_at is None


async def test_release_keeps_the_alarm_of_what_came_meanwhile(made: Made) -> None:
    case_no = await made.receive()
    epoch = await made.ledger.claims.claim(case_no)
    assert epoch is not None
    await made.act(case_no, Kind.ASSIGNED, unit="cg")  # after the run looked
    rung = (await made.row(case_no)).alarm_at
    await made.ledger.claims.release(case_no, epoch, 0, await made.ledger.now() + timedelta(days=3))
    assert (await made.row(case_no)).alarm_at == rung
    assert [ringing.case_no for ringing in await made.ledger.alarms.ringing(5)] == [case_no]


async def test_release_that_has_seen_everything_sets_its_alarm(made: Made) -> None:
    case_no = await made.receive()
    epoch = await made.ledger.claims.claim(case_no)
    assert epoch is not None
    await made.act(case_no, Kind.ASSIGNED, unit="cg")
    later = await made.ledger.now() + timedelta(days=3)
    await made.ledger.claims.release(case_no, epoch, 1, later)
    assert (await made.row(case_no)).alarm_at == later


async def test_an_alarm_that_is_rung_while_a_run_works_is_not_slept_through(made: Made) -> None:
    case_no = await made.receive()
    epoch = await made.ledger.claims.claim(case_no)
    assert epoch is not None
    await made.ledger.alarms.ring(case_no)
    await made.ledger.claims.release(case_no, epoch, 0, await made.ledger.now() + timedelta(days=3))
    assert [ringing.case_no for ringing in await made.ledger.alarms.ringing(5)] == [case_no]


async def test_what_comes_while_a_wake_fails_does_not_wait_for_the_next_try(made: Made) -> None:
    case_no = await made.receive()
    epoch = await made.ledger.claims.claim(case_no)
    assert epoch is not None
    await made.act(case_no, Kind.ASSIGNED, unit="cg")
    await made.ledger.claims.fail(case_no, epoch, 0, await made.ledger.now() + timedelta(hours=1))
    assert [ringing.case_no for ringing in await made.ledger.alarms.ringing(5)] == [case_no]


async def test_a_failure_of_something_outside_is_not_counted(made: Made) -> None:
    case_no = await made.receive()
    epoch = await made.ledger.claims.claim(case_no)
    assert epoch is not None
    later = await made.ledger.now() + timedelta(seconds=5)
    await made.ledger.claims.fail(case_no, epoch, 0, later, counted=False)
    row = await made.row(case_no)
    assert (row.failures, row.alarm_at, row.lease_until) == (0, later, None)


async def test_failures_are_counted_until_a_wake_goes_well(made: Made) -> None:
    case_no = await made.receive()
    later = await made.ledger.now() + timedelta(seconds=4)
    for n in (1, 2):
        epoch = await made.ledger.claims.claim(case_no)
        assert epoch is not None
        await made.ledger.claims.fail(case_no, epoch, 0, later)
        row = await made.row(case_no)
        assert (row.failures, row.alarm_at, row.lease_until) == (n, later, None)
    epoch = await made.ledger.claims.claim(case_no)
    assert epoch is not None
    await made.ledger.claims.release(case_no, epoch, 0, None)
    assert (await made.row(case_no)).failures == 0


async def test_a_claim_ends_the_right_to_wake(made: Made) -> None:
    case_no = await made.receive()
    assert await made.ledger.alarms.win(case_no)
    assert (await made.row(case_no)).waking_until is not None
    assert await made.ledger.claims.claim(case_no) == 1
    assert (await made.row(case_no)).waking_until is None
