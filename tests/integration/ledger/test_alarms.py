"""Alarms: who is looked at first, and that each ringing is answered by one waker."""

import asyncio
from datetime import timedelta

from casework.events import Kind
from catalog.policy import Grade
from ledger.alarms import WAKING
from tests.integration.ledger.made import Made


async def ringing(made: Made, limit: int = 20) -> list[str]:
    return [one.case_no for one in await made.ledger.alarms.ringing(limit)]


async def test_dispatch_comes_first_then_first_feedback_then_danger_then_who_waits_longest(made: Made) -> None:
    now = await made.ledger.now()
    long_ago, just_now = now - timedelta(hours=9), now - timedelta(minutes=1)
    handled = [await made.assigned() for _ in range(3)]
    for case_no in handled:
        await made.unit(case_no, Kind.CONTACTED, note="约好")
    unacknowledged = await made.assigned()
    new_c, new_a = await made.receive(grade=Grade.C), await made.receive(grade=Grade.A)
    await made.change(handled[0], alarm_at=just_now, grade="C")
    await made.change(handled[1], alarm_at=long_ago, grade="C")
    await made.change(handled[2], alarm_at=just_now, grade="A")
    await made.change(unacknowledged, alarm_at=just_now, grade="C")
    await made.change(new_c, alarm_at=long_ago)
    await made.change(new_a, alarm_at=just_now)
    assert await ringing(made) == [new_a, new_c, unacknowledged, handled[2], handled[1], handled[0]]
    assert await ringing(made, 2) == [new_a, new_c]


async def test_what_is_not_due_does_not_ring(made: Made) -> None:
    case_no = await made.receive()
    now = await made.ledger.now()
    await made.change(case_no, alarm_at=now + timedelta(minutes=1))
    assert await ringing(made) == []
    assert not await made.ledger.alarms.win(case_no)
    assert await made.ledger.alarms.lag() == 0
    await made.change(case_no, alarm_at=None)
    assert await ringing(made) == []
    assert not await made.ledger.alarms.win(case_no)


async def test_of_twenty_wakers_one_wins_and_only_once(made: Made) -> None:
    case_no = await made.receive()
    won = await asyncio.gather(*(made.ledger.alarms.win(case_no) for _ in range(20)))
    assert sum(won) == 1
    assert not await made.ledger.alarms.win(case_no)
    assert await ringing(made) == []
    assert await made.ledger.alarms.waking() == 1


async def test_a_right_to_wake_that_was_not_used_runs_out(made: Made) -> None:
    case_no = await made.receive()
    assert await made.ledger.alarms.win(case_no)
    until = (await made.row(case_no)).waking_until
    assert until is not None
    assert timedelta(0) < until - await made.ledger.now() <= WAKING
    await made.change(case_no, waking_until=await made.ledger.now() - timedelta(seconds=1))
    assert await ringing(made) == [case_no]
    assert (await made.ledger.alarms.ringing(1))[0].again
    assert await made.ledger.alarms.waking() == 0
    assert await made.ledger.alarms.win(case_no)


async def test_a_claimed_case_is_not_woken_until_its_lease_runs_out(made: Made) -> None:
    case_no = await made.receive()
    assert await made.ledger.claims.claim(case_no) is not None
    assert await ringing(made) == []
    assert not await made.ledger.alarms.win(case_no)
    await made.change(case_no, lease_until=await made.ledger.now() - timedelta(seconds=1))
    assert await ringing(made) == [case_no]
    assert await made.ledger.alarms.win(case_no)


async def test_winning_one_case_leaves_the_others(made: Made) -> None:
    one, other = await made.receive(), await made.receive()
    assert await made.ledger.alarms.win(one)
    assert await ringing(made) == [other]
    assert not await made.ledger.alarms.win("PS1")


async def test_a_case_remembers_its_run(made: Made) -> None:
    case_no = await made.receive(grade=Grade.B)
    await made.ledger.alarms.ran(case_no, "0c7f9a52-0000-4000-8000-000000000001", 2)
    (ringing,) = await made.ledger.alarms.ringing(1)
    assert (ringing.case_no, ringing.district, ringing.grade) == (case_no, "pingshan", "B")
    assert (ringing.generation, ringing.flow_run_id) == (2, "0c7f9a52-0000-4000-8000-000000000001")


async def test_ringing_by_hand(made: Made) -> None:
    one, other, third = [await made.receive() for _ in range(3)]
    for case_no in (one, other, third):
        await made.change(case_no, alarm_at=None)
    await made.ledger.alarms.ring(one, third)
    assert await ringing(made) == [one, third]


async def test_the_lag_is_of_the_oldest_that_nobody_answers(made: Made) -> None:
    assert await made.ledger.alarms.lag() == 0
    one, other = await made.receive(), await made.receive()
    now = await made.ledger.now()
    await made.change(one, alarm_at=now - timedelta(seconds=90))
    await made.change(other, alarm_at=now - timedelta(seconds=30))
    assert 90 <= await made.ledger.alarms.lag() < 150
    assert await made.ledger.alarms.win(one)
    assert 30 <= await made.ledger.alarms.lag() < 90
