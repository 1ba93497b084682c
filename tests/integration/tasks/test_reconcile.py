"""reconcile on a real Prefect server: what it finds, what it does about it, and what it leaves alone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prefect.settings import PREFECT_API_URL, PREFECT_LOGGING_TO_API_ENABLED, temporary_settings
from sqlalchemy import text, update

from casework.steps import next_alarm
from catalog.policy import Grade, Policy
from engine.prefect_api import PrefectApi
from engine.prefect_door import NewRun
from ledger.cases import NewRequest
from ledger.ledger import Ledger
from ledger.settings import settings
from ledger.tables import CaseRow
from tasks import looking
from tasks.looking import pages
from tasks.reconcile import find_strays, wake_overdue

HOUR = timedelta(hours=1)
BUSY_TRIES = 20


@dataclass
class Desk:
    """A district with a deployment in a pool of its own, and the cases whose runs are there."""

    ledger: Ledger
    http: httpx.AsyncClient
    door: PrefectApi
    district: str

    async def deploy(self, pool: str) -> str:
        await self.call("POST", "/work_pools/", {"name": pool, "type": "process"})
        flow = (await self.call("POST", "/flows/", {"name": "request"})).json()["id"]
        deployed = {"name": self.district, "flow_id": flow, "work_pool_name": pool, "work_queue_name": "C"}
        return str((await self.call("POST", "/deployments/", deployed)).json()["id"])

    async def call(self, method: str, path: str, body: object = None) -> httpx.Response:
        """One call, again while the server says 503: its database is locked for a moment."""
        for _ in range(BUSY_TRIES):
            answer = await self.http.request(method, path, json=body)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            await asyncio.sleep(0.5)
        return answer.raise_for_status()

    async def case(self, **columns: Any) -> str:
        """A case whose run waits as it should; then these columns of its row are changed."""
        case_no = await received(self.ledger, self.district)
        run_id = await self.door.create(NewRun(case_no, self.district, "C", 0))
        await self.ledger.alarms.ran(case_no, run_id, 0)
        await self.put(run_id, "PAUSED", "已收", pause_key=uuid4().hex, pause_reschedule=True)
        loaded = await self.ledger.cases.load(case_no)
        wanted = next_alarm(loaded.case, loaded.policy, await self.ledger.deliveries.owed(case_no))
        await change(self.ledger, case_no, **{"alarm_at": wanted, **columns})
        return case_no

    async def put(self, run_id: str, kind: str, name: str, **details: Any) -> None:
        state = {"type": kind, "name": name, "state_details": details}
        await self.call("POST", f"/flow_runs/{run_id}/set_state", {"state": state, "force": True})

    async def run(self, case_no: str) -> str:
        return str((await self.ledger.cases.row(case_no)).flow_run_id)

    def at_work(self) -> AbstractContextManager[Any]:
        """Tasks outside a flow: their logs have no run to go to."""
        return temporary_settings({PREFECT_API_URL: str(self.http.base_url), PREFECT_LOGGING_TO_API_ENABLED: False})

    async def look(self, *, full: bool = False) -> set[str]:
        """One look; the cases that ring now."""
        with self.at_work():
            await find_strays(full)
        return {ringing.case_no for ringing in await self.ledger.alarms.ringing(500)}


async def received(ledger: Ledger, district: str) -> str:
    new = NewRequest(district, district.upper(), "web", "路灯坏了", "help", Grade.C, "2026")
    case_no, _ = await ledger.cases.receive(new, await ledger.now())
    return case_no


async def change(ledger: Ledger, case_no: str, **columns: Any) -> None:
    async with ledger.database.write() as session:
        await session.execute(update(CaseRow).where(CaseRow.case_no == case_no).values(**columns))


@pytest.fixture
async def desk(ledger: Ledger, prefect_server: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    monkeypatch.setenv("PREFECT_API_URL", prefect_server)
    settings.cache_clear()
    district = f"d{uuid4().hex[:8]}"
    await ledger.policies.pin(district, Policy(), "test")
    door = PrefectApi(prefect_server)
    async with httpx.AsyncClient(base_url=prefect_server, timeout=30, trust_env=False) as http:
        made = Desk(ledger, http, door, district)
        await made.deploy(f"pool-{district}")
        yield made
    await door.close()


async def ahead(ledger: Ledger) -> datetime:
    return await ledger.now() + HOUR


@pytest.mark.stack
async def test_what_has_ended_of_late_is_woken_within_the_minute_even_if_its_run_was_renamed(desk: Desk) -> None:
    await desk.case()
    await desk.look()  # from now on it has looked
    cancelled = await desk.case()
    await desk.put(await desk.run(cancelled), "CANCELLED", "Cancelled")
    await desk.call("PATCH", f"/flow_runs/{await desk.run(cancelled)}", {"name": "我的诉求"})
    await desk.ledger.marks.set(looking.COME_TO, "Z")  # the round is elsewhere
    assert await desk.look() == {cancelled}


@pytest.mark.stack
async def test_a_run_killed_before_it_could_say_that_it_had_ended_is_woken_once_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("casework.reconciling.STALE", timedelta(0))
    over = {"state": "closed", "closed_at": await desk.ledger.now(), "alarm_at": None}
    killed, ended, owing = [await desk.case() for _ in range(3)]
    for case_no, state in ((killed, "RUNNING"), (ended, "COMPLETED"), (owing, "RUNNING")):
        await desk.put(await desk.run(case_no), state, state.title())
        await change(desk.ledger, case_no, **over)
    await change(desk.ledger, owing, alarm_at=await ahead(desk.ledger))
    assert await desk.look() == {killed}


@pytest.mark.stack
async def test_the_round_finds_what_no_state_tells_of(desk: Desk) -> None:
    well, deleted, put_off, suspended = [await desk.case() for _ in range(4)]
    await desk.call("DELETE", f"/flow_runs/{await desk.run(deleted)}")
    in_a_week = (await desk.ledger.now() + timedelta(days=7)).isoformat()
    await desk.put(await desk.run(put_off), "SCHEDULED", "Scheduled", scheduled_time=in_a_week)
    await desk.put(await desk.run(suspended), "PAUSED", "Suspended", pause_key="mine")
    assert await desk.look() == {deleted, put_off, suspended}
    assert (await desk.door.standing(await desk.run(well))).state == "PAUSED"


@pytest.mark.parametrize("what", ["pool", "deployment"])
@pytest.mark.stack
async def test_a_case_whose_run_was_lost_with_its_pool_or_deployment_gets_a_new_one(desk: Desk, what: str) -> None:
    lost = await desk.case()
    run_id = await desk.run(lost)
    deployment = (await desk.call("GET", f"/deployments/name/request/{desk.district}")).json()["id"]
    pool = f"pool-{desk.district}"
    await desk.call("DELETE", f"/work_pools/{pool}" if what == "pool" else f"/deployments/{deployment}")
    assert await desk.look() == set()  # nothing could take its place: it stays as it is
    assert (await desk.door.standing(run_id)).state == "PAUSED"
    await desk.deploy(pool if what == "pool" else f"{pool}-2")
    assert await desk.look() == {lost}
    row = await desk.ledger.cases.row(lost)
    assert (row.flow_run_id, row.generation) == (None, 1)
    assert (await desk.door.standing(run_id)).state == "CANCELLED"
    assert await desk.look() == {lost}  # nothing is done twice
    assert (await desk.ledger.cases.row(lost)).generation == 1


@pytest.mark.stack
async def test_who_rests_on_purpose_and_who_is_held_is_left_alone(desk: Desk) -> None:
    failed = await desk.case(failures=2, alarm_at=await ahead(desk.ledger))
    quarantined = await desk.case(failures=5, alarm_at=await ahead(desk.ledger))
    held = await desk.case(lease_until=await ahead(desk.ledger))
    for case_no in (failed, quarantined, held):
        await desk.put(await desk.run(case_no), "FAILED", "Failed")
    for full in (False, True):
        assert await desk.look(full=full) == set()


@pytest.mark.stack
async def test_the_full_look_finds_an_alarm_that_would_ring_too_late(desk: Desk) -> None:
    well = await desk.case()
    oversleeps = await desk.case(alarm_at=await ahead(desk.ledger) + timedelta(days=30))
    silent = await desk.case(alarm_at=None)
    early = await desk.case()
    await change(desk.ledger, early, alarm_at=await desk.ledger.now() + timedelta(seconds=90))
    assert await desk.look() == {silent}
    assert await desk.look(full=True) == {silent, oversleeps}
    assert well not in await desk.look(full=True)


@pytest.mark.stack
async def test_what_the_gateway_has_not_woken_is_woken_half_a_minute_late(desk: Desk) -> None:
    case_no = await desk.case(alarm_at=await desk.ledger.now() - timedelta(minutes=1))
    with desk.at_work():
        assert await wake_overdue() == 1
    assert (await desk.door.standing(await desk.run(case_no))).state == "SCHEDULED"


async def test_the_round_comes_to_every_open_case_and_begins_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "PAGE", 2)
    await ledger.policies.pin("demo", Policy(), "test")
    cases = [await received(ledger, "demo") for _ in range(5)]
    closed = cases.pop(1)
    await change(ledger, closed, state="closed", closed_at=await ledger.now())

    async def look() -> list[str]:
        return [row.case_no async for page in pages([], full=False) for row in page]

    assert [await look() for _ in range(3)] == [cases[:2], cases[2:], []]
    assert await look() == cases[:2]
    cases.append(await received(ledger, "demo"))  # comes up in this very round
    assert [await look() for _ in range(3)] == [cases[2:4], cases[4:], cases[:2]]


async def test_a_page_of_the_round_is_read_by_the_index_of_open_cases(ledger: Ledger) -> None:
    asked = "explain query plan select * from cases where case_no > :a and closed_at is null order by case_no limit 200"
    async with ledger.database.read() as session:
        plan = (await session.execute(text(asked), {"a": "PS"})).all()
    assert [row[-1] for row in plan] == ["SEARCH cases USING INDEX ix_cases_open (case_no>?)"]
