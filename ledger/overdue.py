"""Overdue rungs: what should have fired and has not, whoever holds the case and whatever its alarm says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.database import Database
from ledger.policies import Policies
from ledger.tables import CaseRow


@dataclass(frozen=True, slots=True)
class OverdueRung:
    """The case whose rung has been due for the longest, and for how many seconds after its grace."""

    case_no: str
    seconds: float


class Overdue:
    """Reads by index: a case at its end has no rung."""

    def __init__(self, database: Database, policies: Policies) -> None:
        self._database, self._policies = database, policies

    async def oldest(self) -> OverdueRung | None:
        """The oldest rung that is due and has not fired; None when none is."""
        async with self._database.read() as session:
            now = await self._database.now(session)
            oldest = func.min(CaseRow.rung_at)
            due = select(CaseRow.policy_version, oldest).where(CaseRow.rung_at <= now).group_by(CaseRow.policy_version)
            found = [
                (now - rung_at - await self._grace(session, version), version, rung_at)
                for version, rung_at in await session.execute(due)
            ]
            if not found:
                return None
            age, version, rung_at = max(found)
            return await self._named(session, version, rung_at, age) if age > timedelta(0) else None

    async def _grace(self, session: AsyncSession, version: str) -> timedelta:
        return timedelta(seconds=(await self._policies.get(session, version)).rung_grace_seconds)

    async def _named(self, session: AsyncSession, version: str, rung_at: datetime, age: timedelta) -> OverdueRung:
        of = select(func.min(CaseRow.case_no)).where(CaseRow.rung_at == rung_at, CaseRow.policy_version == version)
        return OverdueRung((await session.execute(of)).scalar_one(), age.total_seconds())
