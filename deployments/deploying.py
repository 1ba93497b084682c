"""`huiyin deploy`: each planned deployment registered with the policy that holds, which is pinned in the ledger."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from prefect.client.schemas.responses import DeploymentResponse
from sqlalchemy import select

from catalog.districts import District
from catalog.policy import Policy
from deployments.office import Office
from deployments.plan import Planned, plan
from deployments.policy_choice import Choice, choose
from deployments.registration import Change, Registration
from ledger.policies import version_of
from ledger.tables import PolicyRow


@dataclass(frozen=True, slots=True)
class Deployed:
    """What became of one deployment; `choice` for those that hold a policy."""

    name: str
    change: Change
    choice: Choice | None = None

    def document(self) -> dict[str, Any]:
        document: dict[str, Any] = {"deployment": self.name, "change": self.change}
        if self.choice:
            document["policy"] = {
                "source": self.choice.source,
                "differences": [asdict(each) for each in self.choice.differences],
                "fault": self.choice.fault,
            }
        return document


async def deploy(
    office: Office, registration: Registration, codes: Sequence[str], *, from_file: bool
) -> list[Deployed]:
    """Register these districts, or all, and the system's deployments. Raises `UnknownDistrict`, `CommandFailed`."""
    districts = [office.city.district(code) for code in codes] or list(office.city.districts.values())
    await registration.prepare_pool()
    return [await _deploy(office, registration, planned, from_file) for planned in plan(districts)]


async def _deploy(office: Office, registration: Registration, planned: Planned, from_file: bool) -> Deployed:
    present = await registration.present(planned)
    if planned.district is None:
        return Deployed(planned.full_name, await registration.register(planned, present))
    district = office.city.district(planned.district)
    choice = choose(district.policy, _form(present), await _pinned(office, district), from_file=from_file)
    planned = replace(planned, parameters={"policy": dict(choice.parameter)})
    change = await registration.register(planned, present)
    if choice.fault is None:
        await _pin(office, district, choice)
    return Deployed(planned.full_name, change, choice)


def _form(present: DeploymentResponse | None) -> dict[str, Any] | None:
    """The policy as the form has it now."""
    parameter = present.parameters.get("policy") if present else None
    return dict(parameter) if parameter else None


async def _pinned(office: Office, district: District) -> Policy | None:
    """The policy used last, unless it came from a file: what somebody set in a form outlives Prefect's database."""
    ledger = office.ledger
    async with ledger.database.read() as session:
        version = await ledger.policies.latest(session, district.code)
        source = await session.scalar(select(PolicyRow.source).where(PolicyRow.version == version))
        return await ledger.policies.get(session, version) if source != "file" else None


async def _pin(office: Office, district: District, choice: Choice) -> None:
    ledger = office.ledger
    async with ledger.database.read() as session:
        latest = await ledger.policies.latest(session, district.code)
    if latest != version_of(district.code, choice.policy):
        await ledger.policies.pin(district.code, choice.policy, "file" if choice.source == "file" else "form")
