"""Policy versions: what cases live under. A version's content never changes once it is written."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.policy import Policy
from ledger.database import Database
from ledger.errors import UnknownPolicy
from ledger.tables import PolicyRow

LATEST_FIRST = (PolicyRow.used_at.desc(), PolicyRow.version)
RUN = "run"  # the source of a version that only some run has carried: it has never been its district's


def version_of(district: str, policy: Policy) -> str:
    """The district and a digest of the content: equal policies have one version."""
    return f"{district}-{hashlib.sha256(policy.model_dump_json().encode()).hexdigest()[:12]}"


class Policies:
    """Read and pinned by version; read ones are kept, since a version never changes.

    A row's `source` says where its version came from when it last became the district's (``file`` or ``form``), and
    `used_at` when that was. What only runs have carried (``run``) is kept for their cases: a run may be older than the
    district's policy of today, and must not bring its own back.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._known: dict[str, Policy] = {}

    async def pin(self, district: str, policy: Policy, source: str) -> str:
        """Make sure that this policy is in the ledger, unless a run carries it as the district's latest.

        Answers its version.
        """
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
            elif source != RUN:
                row.source, row.used_at = source, now

    async def latest(self, session: AsyncSession, district: str) -> str:
        """The district's version of today. Raises `UnknownPolicy` where there is none."""
        return (await self._current(session, district)).version

    async def current(self, district: str) -> PolicyRow:
        """The row of the district's version of today. Raises `UnknownPolicy` where there is none."""
        async with self._database.read() as session:
            return await self._current(session, district)

    async def _current(self, session: AsyncSession, district: str) -> PolicyRow:
        mine = (PolicyRow.district == district, PolicyRow.source != RUN)
        row = await session.scalar(select(PolicyRow).where(*mine).order_by(*LATEST_FIRST).limit(1))
        if row is None:
            raise UnknownPolicy(f"the district {district} has no policy in the ledger: run huiyin deploy {district}")
        return row

    async def in_force(self) -> dict[str, PolicyRow]:
        """District to the row of its version of today."""
        wanted = select(PolicyRow).where(PolicyRow.source != RUN).order_by(*LATEST_FIRST)
        async with self._database.read() as session:
            rows = (await session.scalars(wanted)).all()
        return {row.district: row for row in reversed(rows)}

    async def history(self, district: str) -> Sequence[PolicyRow]:
        """Every version of the district, today's first, then by when it was last the district's."""
        wanted = select(PolicyRow).where(PolicyRow.district == district)
        async with self._database.read() as session:
            rows = await session.scalars(wanted.order_by(PolicyRow.source == RUN, *LATEST_FIRST))
            return list(rows)

    async def get(self, session: AsyncSession, version: str) -> Policy:
        """The policy of a version. Raises `UnknownPolicy`."""
        if version not in self._known:
            row = await session.get(PolicyRow, version)
            if row is None:
                raise UnknownPolicy(f"there is no policy {version} in the ledger: run huiyin deploy")
            self._known[version] = Policy.model_validate_json(row.body)
        return self._known[version]
