"""Outages: seen by the beat, noted by each case before its next event, charged to the system alone."""

import asyncio
import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from casework.case import Case, Interruption
from casework.charging import charged_to
from casework.clocks import ClockKind
from casework.events import CITIZEN, Act, Actor, Kind, Role
from casework.states import STAGES, State
from catalog.policy import Grade
from ledger.chain import first_break
from ledger.ledger import Ledger
from ledger.outages import AWAY_AFTER
from ledger.tables import EventRow, MarkRow, OutageRow
from tests.integration.ledger.made import CG, Made
from tests.integration.ledger.wakes import START, Runs, Time, unsynced

DISPATCHER = Actor(Role.DISPATCHER, "li")
UNIT = "department:cg"
DOWN = timedelta(hours=3)
ELSEWHERE = (State.AWAITING_REFERRAL, State.AWAITING_RECHECK)  # where no case of the town below is


@pytest.fixture
def time(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time.of(ledger, monkeypatch)


@pytest.fixture
async def runs(time: Time, made: Made) -> Runs:
    await unsynced(made.ledger)
    await made.ledger.outages.beat()
    return Runs(made, time)


async def outages(ledger: Ledger) -> list[tuple[datetime, datetime]]:
    async with ledger.database.read() as session:
        rows = await session.scalars(select(OutageRow).order_by(OutageRow.since))
        return [(row.since, row.until) for row in rows]


# The beat


async def test_the_first_beat_ends_no_outage(time: Time, ledger: Ledger) -> None:
    assert (await ledger.outages.beat()).away is None
    assert await outages(ledger) == []


async def test_beats_in_time_leave_nothing_behind(time: Time, ledger: Ledger) -> None:
    for _ in range(4):
        assert (await ledger.outages.beat()).away is None
        time.forward(seconds=15)
    assert await outages(ledger) == []


async def test_whoever_beats_after_a_silence_writes_it_down(time: Time, ledger: Ledger) -> None:
    await ledger.outages.beat()
    time.forward(hours=3)
    assert (await ledger.outages.beat()).away == Interruption(START, START + DOWN)
    time.forward(seconds=5)
    assert (await ledger.outages.beat()).away is None
    assert await outages(ledger) == [(START, START + DOWN)]


async def test_of_many_gateways_that_come_back_at_once_one_writes_it_down(time: Time, ledger: Ledger) -> None:
    await asyncio.gather(*(ledger.outages.beat() for _ in range(8)))
    time.forward(minutes=1)
    beats = await asyncio.gather(*(ledger.outages.beat() for _ in range(8)))
    assert sum(beat.away is not None for beat in beats) == 1
    assert len(await outages(ledger)) == 1


async def test_a_clock_put_back_is_no_outage_and_is_told_until_it_has_caught_up(time: Time, ledger: Ledger) -> None:
    await ledger.outages.beat()
    time.forward(minutes=-5)
    beat = await ledger.outages.beat()
    assert (beat.away, beat.behind) == (None, timedelta(minutes=5))
    time.forward(minutes=4)
    assert (await ledger.outages.beat()).behind == timedelta(minutes=1)
    time.forward(minutes=2)
    assert (await ledger.outages.beat()).behind == timedelta(0)


async def test_a_clock_that_ran_ahead_and_was_put_back_leaves_no_outage_in_the_future(
    time: Time, ledger: Ledger
) -> None:
    await ledger.outages.beat()
    time.forward(days=1)
    assert (await ledger.outages.beat()).away is not None
    time.forward(days=-1, minutes=1)
    await ledger.outages.beat()
    assert await outages(ledger) == [(START, START + timedelta(minutes=1))]


async def test_the_ledger_keeps_time_by_itself(ledger: Ledger) -> None:
    beat = await ledger.outages.beat()
    async with ledger.database.read() as session:
        row = await session.get(MarkRow, "gateway")
        assert row is not None
        assert row.at == beat.at
    assert abs(await ledger.now() - beat.at) < timedelta(seconds=10)


# A case


async def interruptions(made: Made, case_no: str) -> list[tuple[str, datetime]]:
    """Each noted outage: since when, and until when."""
    events = await made.events(case_no)
    noted = (event for event in events if event.kind == Kind.INTERRUPTED)
    return [(json.loads(event.data)["since"], event.at) for event in noted]


async def test_a_case_notes_the_outage_before_its_next_event(runs: Runs, made: Made, time: Time) -> None:
    case_no = await made.receive(time.at)
    await runs.answered()
    time.forward(minutes=4)
    await runs.alive()
    left = time.at
    time.forward(hours=3)
    await made.ledger.outages.beat()
    before = await runs.case(case_no)
    assert before.interruptions == (Interruption(left, time.at),)  # to be read before it is written
    assert before.seq == len(await made.events(case_no))
    time.forward(minutes=5)
    await runs.alive()
    await runs.said(case_no, Kind.ACKNOWLEDGED, feedback="马上到")
    assert await interruptions(made, case_no) == [(left.isoformat(), left + DOWN)]
    assert [event.kind for event in await made.events(case_no)][-2:] == [Kind.INTERRUPTED, Kind.ACKNOWLEDGED]
    case = await runs.case(case_no)
    assert dict(case.held.until(time.at).seconds) == {"system": DOWN.total_seconds(), UNIT: 540.0}
    feedback = case.clock(ClockKind.FEEDBACK)
    assert feedback is not None
    assert feedback.breached(time.at)
    assert charged_to(case, feedback, time.at) == "system"
    loaded = await runs.loaded(case_no)
    assert first_break(case_no, list(loaded.events), loaded.row.head) is None
    assert loaded.row.seq == case.seq == len(loaded.events)


async def test_what_lasts_is_noted_as_far_as_it_has_come_and_the_rest_later(runs: Runs, made: Made, time: Time) -> None:
    """The worker lives while the gateway is away: the unit could not answer what the worker urges."""
    case_no = await made.receive(time.at)
    await runs.answered()
    left = time.at
    for _ in range(2):
        time.forward(minutes=10)
        assert await runs.answered() == 1
    time.forward(minutes=10)
    await made.ledger.outages.beat()
    assert dict((await runs.case(case_no)).held.until(time.at).seconds) == {"system": 1800.0}
    await runs.said(case_no, Kind.ACKNOWLEDGED, feedback="马上到")
    noted = [datetime.fromisoformat(since) for since, _ in await interruptions(made, case_no)]
    assert noted == [left, left + timedelta(minutes=10), left + timedelta(minutes=20)]
    assert len((await runs.case(case_no)).interruptions) == 3


async def test_a_short_silence_of_the_gateway_is_nothing(runs: Runs, made: Made, time: Time) -> None:
    case_no = await made.receive(time.at)
    time.at += AWAY_AFTER
    await runs.answered()
    assert await interruptions(made, case_no) == []


async def test_a_case_at_its_end_notes_nothing_and_a_reopened_one_only_what_came_later(
    runs: Runs, made: Made, time: Time
) -> None:
    case_no = await made.receive(time.at)
    await runs.answered()
    await runs.said(case_no, Kind.COMPLETED, result="好了")
    await runs.answered()
    await runs.said(case_no, Kind.EVALUATED, CITIZEN, solved=True, satisfaction=5)
    await runs.answered()
    time.forward(hours=3)
    await made.ledger.outages.beat()
    assert (await runs.case(case_no)).interruptions == ()
    await runs.said(case_no, Kind.REOPENED, CITIZEN, reason="又坏了")
    assert await interruptions(made, case_no) == []
    left = time.at
    time.forward(hours=1)
    await made.ledger.outages.beat()
    await runs.answered()
    assert await interruptions(made, case_no) == [(left.isoformat(), time.at)]


async def test_an_act_received_before_a_suspension_and_recorded_after_it_is_in_time(
    runs: Runs, made: Made, time: Time
) -> None:
    case_no = await made.receive(time.at)
    await runs.answered()
    time.forward(minutes=4)
    await runs.alive()
    received = time.at
    time.forward(hours=3)
    await made.ledger.outages.beat()
    await runs.answered()
    act = Act(Kind.ACKNOWLEDGED, CG, received, {"task_id": f"{case_no}-T1", "feedback": "马上到"})
    case, _ = await made.ledger.cases.record(case_no, act)
    clock = case.clock(ClockKind.FEEDBACK)
    assert clock is not None
    assert clock.met_at == received
    assert charged_to(case, clock, time.at) is None
    assert clock.climbed == ()


# Down for three hours


async def town(runs: Runs, made: Made, count: int) -> list[str]:
    """Cases of all grades in every state, begun one after another in the half hour before the outage."""
    case_nos = []
    for n in range(count):
        await runs.until(START + timedelta(minutes=25 * n / count))
        facts = {"grade": list(Grade)[n % 3], "has_phone": n % 4 != 0}
        case_no = await made.receive(runs.time.at, **facts)
        case_nos.append(case_no)
        if n % 10 == 0:
            runs.unsure.add(case_no)
        await runs.answered()
        await brought_on(runs, case_no, n)
    return case_nos


async def brought_on(runs: Runs, case_no: str, n: int) -> None:
    """A case as far as its number says: waiting, acknowledged, called, paused, done, judged, sent back."""
    steps = n % 10
    if steps >= 2:
        await runs.said(case_no, Kind.ACKNOWLEDGED, feedback="马上到")
    if steps >= 3:
        await runs.said(case_no, Kind.CONTACTED, note="约好")
    if steps == 4:
        review = (runs.time.at + timedelta(hours=3 + n / 10)).isoformat()
        await runs.said(case_no, Kind.PAUSED, DISPATCHER, review_at=review, reason="等配件")
    if steps >= 6:
        await runs.said(case_no, Kind.COMPLETED, result="已修好")
        await runs.answered()
    if steps in (8, 9):
        await runs.said(case_no, Kind.EVALUATED, CITIZEN, solved=steps == 8, satisfaction=5 if steps == 8 else 1)
    await runs.answered()


async def rungs_since(made: Made, case_no: str, seq: int) -> list[str]:
    """The clocks of the rungs that fired after event `seq`."""
    events = (event for event in await made.events(case_no) if event.seq > seq)
    return [data["clock"] for event in events if "rung" in (data := json.loads(event.data))]


def late(case: Case, at: datetime) -> dict[str, str | None]:
    """Who is counted late for each clock."""
    return {clock.id: charged_to(case, clock, at) for clock in case.clocks}


def passed(case: Case, at: datetime) -> dict[str, int]:
    """Each clock's highest rung whose instant and grace have passed."""
    due = {clock.id: clock.due_rung(at - timedelta(seconds=2)) for clock in case.clocks if case.open}
    return {clock: n for clock, n in due.items() if n is not None}


@pytest.mark.parametrize("count", [10, pytest.param(50, marks=pytest.mark.long)])
async def test_down_for_three_hours(runs: Runs, made: Made, time: Time, count: int) -> None:
    """On return one rung a clock fires, the skipped are recorded, and nobody but the system is charged."""
    case_nos = await town(runs, made, count)
    before = {case_no: await runs.case(case_no) for case_no in case_nos}
    assert {case.stage for case in before.values()} >= set(STAGES) - {State.RECEIVED, *ELSEWHERE}
    assert UNIT in {who for case in before.values() for who in late(case, time.at).values()}  # late without any outage
    left = time.at
    time.at += DOWN
    await made.ledger.outages.beat()
    due = {case_no: passed(await runs.case(case_no), time.at) for case_no in case_nos}
    assert sum(map(len, due.values())) >= 0.8 * count
    await runs.answered()
    for case_no, was in before.items():
        case = await runs.case(case_no)
        fired = await rungs_since(made, case_no, was.seq)
        assert sorted(fired) == sorted(due[case_no]), case_no
        _one_rung_a_clock(was, case, due[case_no])
        _charged_to_the_system_alone(was, case, left)
        assert await interruptions(made, case_no) == ([(left.isoformat(), time.at)] if fired else [])
    await _all_end_well(runs, made, before)


def _one_rung_a_clock(was: Case, case: Case, due: dict[str, int]) -> None:
    for clock in case.clocks:
        known = {step.n for before in was.clocks if before.id == clock.id for step in before.climbed}
        new = [step for step in clock.climbed if step.n not in known]
        assert [step.n for step in new if not step.skipped] == ([due[clock.id]] if clock.id in due else []), clock.id
        assert all(step.n < due[clock.id] for step in new if step.skipped)


def _charged_to_the_system_alone(was: Case, case: Case, left: datetime) -> None:
    returned = left + DOWN
    for clock, who in late(case, returned).items():
        assert who in ("system", late(was, left).get(clock)), (case.case_no, clock)
    if case.closed_at is not None:
        return
    account, earlier = case.held.until(returned).seconds, was.held.until(left).seconds
    assert {
        who: seconds - earlier.get(who, 0.0) for who, seconds in account.items() if who != "system"
    } == dict.fromkeys(account.keys() - {"system"}, 0.0)
    assert account["system"] - earlier.get("system", 0.0) == pytest.approx(DOWN.total_seconds())
    assert sum(account.values()) == pytest.approx((returned - case.received_at).total_seconds())


async def _all_end_well(runs: Runs, made: Made, before: dict[str, Case]) -> None:
    """Whoever goes on at once is not late; the record is whole."""
    runs.time.forward(minutes=1)
    await runs.alive()
    for case_no, was in before.items():
        if was.state is State.AWAITING_ACK and UNIT not in late(was, was.last_at or was.received_at).values():
            case = await runs.said(case_no, Kind.COMPLETED, result="已修好")
            assert UNIT not in late(case, runs.time.at).values()
        loaded = await runs.loaded(case_no)
        assert first_break(case_no, list(loaded.events), loaded.row.head) is None
        assert isinstance(loaded.events[-1], EventRow)
