"""What is said of a unit that cannot be reached, and taken back when it can be."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.tables import AlertRow

UNREACHABLE, REFUSES, GONE = "unit_unreachable", "unit_refuses", "unit_gone"
TO_PHONE = "unit_to_phone"


def receiver_name(district: str, unit: str) -> str:
    """The subject of these alerts."""
    return f"{district}:{unit}"


def phone_call(district: str, case_no: str, unit: str) -> str:
    """The subject of a phone call that a dispatcher of the district is asked for."""
    return f"{district}:{case_no}:{unit}"


def of_district(subject: str, district: str | None) -> bool:
    """Whether such an alert is about this district."""
    return district is not None and subject.startswith(f"{district}:")


async def take_back(session: AsyncSession, kinds: Collection[str], subject: str, now: datetime) -> None:
    mine = (AlertRow.kind.in_(kinds), AlertRow.subject == subject, AlertRow.cleared_at.is_(None))
    await session.execute(update(AlertRow).where(*mine).values(cleared_at=now))
