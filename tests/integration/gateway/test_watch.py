"""The gateway's own watch: alive, on time, and nothing due goes unfired without somebody being told."""

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import create_async_engine

from casework.case import Interruption
from casework.steps import due_rung
from catalog.policy import Policy
from engine.prefect_memory import MemoryPrefect
from gateway import watch as watching
from gateway.app import create_app
from gateway.watch import Watch
from ledger.city import City
from ledger.ledger import Ledger
from ledger.machine_clock import Offset
from ledger.marks import RECONCILED
from ledger.settings import Settings
from ledger.tables import OutageRow
from tests.integration.gateway.hands import Hands, until
from tests.integration.ledger.made import Made
from tests.integration.ledger.wakes import START, Time


@pytest.fixture
def time(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time.of(ledger, monkeypatch)


@pytest.fixture
async def made(ledger: Ledger) -> Made:
    await ledger.policies.pin("pingshan", Policy(calendar="none", quiet_hours=None), "file")
    return Made(ledger)


async def open_alerts(ledger: Ledger) -> list[str]:
    return [row.kind for row in await ledger.alerts.open()]


async def outages(ledger: Ledger) -> list[Interruption]:
    async with ledger.database.read() as session:
        rows = await session.scalars(select(OutageRow).order_by(OutageRow.since))
        return [Interruption(row.since, row.until) for row in rows]


async def fire(ledger: Ledger, case_no: str, at: datetime) -> None:
    """What the case's run would do."""
    loaded = await ledger.cases.load(case_no)
    act = due_rung(loaded.case, loaded.policy, at)
    assert act is not None
    await ledger.cases.record(case_no, act)


async def test_a_rung_that_nobody_fires_is_told_after_a_minute_once_and_taken_back(
    time: Time, made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    watch, ledger = Watch(made.ledger), made.ledger
    case_no = await made.receive(START, has_phone=False)
    for minutes, seconds, overdue in ((4, 0, False), (6, 1, False), (6, 3, True), (7, 0, True)):
        time.at = START + timedelta(minutes=minutes, seconds=seconds)
        await watch.rungs()
        assert watch.overdue is overdue
        assert await open_alerts(ledger) == ["rungs_overdue"] * overdue
    (row,) = await ledger.alerts.open()
    assert case_no in row.words
    assert row.times == 1
    assert sum(case_no in record.message for record in caplog.records) == 1
    await fire(ledger, case_no, time.at)
    await watch.rungs()
    assert not watch.overdue
    assert await open_alerts(ledger) == []


async def test_a_claim_that_does_nothing_hides_no_overdue_rung(time: Time, made: Made) -> None:
    watch = Watch(made.ledger)
    case_no = await made.receive(START, has_phone=False)
    time.forward(minutes=9)
    await made.ledger.claims.claim(case_no)
    await made.change(case_no, alarm_at=time.at + timedelta(days=1))
    await watch.rungs()
    assert watch.overdue


async def test_a_reconcile_that_looks_no_more_is_told_after_five_minutes_once_and_taken_back(
    time: Time, made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    watch, ledger = Watch(made.ledger), made.ledger
    await watch.reconcile()  # it has never looked: nothing has been deployed yet
    time.forward(hours=3)
    await watch.reconcile()
    assert await open_alerts(ledger) == []
    await ledger.marks.set(RECONCILED, time.at.isoformat())
    for minutes, silent in ((1, False), (4, False), (1, True), (1, True)):
        time.forward(minutes=minutes)
        await watch.reconcile()
        assert await open_alerts(ledger) == ["reconcile_silent"] * silent
    assert sum("has not looked" in record.message for record in caplog.records) == 1
    await ledger.marks.set(RECONCILED, time.at.isoformat())
    await watch.reconcile()
    assert await open_alerts(ledger) == []


async def test_after_an_outage_reconcile_has_five_minutes_to_look(time: Time, made: Made) -> None:
    await made.ledger.marks.set(RECONCILED, (time.at - timedelta(hours=3)).isoformat())
    watch = Watch(made.ledger)
    await watch.reconcile()
    assert await open_alerts(made.ledger) == []
    time.forward(minutes=6)
    await watch.reconcile()
    assert await open_alerts(made.ledger) == ["reconcile_silent"]


async def test_a_beat_writes_down_the_silence_before_it(
    time: Time, made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    await Watch(made.ledger).begin()
    time.forward(hours=3)
    await Watch(made.ledger).begin()
    assert await outages(made.ledger) == [Interruption(START, time.at)]
    assert "No gateway was alive" in caplog.text


async def test_a_clock_put_back_is_told_until_it_has_caught_up(
    time: Time, made: Made, caplog: pytest.LogCaptureFixture
) -> None:
    watch = Watch(made.ledger)
    await watch.begin()
    time.forward(seconds=-30)
    await watch.beat()
    assert await open_alerts(made.ledger) == ["clock_put_back"]
    assert re.search(r"has jumped by -30\.\d s", caplog.text)  # a loaded machine takes its time in between
    time.forward(seconds=31)
    await watch.beat()
    assert await open_alerts(made.ledger) == []


async def test_a_machine_whose_clock_is_off_is_told(made: Made) -> None:
    watch = Watch(made.ledger)
    await watch.begin()
    made.ledger.database.offset = Offset(9.0, 0.01)
    await watch.clock()
    assert await open_alerts(made.ledger) == ["clock_skew"]


async def test_it_survives_every_failure(
    made: Made, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(watching, "BEAT_SECONDS", 0.01)
    caplog.set_level(logging.WARNING)
    database, watch = made.ledger.database, Watch(made.ledger)
    await watch.begin()
    running = asyncio.create_task(watch.run())
    working, database.engine = database.engine, create_async_engine("postgresql+asyncpg://127.0.0.1:9/nowhere")
    await until(lambda: "does not answer" in caplog.text)
    await database.engine.dispose()
    database.engine = working
    await until(lambda: "answers again" in caplog.text)
    made.ledger.overdue = None  # type: ignore[assignment]  # a fault of ours
    await until(lambda: "The watch failed in one part" in caplog.text)
    assert not running.done()
    watch.stop()
    await running


async def test_a_gateway_beats_before_it_serves_or_wakes(
    time: Time, ledger: Ledger, city: City, tmp_path: Path
) -> None:
    await ledger.outages.beat()
    time.forward(hours=3)
    prefect = MemoryPrefect("demo")
    app = create_app(Settings(home=tmp_path), ledger=ledger, city=city, prefect=prefect)
    async with app.router.lifespan_context(app):
        assert await outages(ledger) == [Interruption(START, time.at)]


async def test_metrics_and_readiness_tell_of_overdue_rungs(hands: Hands, monkeypatch: pytest.MonkeyPatch) -> None:
    await hands.received()
    await hands.office.watch.rungs()
    assert (await hands.client.get("/readyz")).json()["rungs"] == "ok"
    assert "huiyin_overdue_rung_seconds 0.0" in (await hands.client.get("/metrics")).text
    monkeypatch.setattr(hands.ledger.database, "now", _later(hands.ledger.database.now, minutes=7))
    await hands.office.watch.rungs()
    ready = await hands.client.get("/readyz")
    assert (ready.status_code, ready.json()["rungs"]) == (200, "overdue")
    told = (await hands.client.get("/metrics")).text
    age = float(next(line for line in told.splitlines() if line.startswith("huiyin_overdue")).split()[1])
    assert 100 < age < 500
    assert 'huiyin_alerts{kind="rungs_overdue"} 1.0' in told


def _later(now: Callable[..., object], **span: float) -> Callable[..., object]:
    async def later(session: object = None) -> datetime:
        at: datetime = await now(session)  # type: ignore[misc]
        return at + timedelta(**span)

    return later
