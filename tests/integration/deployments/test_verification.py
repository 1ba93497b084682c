"""`huiyin verify` against real databases: sound ledgers are clean, and each planted fault is found."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.states import Completed, Paused
from sqlalchemy import delete, update

from deployments.office import Office
from deployments.run_states import RunStates
from deployments.verification import Verification
from ledger.city import City
from ledger.intake import IntakeForm
from ledger.ledger import Ledger
from ledger.seeding import seed_policies
from ledger.settings import Settings
from ledger.tables import CaseRow, EventRow

CITY = City.of(Settings())


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.verification.BETWEEN_LOOKS", 0.01)


@pytest.fixture
async def office(ledger: Ledger) -> Office:
    await seed_policies(ledger, CITY)
    return Office(Settings(), CITY, ledger)


async def opened(office: Office, n: int = 3) -> list[str]:
    texts = (f"江畔社区路灯不亮，第 {number} 盏" for number in range(n))
    return [(await office.receive(IntakeForm(district="demo", text=words)))[0] for words in texts]


async def found(office: Office, runs: RunStates | None = None) -> dict[str, list[str]]:
    return (await Verification(office.ledger, runs).report()).faults


async def changed(office: Office, statement: object) -> None:
    async with office.ledger.database.write() as session:
        await session.execute(statement)


async def test_a_sound_ledger_is_clean_and_counted(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.verification.PAGE", 2)
    await opened(office, 5)
    report = await Verification(office.ledger).report()
    assert report.document() == {"ok": True, "cases": 5, "events": 5, "findings": []}


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"state": "in_progress"}, "state"),
        ({"grade": "A"}, "grade"),
        ({"unit": "market"}, "unit"),
        ({"next_due_at": datetime(2030, 1, 1, tzinfo=UTC)}, "next_due_at"),
        ({"property": "thanks"}, "property"),
        ({"received_at": datetime(2020, 1, 1, tzinfo=UTC)}, "received_at"),
        ({"seq": 7}, "seq"),
    ],
)
async def test_a_column_that_the_events_do_not_bear_out_is_found(
    office: Office, values: dict[str, object], told: str
) -> None:
    _, victim, _ = await opened(office)
    await changed(office, update(CaseRow).where(CaseRow.case_no == victim).values(**values))
    faults = await found(office)
    assert list(faults) == [victim]
    assert len(faults[victim]) == 1
    assert f"列 {told} " in faults[victim][0]


@pytest.mark.parametrize(
    "values",
    [
        {"data": '{"district":"demo"}'},
        {"data": "{"},
        {"actor": "nobody"},
        {"kind": "case.invented"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"recorded_at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"hash": "f" * 64},
    ],
)
async def test_a_changed_event_is_found(office: Office, values: dict[str, object]) -> None:
    victim, _, _ = await opened(office)
    await changed(office, update(EventRow).where(EventRow.case_no == victim).values(**values))
    faults = await found(office)
    assert list(faults) == [victim]
    assert "事件链断裂" in faults[victim][0]


async def test_a_removed_event_is_found(office: Office) -> None:
    victim, _, _ = await opened(office)
    await changed(office, delete(EventRow).where(EventRow.case_no == victim))
    assert "没有任何事件" in (await found(office))[victim][0]


async def run_of(client: PrefectClient, flow: str, case_no: str) -> str:
    """A flow run as the flow would leave it, without running anything."""
    flow_id = await client.create_flow_from_name(flow)
    made = await client._client.post("/flow_runs/", json={"flow_id": str(flow_id), "name": case_no})
    return str(made.json()["id"])


async def test_runs_that_do_not_fit_their_cases_are_found(office: Office, prefect_server: str) -> None:
    fits, elsewhere, ended, gone, alarmless = await opened(office, 5)
    soon = await office.ledger.now() + timedelta(minutes=10)
    flow = f"request-{uuid4().hex[:6]}"
    async with PrefectClient(prefect_server) as client:
        for case_no, name in (
            (fits, "已收 10:30前"),
            (elsewhere, "待签收 10:30前"),
            (ended, None),
            (alarmless, "已收"),
        ):
            run_id = await run_of(client, flow, case_no)
            state = Completed() if name is None else Paused(name=name, reschedule=True, pause_key=uuid4().hex)
            await client.set_flow_run_state(run_id, state, force=True)
            await office.ledger.alarms.ran(case_no, run_id, 0)
        await office.ledger.alarms.ran(gone, str(uuid4()), 0)
        stray = await run_of(client, flow, "stray")
        await changed(office, update(CaseRow).values(alarm_at=soon))
        await changed(office, update(CaseRow).where(CaseRow.case_no == alarmless).values(alarm_at=None))
        faults = await found(office, RunStates(client, (flow,)))
    expected = {elsewhere: "停在", ended: "却已结束", gone: "Prefect 中没有", alarmless: "没有闹钟", stray: "不属于"}
    assert faults.keys() == expected.keys()
    assert all(expected[about] in sentences[0] for about, sentences in faults.items())


async def test_what_was_caught_in_the_middle_of_a_step_is_looked_at_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, _, _ = await opened(office)
    right = (await office.ledger.cases.load(victim)).row.grade
    await changed(office, update(CaseRow).where(CaseRow.case_no == victim).values(grade="A"))

    async def meanwhile(seconds: float) -> None:
        await changed(office, update(CaseRow).where(CaseRow.case_no == victim).values(grade=right))

    assert "grade" in (await found(office))[victim][0]
    monkeypatch.setattr("deployments.verification.asyncio.sleep", meanwhile)
    assert await found(office) == {}


async def test_since_when_prefect_has_the_flow(prefect_server: str) -> None:
    flow = f"request-{uuid4().hex[:6]}"
    before = datetime.now(UTC) - timedelta(seconds=1)
    async with PrefectClient(prefect_server) as client:
        assert await RunStates(client, (flow,)).begun() is None
        await client.create_flow_from_name(flow)
        begun = await RunStates(client, (flow,)).begun()
    assert begun is not None
    assert before <= begun <= datetime.now(UTC) + timedelta(seconds=1)
