"""A district's policy by its version, as a command is given it."""

from catalog.policy import Policy
from catalog.texts import text
from deployments.office import Office
from ledger.errors import UnknownPolicy


async def policy_of(office: Office, district: str, version: str) -> Policy:
    """The policy of a version of the district. Raises `UnknownPolicy`."""
    if version not in {row.version for row in await office.ledger.policies.history(district)}:
        raise UnknownPolicy(text("policy.no_version", district=district, version=version))
    async with office.ledger.database.read() as session:
        return await office.ledger.policies.get(session, version)
