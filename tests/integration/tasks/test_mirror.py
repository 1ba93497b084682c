"""The forms in Prefect and the ledger, minute by minute: a real Prefect server, the tasks' own ledger."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import ObjectNotFound
from prefect.settings import PREFECT_API_URL, temporary_settings

from catalog.policy import Policy
from deployments.deploying import Deployed, deploy
from deployments.office import Office
from deployments.plan import plan
from deployments.registration import Registration
from ledger.ledger import Ledger
from ledger.policies import version_of
from ledger.settings import settings
from tasks.desk import city
from tasks.mirror import mirror_policies

TRAP = {"a": "1h", "b": "1h", "c": "1h", "ladder": [{"at_percent": 50, "action": "ask_citizen"}]}


@dataclass
class Desk:
    """Prefect's server with our deployments, and the ledger."""

    url: str
    client: PrefectClient
    office: Office

    @property
    def ledger(self) -> Ledger:
        return self.office.ledger

    async def deploy(self, *, from_file: bool = False, version: str | None = None) -> Deployed:
        registration = Registration(self.client, "mirror")
        return (await deploy(self.office, registration, ["demo"], from_file=from_file, version=version))[0]

    async def parameters(self) -> dict[str, Any]:
        return (await self.client.read_deployment_by_name("request/demo")).parameters

    async def set(self, parameters: dict[str, Any], *, around: bool = False) -> None:
        """What saving the form does; `around`: what the API takes once it is told not to look."""
        deployment = await self.client.read_deployment_by_name("request/demo")
        body = {"parameters": parameters, **({"enforce_parameter_schema": False} if around else {})}
        await self.client.request("PATCH", "/deployments/{id}", path_params={"id": deployment.id}, json=body)

    async def form(self, **change: Any) -> Policy:
        """A change in the form; answers the policy that it then holds."""
        policy = {**(await self.parameters())["policy"], **change}
        await self.set({"policy": policy})
        return Policy.model_validate(policy)

    async def minute(self) -> None:
        """What `reconcile` does each minute."""
        with temporary_settings({PREFECT_API_URL: self.url}):
            await mirror_policies.fn()

    async def current(self) -> tuple[str, str]:
        row = await self.ledger.policies.current("demo")
        return row.version, row.source

    async def alerts(self) -> dict[str, str]:
        return {row.kind: row.words for row in await self.ledger.alerts.open()}

    async def forget(self) -> None:
        """Prefect's database is lost, as far as our deployments go."""
        for planned in plan(self.office.city.districts.values()):
            try:
                await self.client.delete_deployment((await self.client.read_deployment_by_name(planned.full_name)).id)
            except ObjectNotFound:
                continue


@pytest.fixture
async def desk(ledger: Ledger, prefect_server: str) -> AsyncIterator[Desk]:
    async with PrefectClient(prefect_server) as client:
        made = Desk(prefect_server, client, Office(settings(), city(), ledger))
        await made.forget()
        await made.deploy()
        yield made
        await made.forget()


async def test_what_was_set_in_the_form_is_the_districts_policy_a_minute_later(desk: Desk) -> None:
    file, _ = await desk.current()
    policy = await desk.form(reopen_days=3)
    await desk.minute()
    assert await desk.current() == (version_of("demo", policy), "form") != (file, "form")
    assert await desk.alerts() == {}


async def test_what_has_not_changed_writes_nothing(desk: Desk) -> None:
    await desk.form(reopen_days=3)
    await desk.minute()
    before = await desk.ledger.policies.current("demo")
    await desk.minute()
    again = await desk.ledger.policies.current("demo")
    assert (again.version, again.used_at) == (before.version, before.used_at)


async def test_a_policy_that_traps_is_refused_said_once_and_forgotten_when_it_is_mended(desk: Desk) -> None:
    policy = await desk.form(reopen_days=3)
    await desk.minute()
    trap = {**(await desk.parameters())["policy"]}
    trap["clocks"] = {**trap["clocks"], "callback": TRAP}
    await desk.set({"policy": trap})
    await desk.minute()
    assert await desk.current() == (version_of("demo", policy), "form")
    assert "“回访”的逐级催办必须以 close_unrated 结束" in (await desk.alerts())["policy_refused"]
    await desk.minute()
    (said,) = await desk.ledger.alerts.open()
    assert said.times == 1
    mended = await desk.form(clocks=policy.model_dump(mode="json")["clocks"], reopen_days=4)
    await desk.minute()
    assert await desk.current() == (version_of("demo", mended), "form")
    assert await desk.alerts() == {}


@pytest.mark.parametrize("parameters", [{}, {"policy": None}, {"policy": "strict"}, {"policy": {"reopen_days": -1}}])
async def test_what_is_set_around_the_form_is_refused(parameters: dict[str, Any], desk: Desk) -> None:
    before = await desk.current()
    await desk.set(parameters, around=True)
    await desk.minute()
    assert await desk.current() == before
    assert list(await desk.alerts()) == ["policy_refused"]


async def test_parameters_with_which_no_run_can_start_are_told_and_deploy_takes_them_out(desk: Desk) -> None:
    policy = (await desk.parameters())["policy"]
    await desk.set({"policy": {**policy, "reopen_days": 3}, "polciy": 1})
    await desk.minute()
    assert "polciy" in (await desk.alerts())["parameters_unknown"]
    assert await desk.current() == (version_of("demo", Policy.model_validate({**policy, "reopen_days": 3})), "form")
    await desk.deploy()
    assert await desk.parameters() == {"policy": {**policy, "reopen_days": 3}}
    assert await desk.alerts() == {}


async def test_a_form_that_makes_no_sense_does_not_stop_a_deploy(desk: Desk) -> None:
    await desk.set({"policy": {"reopen_days": -1}}, around=True)
    deployed = await desk.deploy()
    assert deployed.choice is not None
    assert deployed.choice.fault == "结案后可重开（天）：不能小于 0"
    assert await desk.parameters() == {"policy": {"reopen_days": -1}}
    await desk.minute()
    assert list(await desk.alerts()) == ["policy_refused"]
    await desk.deploy(from_file=True)
    assert await desk.alerts() == {}
    assert (await desk.client.read_deployment_by_name("request/demo")).enforce_parameter_schema


# Prefect lost, and Prefect overwritten


async def test_a_mirrored_form_outlives_the_loss_of_prefect(desk: Desk) -> None:
    policy = await desk.form(reopen_days=3)
    await desk.minute()
    await desk.forget()
    await desk.minute()  # no form is no change
    deployed = await desk.deploy()
    assert deployed.choice is not None
    assert (deployed.change, deployed.choice.source) == ("created", "ledger")
    assert Policy.model_validate((await desk.parameters())["policy"]) == policy
    await desk.minute()
    assert await desk.current() == (version_of("demo", policy), "form")
    assert await desk.alerts() == {}


async def test_a_form_that_prefect_deploy_has_undone_is_told_of_and_can_be_had_again(desk: Desk) -> None:
    policy = await desk.form(reopen_days=3)
    await desk.minute()
    mine, _ = await desk.current()
    await desk.set({"policy": city().district("demo").policy.model_dump(mode="json")})  # as `prefect deploy` does
    await desk.minute()
    assert (await desk.current())[0] != mine
    assert f"huiyin deploy demo --policy-version {mine}" in (await desk.alerts())["policy_overwritten"]
    await desk.minute()
    assert list(await desk.alerts()) == ["policy_overwritten"]

    deployed = await desk.deploy(version=mine)
    assert deployed.choice is not None
    assert (deployed.change, deployed.choice.source) == ("updated", "version")
    assert Policy.model_validate((await desk.parameters())["policy"]) == policy
    assert await desk.current() == (mine, "form")
    assert await desk.alerts() == {}


async def test_going_back_to_the_file_on_purpose_is_no_alarm(desk: Desk) -> None:
    await desk.form(reopen_days=3)
    await desk.minute()
    file = version_of("demo", city().district("demo").policy)
    await desk.deploy(from_file=True)
    assert await desk.current() == (file, "file")
    await desk.minute()
    assert await desk.current() == (file, "file")
    assert await desk.alerts() == {}
