"""`huiyin deploy`: each planned deployment registered with the policy that holds, which is pinned in the ledger."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from prefect.client.schemas.responses import DeploymentResponse

from catalog.districts import District
from catalog.policy import Policy
from catalog.texts import text
from deployments.errors import CommandFailed
from deployments.office import Office
from deployments.plan import Planned, plan
from deployments.policy_choice import Choice, choose
from deployments.policy_versions import policy_of
from deployments.registration import Change, Registration
from ledger.policies import version_of
from tasks.mirror import OVERWRITTEN, STRANGE
from tasks.pinning import REFUSED


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
    office: Office, registration: Registration, codes: Sequence[str], *, from_file: bool, version: str | None = None
) -> list[Deployed]:
    """Register these districts, or all, and the system's deployments.

    `from_file` or a `version` of the one district says which policy is to hold. Raises `UnknownDistrict`,
    `UnknownPolicy`, `CommandFailed`.
    """
    districts = [office.city.district(code) for code in codes] or list(office.city.districts.values())
    asked = await _asked(office, districts, version, from_file)
    await registration.prepare_pool()
    deployed = [await _deploy(office, registration, planned, from_file, asked) for planned in plan(districts)]
    if any(each.change != "unchanged" for each in deployed):  # runs of a pool or deployment that was deleted are lost
        await registration.look_again()
    return deployed


async def _asked(office: Office, districts: Sequence[District], version: str | None, from_file: bool) -> Policy | None:
    if version is None:
        return None
    if len(districts) != 1 or from_file:
        raise CommandFailed(text("deploy.one_district"))
    return await policy_of(office, districts[0].code, version)


async def _deploy(
    office: Office, registration: Registration, planned: Planned, from_file: bool, asked: Policy | None
) -> Deployed:
    present = await registration.present(planned)
    if planned.district is None:
        return Deployed(planned.full_name, await registration.register(planned, present))
    district = office.city.district(planned.district)
    pinned = await _pinned(office, district)
    choice = choose(district.policy, _form(present), pinned, from_file=from_file, version=asked)
    planned = replace(planned, parameters={"policy": choice.parameter}, enforced=choice.fault is None)
    change = await registration.register(planned, present)
    await office.ledger.alerts.clear(STRANGE, district.code)
    if choice.fault is None:
        await _pin(office, district, choice)
    return Deployed(planned.full_name, change, choice)


def _form(present: DeploymentResponse | None) -> object:
    """The policy as the form has it now; None where there is none."""
    return present.parameters.get("policy") if present else None


async def _pinned(office: Office, district: District) -> Policy | None:
    """The district's policy, unless it came from a file: what somebody set in a form outlives Prefect's database."""
    current = await office.ledger.policies.current(district.code)
    if current.source == "file":
        return None
    async with office.ledger.database.read() as session:
        return await office.ledger.policies.get(session, current.version)


async def _pin(office: Office, district: District, choice: Choice) -> None:
    """The ledger learns what holds, and whether somebody asked for it; alerts about it have had their answer."""
    policies, alerts = office.ledger.policies, office.ledger.alerts
    current, source = await policies.current(district.code), "file" if choice.source == "file" else "form"
    changed = current.version != version_of(district.code, choice.policy)
    if changed or (choice.deliberate and current.source != source):
        await policies.pin(district.code, choice.policy, source)
    await alerts.clear(REFUSED, district.code)
    if choice.deliberate:
        await alerts.clear(OVERWRITTEN, district.code)
