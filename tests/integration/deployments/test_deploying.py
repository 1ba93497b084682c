"""`huiyin deploy` and `prefect deploy --all` against a real Prefect server."""

import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentScheduleUpdate, DeploymentUpdate, WorkPoolCreate
from prefect.client.schemas.filters import FlowFilter, FlowFilterName
from prefect.client.schemas.responses import DeploymentResponse
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError

from catalog.policy import Policy
from deployments.deploying import Deployed, deploy
from deployments.errors import CommandFailed
from deployments.office import Office
from deployments.plan import POOL, plan
from deployments.registration import Registration
from ledger.city import City
from ledger.ledger import Ledger
from ledger.policies import version_of
from ledger.seeding import seed_policies
from ledger.settings import ROOT, Settings

CITY = City.of(Settings())
NAMES = [planned.full_name for planned in plan(CITY.districts.values())]


@pytest.fixture
def ledger_url(migrated_sqlite: Path, tmp_path: Path) -> str:
    """On SQLite alone: what is asked of the ledger here, its own tests ask of both databases."""
    file = shutil.copy(migrated_sqlite, tmp_path / "ledger.db")
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture
async def office(ledger: Ledger) -> Office:
    await seed_policies(ledger, CITY)
    return Office(Settings(), CITY, ledger)


@pytest.fixture
async def prefect(prefect_server: str) -> AsyncIterator[PrefectClient]:
    """A server without our pool and deployments."""
    async with PrefectClient(prefect_server) as client:
        await forget(client)
        yield client
        await forget(client)


async def forget(client: PrefectClient) -> None:
    for name in NAMES:
        try:
            await client.delete_deployment((await client.read_deployment_by_name(name)).id)
        except ObjectNotFound:
            continue
    try:
        await client.delete_work_pool(POOL)
    except ObjectNotFound:
        return


async def deployed(office: Office, client: PrefectClient, *codes: str, from_file: bool = False) -> dict[str, Deployed]:
    done = await deploy(office, Registration(client), codes, from_file=from_file)
    return {each.name: each for each in done}


async def shown(client: PrefectClient) -> dict[str, dict[str, Any]]:
    """What an operator would see of each deployment."""
    return {name: _shown(await client.read_deployment_by_name(name)) for name in NAMES}


def _shown(deployment: DeploymentResponse) -> dict[str, Any]:
    fields = ("name", "entrypoint", "path", "parameters", "parameter_openapi_schema", "enforce_parameter_schema")
    more = ("description", "work_pool_name", "work_queue_name", "paused")
    schedules = [(each.slug, each.schedule, each.parameters, each.active) for each in deployment.schedules]
    seen = {field: getattr(deployment, field) for field in fields + more}
    return {
        **seen,
        "pull_steps": deployment.pull_steps or [],
        "tags": sorted(deployment.tags),
        "schedules": sorted(schedules, key=str),
    }


async def set_in_the_form(client: PrefectClient, district: str, **change: Any) -> None:
    """What saving the form in Prefect's UI does."""
    deployment = await client.read_deployment_by_name(f"request/{district}")
    policy = {**deployment.parameters["policy"], **change}
    await client.update_deployment(deployment.id, DeploymentUpdate(parameters={"policy": policy}))


async def latest(office: Office, district: str) -> str:
    async with office.ledger.database.read() as session:
        return await office.ledger.policies.latest(session, district)


async def test_everything_is_registered_and_a_second_time_changes_nothing(
    office: Office, prefect: PrefectClient
) -> None:
    first = await deployed(office, prefect)
    assert {name: each.change for name, each in first.items()} == dict.fromkeys(NAMES, "created")
    queues = {queue.name: queue.priority for queue in await prefect.read_work_queues(work_pool_name=POOL)}
    assert queues["A"] < queues["B"] < queues["C"] < queues["system"]
    assert (await prefect.read_work_pool(POOL)).type == "huiyin-resident"
    before = {name: await prefect.read_deployment_by_name(name) for name in NAMES}

    second = await deployed(office, prefect)
    assert {name: each.change for name, each in second.items()} == dict.fromkeys(NAMES, "unchanged")
    assert {name: await prefect.read_deployment_by_name(name) for name in NAMES} == before


async def test_the_form_shows_the_policy_and_refuses_what_makes_no_sense(
    office: Office, prefect: PrefectClient
) -> None:
    await deployed(office, prefect, "futian")
    deployment = await prefect.read_deployment_by_name("request/futian")
    schema = deployment.parameter_openapi_schema
    assert schema["required"] == ["case_no", "policy"]
    fields = schema["definitions"]["Policy"]["properties"]
    assert [fields[name]["position"] for name in Policy.model_fields] == list(range(len(Policy.model_fields)))
    assert fields["reopen_days"]["title"] == "结案后可重开（天）"
    for change in ({"reopen_days": -1}, {"invented": 1}):
        with pytest.raises(PrefectHTTPStatusError, match="409"):
            await set_in_the_form(prefect, "futian", **change)


async def test_a_case_is_needed_to_run_but_not_to_deploy(office: Office, prefect: PrefectClient) -> None:
    await deployed(office, prefect, "demo")
    deployment = await prefect.read_deployment_by_name("request/demo")
    with pytest.raises(PrefectHTTPStatusError, match="409"):
        await prefect.create_flow_run_from_deployment(deployment.id)
    run = await prefect.create_flow_run_from_deployment(
        deployment.id, parameters={"case_no": "SF1"}, work_queue_name="A"
    )
    assert run.parameters == {"case_no": "SF1", "policy": CITY.district("demo").policy.model_dump(mode="json")}
    assert run.work_queue_name == "A"


async def test_what_was_set_in_the_form_is_kept_told_and_pinned(office: Office, prefect: PrefectClient) -> None:
    await deployed(office, prefect)
    await set_in_the_form(prefect, "pingshan", reopen_days=3)
    choice = (await deployed(office, prefect))["request/pingshan"].choice
    assert choice is not None
    assert [(each.field, each.file, each.form) for each in choice.differences] == [("reopen_days", "15", "3")]
    kept = Policy.model_validate((await prefect.read_deployment_by_name("request/pingshan")).parameters["policy"])
    assert kept.reopen_days == 3
    assert await latest(office, "pingshan") == version_of("pingshan", kept)

    back = (await deployed(office, prefect, "pingshan", from_file=True))["request/pingshan"]
    assert back.change == "updated"
    now = Policy.model_validate((await prefect.read_deployment_by_name("request/pingshan")).parameters["policy"])
    assert now == CITY.district("pingshan").policy
    assert await latest(office, "pingshan") == version_of("pingshan", now)


async def test_a_form_outlives_the_loss_of_prefects_database(office: Office, prefect: PrefectClient) -> None:
    await deployed(office, prefect)
    await set_in_the_form(prefect, "futian", reopen_days=3)
    await deployed(office, prefect)
    await forget(prefect)
    again = (await deployed(office, prefect))["request/futian"]
    assert again.choice is not None
    assert (again.change, again.choice.source) == ("created", "ledger")
    assert (await prefect.read_deployment_by_name("request/futian")).parameters["policy"]["reopen_days"] == 3


async def test_what_is_not_as_planned_is_put_right_and_an_operators_pause_stays(
    office: Office, prefect: PrefectClient
) -> None:
    await deployed(office, prefect)
    planned = await shown(prefect)
    deployment = await prefect.read_deployment_by_name("reconcile/huiyin")
    off = DeploymentScheduleUpdate(slug="each-minute", active=False)
    change = DeploymentUpdate(tags=["mine"], paused=True, schedules=[off])
    await prefect.update_deployment(deployment.id, change)
    again = await deployed(office, prefect)
    assert again["reconcile/huiyin"].change == "updated"
    put_right = (await shown(prefect))["reconcile/huiyin"]
    assert put_right["tags"] == planned["reconcile/huiyin"]["tags"]
    assert [(slug, active) for slug, *_, active in put_right["schedules"]] == [
        ("each-minute", False),
        ("nightly", True),
    ]
    assert put_right["paused"] is True


async def test_what_a_deploy_has_changed_is_followed_by_a_full_look(office: Office, prefect: PrefectClient) -> None:
    async def looks() -> list[dict[str, Any]]:
        reconcile = FlowFilter(name=FlowFilterName(any_=["reconcile"]))
        runs = await prefect.read_flow_runs(flow_filter=reconcile)
        by_hand = [run for run in runs if run.auto_scheduled is False]
        return [run.parameters for run in by_hand if run.work_queue_name == "system" and run.deployment_id == here]

    await deployed(office, prefect)
    here = (await prefect.read_deployment_by_name("reconcile/huiyin")).id
    assert await looks() == [{"full": True}]
    await deployed(office, prefect)
    assert await looks() == [{"full": True}]


async def test_a_pool_of_prefects_own_process_type_is_made_where_that_is_asked_for(
    office: Office, prefect: PrefectClient
) -> None:
    registration = Registration(prefect, pool_type="process")
    await deploy(office, registration, [], from_file=False)
    pool = await prefect.read_work_pool(POOL)
    assert pool.type == "process"
    assert pool.base_job_template["variables"]["properties"]["working_dir"]["default"] == str(ROOT)
    assert {each.change for each in await deploy(office, registration, [], from_file=False)} == {"unchanged"}
    with pytest.raises(CommandFailed, match="HUIYIN_POOL_TYPE 设为 process"):
        await deployed(office, prefect)


async def test_a_pool_of_another_type_is_refused(office: Office, prefect: PrefectClient) -> None:
    await prefect.create_work_pool(WorkPoolCreate(name=POOL, type="process"))
    with pytest.raises(CommandFailed, match="huiyin-resident"):
        await deployed(office, prefect)


@pytest.mark.slow
async def test_prefect_deploy_gives_the_same_deployments(
    office: Office, prefect: PrefectClient, prefect_server: str, tmp_path: Path
) -> None:
    await deployed(office, prefect)
    ours = await shown(prefect)
    for name in NAMES:
        await prefect.delete_deployment((await prefect.read_deployment_by_name(name)).id)
    environment = {**os.environ, "PREFECT_API_URL": prefect_server, "PREFECT_HOME": str(tmp_path), "NO_COLOR": "1"}
    for _ in range(2):  # the second time it updates what is there
        command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert await shown(prefect) == ours
    assert {each.change for each in (await deployed(office, prefect)).values()} == {"unchanged"}
