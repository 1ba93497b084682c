"""The waker: each ringing case gets its run, whatever Prefect, an operator or a second waker does meanwhile."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from casework.events import SYSTEM, Act, Kind
from catalog.policy import Grade, Policy
from engine.prefect_door import CallRefused, NewRun, PrefectBusy
from engine.prefect_memory import MemoryPrefect, MemoryRun
from gateway.meters import Meters
from gateway.waker import IN_FLIGHT, Waker
from ledger.cases import NewRequest
from ledger.ledger import Ledger
from ledger.tables import CaseRow
from tests.integration.gateway.hands import until


class Night:
    """A ledger with cases and a waker that is driven by hand."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger, self.prefect = ledger, MemoryPrefect("demo", "futian")
        self.waker = Waker(ledger, self.prefect, Meters())

    async def case(self, district: str = "demo", grade: Grade = Grade.C) -> str:
        new = NewRequest(district, district[:2].upper(), "web", "路灯坏了", "help", grade, "2026")
        case_no, _ = await self.ledger.cases.receive(new, await self.ledger.now())
        return case_no

    async def row(self, case_no: str) -> CaseRow:
        return (await self.ledger.cases.load(case_no)).row

    async def parked(self, case_no: str) -> str:
        """What a run does with a case: claims it, parks, lets go."""
        run_id = (await self.row(case_no)).flow_run_id
        assert run_id is not None
        epoch = await self.ledger.claims.claim(case_no)
        assert epoch is not None
        self.prefect.put(run_id, "PAUSED")
        calls = (await self.row(case_no)).calls
        await self.ledger.claims.release(case_no, epoch, calls, None)
        return run_id

    async def expire(self, case_no: str) -> None:
        """The right to wake the case has run out unused."""
        past = await self.ledger.now() - timedelta(seconds=1)
        change = update(CaseRow).where(CaseRow.case_no == case_no).values(waking_until=past, alarm_at=past)
        async with self.ledger.database.write() as session:
            await session.execute(change)

    def runs(self, case_no: str) -> list[MemoryRun]:
        return [run for run in self.prefect.runs.values() if run.made_from.case_no == case_no]


@pytest.fixture
async def night(ledger: Ledger) -> Night:
    for district in ("demo", "futian"):
        await ledger.policies.pin(district, Policy(), "test")
    return Night(ledger)


async def test_a_new_case_gets_its_run(night: Night) -> None:
    case_no = await night.case(grade=Grade.B)
    await night.waker.look()
    (run,) = night.runs(case_no)
    assert run.made_from == NewRun(case_no, "demo", "B", 0)
    assert run.made_from.tags == ["district:demo", "grade:B"]
    assert (await night.row(case_no)).flow_run_id == run.id
    await night.waker.look()
    assert len(night.prefect.runs) == 1


async def test_an_event_wakes_the_same_run_once(night: Night) -> None:
    case_no = await night.case()
    await night.waker.look()
    run_id = await night.parked(case_no)
    await night.waker.look()
    assert night.prefect.runs[run_id].state == "PAUSED"
    act = Act(Kind.ASSIGNED, SYSTEM, await night.ledger.now(), {"unit": "market"})
    await night.ledger.cases.record(case_no, act)
    await night.waker.look()
    await night.waker.look()
    woken = night.prefect.runs[run_id]
    assert (woken.state, woken.wakes, len(night.prefect.runs)) == ("SCHEDULED", 1, 1)


async def test_two_wakers_make_one_run(night: Night) -> None:
    cases = [await night.case() for _ in range(4)]
    other = Waker(night.ledger, night.prefect, Meters())
    await asyncio.gather(night.waker.look(), other.look())
    assert [len(night.runs(case_no)) for case_no in cases] == [1] * 4


async def test_a_claimed_case_is_left_alone(night: Night) -> None:
    case_no = await night.case()
    assert await night.ledger.claims.claim(case_no) is not None
    await night.waker.look()
    assert night.prefect.runs == {}


@pytest.mark.parametrize("state", ["CANCELLED", "COMPLETED", "FAILED", "CRASHED"])
async def test_an_ended_run_is_revived(night: Night, state: str) -> None:
    case_no = await night.case()
    await night.waker.look()
    run_id = await night.parked(case_no)
    night.prefect.put(run_id, state)
    await night.ledger.alarms.ring(case_no)
    await night.waker.look()
    assert night.prefect.runs[run_id].state == "SCHEDULED"
    assert len(night.prefect.runs) == 1


@pytest.mark.parametrize("lost", ["deleted", "cancelling", "out of all queues"])
async def test_a_run_that_cannot_be_woken_has_a_successor(night: Night, lost: str) -> None:
    case_no = await night.case()
    await night.waker.look()
    run_id = await night.parked(case_no)
    if lost == "deleted":
        night.prefect.delete(run_id)
    elif lost == "cancelling":
        night.prefect.put(run_id, "CANCELLING")
    else:  # Prefect takes the call, and nothing comes of it
        night.prefect.lose(run_id)
        await night.ledger.alarms.ring(case_no)
        await night.waker.look()
        assert night.prefect.runs[run_id].wakes == 1
        await night.expire(case_no)
    await night.ledger.alarms.ring(case_no)
    await night.waker.look()
    row = await night.row(case_no)
    assert row.generation == 1
    assert row.flow_run_id != run_id
    assert night.prefect.runs[str(row.flow_run_id)].made_from.idempotency_key == f"{case_no}:1"
    if lost != "deleted":  # nobody must take it for a second run of the case
        assert night.prefect.runs[run_id].state == "CANCELLED"


@pytest.mark.parametrize(
    ("state", "age", "wakes"),
    [
        ("SCHEDULED", 0, 0),
        ("PENDING", 0, 0),
        ("RUNNING", 0, 0),
        ("RUNNING", 60, 1),
        ("PENDING", 60, 1),
        ("PAUSED", 0, 1),
    ],
)
async def test_a_wake_that_nobody_answered(night: Night, state: str, age: int, wakes: int) -> None:
    """A run in its queue keeps its place there; one with nobody behind it is scheduled again."""
    case_no = await night.case()
    await night.waker.look()
    run_id = str((await night.row(case_no)).flow_run_id)
    night.prefect.put(run_id, state, since=datetime.now(UTC) - timedelta(seconds=age))
    await night.expire(case_no)
    await night.waker.look()
    assert night.prefect.runs[run_id].wakes == wakes


async def test_while_prefect_is_away_nothing_is_lost(night: Night, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    night.prefect.away = True
    cases = [await night.case() for _ in range(3)]
    running = asyncio.create_task(night.waker.run())
    await until(lambda: "does not answer" in caplog.text)
    cases.append(await night.case())
    night.waker.poke()
    night.prefect.away = False
    await until(lambda: len(night.prefect.runs) == 4)
    night.waker.stop()
    await running
    assert [len(night.runs(case_no)) for case_no in cases] == [1] * 4
    assert [record.message.partition("(")[0] for record in caplog.records] == [
        "Prefect does not answer ",
        caplog.records[1].message,
    ]
    assert "answers again" in caplog.records[1].message


async def test_a_district_without_deployment_holds_up_no_other(night: Night, caplog: pytest.LogCaptureFixture) -> None:
    night.prefect.deployments.remove("futian")
    waiting = [await night.case("futian", Grade.A) for _ in range(IN_FLIGHT + 1)]
    served = await night.case("demo")
    await night.waker.look()
    await night.waker.look()
    assert night.runs(served)
    assert caplog.text.count("run huiyin deploy futian") == 1
    night.prefect.deployments.add("futian")
    night.waker._shelved.clear()
    await night.waker.look()
    assert any(night.runs(case_no) for case_no in waiting)


async def test_no_more_in_flight_than_the_worker_takes(night: Night) -> None:
    cases = [await night.case() for _ in range(IN_FLIGHT + 3)]
    urgent = await night.case(grade=Grade.A)
    await night.waker.look()
    await night.waker.look()
    assert len(night.prefect.runs) == IN_FLIGHT
    assert night.runs(urgent)
    await night.parked(urgent)
    await night.waker.look()
    assert sum(len(night.runs(case_no)) for case_no in cases) == IN_FLIGHT


async def test_cases_that_stand_in_a_paused_queue_keep_nobody_from_being_woken(night: Night) -> None:
    standing = [await night.case() for _ in range(2 * IN_FLIGHT)]
    for _ in range(2):
        await night.waker.look()
        for case_no in (one for one in standing if night.runs(one)):  # woken long ago, and no run has come
            await night.expire(case_no)
    await night.waker.look()  # finds half of them in the queue, and leaves them there; the others ring on
    less_urgent = await night.case()
    async with night.ledger.database.write() as session:
        await session.execute(update(CaseRow).where(CaseRow.case_no == less_urgent).values(state="in_progress"))
    await night.waker.look()
    assert night.runs(less_urgent)
    assert [run.wakes for case_no in standing for run in night.runs(case_no)] == [0] * 2 * IN_FLIGHT


class Moody(MemoryPrefect):
    """Answers the first call with an error, then as it should."""

    def __init__(self, error: Exception) -> None:
        super().__init__("demo")
        self.error: Exception | None = error

    async def create(self, run: NewRun) -> str:
        if self.error is not None:
            error, self.error = self.error, None
            raise error
        return await super().create(run)


async def test_a_busy_prefect_is_asked_again_at_once(night: Night) -> None:
    case_no = await night.case()
    waker = Waker(night.ledger, moody := Moody(PrefectBusy("503")), Meters())
    await waker.look()
    assert moody.runs == {}
    await waker.look()
    assert [run.made_from.case_no for run in moody.runs.values()] == [case_no]


async def test_a_refusal_is_said_and_tried_again_later(night: Night, caplog: pytest.LogCaptureFixture) -> None:
    case_no = await night.case()
    waker = Waker(night.ledger, moody := Moody(CallRefused("Prefect made no run: 409 bad policy")), Meters())
    await waker.look()
    await waker.look()
    assert moody.runs == {}
    assert "bad policy" in caplog.text
    await night.expire(case_no)
    await waker.look()
    assert len(moody.runs) == 1


async def test_a_fault_in_one_look_ends_nothing(night: Night, caplog: pytest.LogCaptureFixture) -> None:
    case_no = await night.case()
    waker = Waker(night.ledger, moody := Moody(KeyError("id")), Meters())
    running = asyncio.create_task(waker.run())
    await until(lambda: "A look at the alarms failed" in caplog.text)
    await night.expire(case_no)
    waker.poke()
    await until(lambda: bool(moody.runs))
    waker.stop()
    await running
