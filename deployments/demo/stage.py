"""What an administrator prepares for the simulators: endpoints, keys and tokens. Only here is the ledger opened."""

from collections.abc import Mapping
from dataclasses import dataclass

from catalog.districts import District
from catalog.items import Catalogue
from catalog.texts import text
from deployments.errors import CommandFailed
from deployments.office import Office, open_office
from ledger.settings import Settings


@dataclass(frozen=True, slots=True)
class Stage:
    """All that the simulators are told: where the gateway is, who they are, and what is public of the district."""

    gateway_url: str
    prefect_url: str
    district: District
    catalogue: Catalogue
    secrets: Mapping[str, str]
    keys: Mapping[str, str]
    dispatcher_token: str
    callback_token: str
    adjudicator_token: str


async def set_up(settings: Settings, code: str, inbox_url: str) -> Stage:
    """Connect every unit of the district to ``inbox_url/{unit}``, with new secrets, and make three tokens.

    Raises `CommandFailed` where there is no such district.
    """
    async with open_office(settings) as office:
        district = office.city.districts.get(code)
        if district is None:
            known = "、".join(office.city.districts)
            raise CommandFailed(text("demo.no_district", district=code, known=known))
        return await _prepared(settings, office, district, inbox_url)


async def _prepared(settings: Settings, office: Office, district: District, inbox_url: str) -> Stage:
    access = office.ledger.access
    return Stage(
        gateway_url=settings.gateway_url,
        prefect_url=settings.prefect_url,
        district=district,
        catalogue=office.city.catalogue,
        secrets={
            unit.code: await access.connect(district.code, unit.code, f"{inbox_url}/{unit.code}")
            for unit in district.units
        },
        keys={channel.code: await access.channel_key(district.code, channel.code) for channel in district.channels},
        dispatcher_token=await access.token("dispatcher", district.code, None),
        callback_token=await access.token("callback", district.code, None),
        adjudicator_token=await access.token("adjudicator", district.code, None),
    )
