"""What stands behind the door to Prefect keeps its promises: the stand-in, and the real server's API."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from engine.prefect_api import PrefectApi
from engine.prefect_door import ENDED, CallRefused, DeploymentMissing, NewRun, PrefectAway, PrefectDoor, RunGone
from engine.prefect_memory import MemoryPrefect


@dataclass
class Behind:
    """A door, and an operator's hands on what is behind it."""

    door: PrefectDoor
    district: str
    put: Callable[[str, str], Awaitable[None]]
    delete: Callable[[str], Awaitable[None]]
    lose: Callable[[str, str], Awaitable[None]]

    def run(self, generation: int = 0) -> NewRun:
        return NewRun(f"{self.district.upper()}1", self.district, "A", generation)


async def _memory() -> AsyncIterator[Behind]:
    district = f"d{uuid4().hex[:8]}"
    memory = MemoryPrefect(district)

    async def put(run_id: str, state: str) -> None:
        memory.put(run_id, state)

    async def delete(run_id: str) -> None:
        memory.delete(run_id)

    async def lose(run_id: str, what: str) -> None:
        memory.lose(run_id)

    yield Behind(memory, district, put, delete, lose)


async def _server(url: str) -> AsyncIterator[Behind]:
    district, door = f"d{uuid4().hex[:8]}", PrefectApi(url)
    async with httpx.AsyncClient(base_url=url, timeout=30, trust_env=False) as http:

        async def put(run_id: str, state: str) -> None:
            for name in ("PENDING", "RUNNING", state):
                details = {"pause_key": uuid4().hex, "pause_reschedule": True} if name == "PAUSED" else {}
                body = {"type": name, "name": name.title(), "state_details": details}
                told = (await _insist(http, "POST", f"/flow_runs/{run_id}/set_state", {"state": body})).json()
                assert told["status"] == "ACCEPT", told
                if name == state:
                    break

        async def delete(run_id: str) -> None:
            await _insist(http, "DELETE", f"/flow_runs/{run_id}")

        pool = f"pool-{district}"
        await _insist(http, "POST", "/work_pools/", {"name": pool, "type": "process"})
        flow = (await _insist(http, "POST", "/flows/", {"name": "request"})).json()["id"]
        deployed = {"name": district, "flow_id": flow, "work_pool_name": pool, "work_queue_name": "C"}
        await _insist(http, "POST", "/deployments/", deployed)

        async def lose(run_id: str, what: str) -> None:
            """Delete the pool or the deployment of a run that has been started."""
            await put(run_id, "PAUSED")
            deployment = (await http.get(f"/flow_runs/{run_id}")).json()["deployment_id"]
            path = f"/work_pools/{pool}" if what == "pool" else f"/deployments/{deployment}"
            await _insist(http, "DELETE", path)

        yield Behind(door, district, put, delete, lose)
        await door.close()


async def _insist(http: httpx.AsyncClient, method: str, path: str, body: object = None) -> httpx.Response:
    """Asked again while the server's database is locked, as Prefect's own client does."""
    for _ in range(20):
        answer = await http.request(method, path, json=body)
        if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
            return answer.raise_for_status()
        await asyncio.sleep(0.2)
    raise AssertionError(f"{path}: busy for too long")


@pytest.fixture(params=["memory", pytest.param("server", marks=pytest.mark.stack)])
async def behind(request: pytest.FixtureRequest) -> AsyncIterator[Behind]:
    made = _memory() if request.param == "memory" else _server(request.getfixturevalue("prefect_server"))
    async for one in made:
        yield one


async def test_a_run_is_made_once_for_each_generation(behind: Behind) -> None:
    first, again = await behind.door.create(behind.run()), await behind.door.create(behind.run())
    assert first == again
    assert await behind.door.create(behind.run(1)) != first
    standing = await behind.door.standing(first)
    assert (standing.state, standing.deliverable) == ("SCHEDULED", True)
    assert standing.on_its_way(datetime.now(UTC))


@pytest.mark.parametrize("state", ["PAUSED", "RUNNING", "COMPLETED", "FAILED", "CRASHED", "CANCELLED"])
async def test_waking_schedules_from_any_state(behind: Behind, state: str) -> None:
    run_id = await behind.door.create(behind.run())
    await behind.put(run_id, state)
    assert (await behind.door.standing(run_id)).state == state
    await behind.door.wake(run_id)
    standing = await behind.door.standing(run_id)
    assert standing.state == "SCHEDULED"
    assert standing.on_its_way(datetime.now(UTC))


async def test_a_run_that_is_being_cancelled_refuses(behind: Behind) -> None:
    run_id = await behind.door.create(behind.run())
    await behind.put(run_id, "CANCELLING")
    with pytest.raises(CallRefused):
        await behind.door.wake(run_id)


async def test_a_deleted_run_is_gone_and_its_key_makes_a_new_one(behind: Behind) -> None:
    run_id = await behind.door.create(behind.run())
    await behind.delete(run_id)
    with pytest.raises(RunGone):
        await behind.door.wake(run_id)
    with pytest.raises(RunGone):
        await behind.door.standing(run_id)
    assert await behind.door.create(behind.run()) != run_id


@pytest.mark.parametrize("what", ["pool", "deployment"])
async def test_a_run_that_lost_its_pool_or_its_deployment_is_woken_in_vain(behind: Behind, what: str) -> None:
    run_id = await behind.door.create(behind.run())
    await behind.lose(run_id, what)
    await behind.door.wake(run_id)  # Prefect takes it, and no worker will ever get it
    standing = await behind.door.standing(run_id)
    assert (standing.state, standing.deliverable) == ("SCHEDULED", False)
    assert not standing.on_its_way(datetime.now(UTC))
    await behind.door.retire(run_id)
    assert (await behind.door.standing(run_id)).ended


@pytest.mark.parametrize("what", ["pool", "deployment"])
@pytest.mark.stack
async def test_no_run_is_made_that_no_worker_can_get(prefect_server: str, what: str) -> None:
    async for behind in _server(prefect_server):
        await behind.lose(await behind.door.create(behind.run()), what)
        with pytest.raises(DeploymentMissing, match=f"run huiyin deploy {behind.district}"):
            await behind.door.create(behind.run(1))


@pytest.mark.parametrize("state", ["PAUSED", "RUNNING", "CANCELLING", "COMPLETED", "FAILED"])
async def test_a_run_is_retired_once_and_for_all(behind: Behind, state: str) -> None:
    run_id = await behind.door.create(behind.run())
    await behind.put(run_id, state)
    for _ in range(2):
        await behind.door.retire(run_id)
        assert (await behind.door.standing(run_id)).state == (state if state in ENDED else "CANCELLED")
    await behind.delete(run_id)
    await behind.door.retire(run_id)


async def test_a_district_that_is_not_deployed(behind: Behind) -> None:
    with pytest.raises(DeploymentMissing, match="run huiyin deploy nowhere"):
        await behind.door.create(NewRun("X1", "nowhere", "A", 0))
    assert await behind.door.reachable()


@pytest.mark.stack
async def test_the_run_is_what_the_desk_expects(prefect_server: str) -> None:
    async for behind in _server(prefect_server):
        run_id = await behind.door.create(behind.run())
        async with httpx.AsyncClient(base_url=prefect_server, trust_env=False) as http:
            run = (await http.get(f"/flow_runs/{run_id}")).json()
            deployment = (await http.get(f"/deployments/name/request/{behind.district}")).json()
            await _insist(http, "DELETE", f"/deployments/{deployment['id']}")
        assert run["name"] == behind.run().case_no
        assert run["parameters"] == {"case_no": behind.run().case_no}
        assert (run["work_queue_name"], sorted(run["tags"])) == ("A", [f"district:{behind.district}", "grade:A"])
        with pytest.raises(DeploymentMissing):  # though its id was known
            await behind.door.create(behind.run(1))


async def test_nobody_there() -> None:
    for door in (PrefectApi("http://127.0.0.1:9/api"), away := MemoryPrefect("demo")):
        away_now = isinstance(door, MemoryPrefect)
        if away_now:
            away.away = True
        assert not await door.reachable()
        with pytest.raises(PrefectAway):
            await door.create(NewRun("X1", "demo", "A", 0))
        with pytest.raises(PrefectAway):
            await door.wake(str(uuid4()))
        await door.close()


async def test_a_busy_server_is_asked_a_few_times_and_then_said_to_be_busy() -> None:
    calls = []

    def busy(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        return httpx.Response(503) if len(calls) < 3 else httpx.Response(404)

    door = PrefectApi("http://prefect.test/api")
    door._http = httpx.AsyncClient(base_url="http://prefect.test/api", transport=httpx.MockTransport(busy))
    with pytest.raises(RunGone):
        await door.wake("x")
    assert len(calls) == 3
    await door.close()
