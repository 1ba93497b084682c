"""Gives each district a policy to begin with: its file's, until a deployment's first run pins another."""

from ledger.city import City
from ledger.errors import UnknownPolicy
from ledger.ledger import Ledger


async def seed_policies(ledger: Ledger, city: City) -> None:
    """Pin the file's policy for every district that has none; requests cannot be received without one."""
    for district in city.districts.values():
        try:
            async with ledger.database.read() as session:
                await ledger.policies.latest(session, district.code)
        except UnknownPolicy:
            await ledger.policies.pin(district.code, district.policy, source="file")
