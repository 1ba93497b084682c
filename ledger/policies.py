"""Policy versions: what some case was received under, never changed once written."""

import hashlib

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.policy import Policy
from ledger.database import Database
from ledger.errors import UnknownPolicy
from ledger.tables import PolicyRow


def version_of(district: str, policy: Policy) -> str:
    """The district and a digest of the content: equal policies have one version."""
    return f"{district}-{hashlib.sha256(policy.model_dump_json().encode()).hexdigest()[:12]}"


class Policies:
    """Read and pinned by version; read ones are kept, since a version never changes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, Policy] = {}

    async def pin(self, district: str, policy: Policy, source: str) -> str:
        """Make sure that this policy is in the ledger, as the district's latest; answers its version."""
        version = version_of(district, policy)
        try:
            await self._pin(version, district, policy, source)
        except IntegrityError:  # new, and pinned by another run at the same moment
            await self._pin(version, district, policy, source)
        return version

    async def _pin(self, version: str, district: str, policy: Policy, source: str) -> None:
        now = await self._database.now()
        async with self._database.write() as session:
            row = await session.get(PolicyRow, version)
            if row is None:
                body = policy.model_dump_json()
                session.add(
                    PolicyRow(version=version, district=district, body=body, source=source, created_at=now, used_at=now)
                )
            else:
                await session.execute(update(PolicyRow).where(PolicyRow.version == version).values(used_at=now))

    async def latest(self, session: AsyncSession, district: str) -> str:
        """The version used last in the district. Raises `UnknownPolicy` where there is none."""
        found = await session.scalar(
            select(PolicyRow.version).where(PolicyRow.district == district).order_by(PolicyRow.used_at.desc()).limit(1)
        )
        if found is None:
            raise UnknownPolicy(f"the district {district} has no policy in the ledger: run huiyin deploy {district}")
        return found

    async def get(self, session: AsyncSession, version: str) -> Policy:
        """The policy of a version. Raises `UnknownPolicy`."""
        if version not in self._known:
            row = await session.get(PolicyRow, version)
            if row is None:
                raise UnknownPolicy(f"there is no policy {version} in the ledger: run huiyin deploy")
            self._known[version] = Policy.model_validate_json(row.body)
        return self._known[version]
