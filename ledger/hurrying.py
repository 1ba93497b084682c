"""What waits for a unit may go at once: it has been connected, or its endpoint answers again."""

from datetime import datetime

from sqlalchemy import ColumnElement, Update, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.calling import call_strands
from ledger.tables import CaseRow, DeliveryRow


async def hurry(session: AsyncSession, district: str, unit: str, now: datetime) -> None:
    """All cases' messages to the unit; the strands that send them are called."""
    ours = select(CaseRow.case_no).where(CaseRow.district == district)
    waiting = update(DeliveryRow).where(DeliveryRow.case_no.in_(ours), *_waiting(unit)).values(next_try_at=now)
    await call_strands(session, await _strands(session, waiting), now)


async def hurry_in(session: AsyncSession, case_no: str, unit: str, strand: str, now: datetime) -> None:
    """One case's messages to the unit, for the run of a strand that is at work on it: the other strands are called."""
    waiting = update(DeliveryRow).where(DeliveryRow.case_no == case_no, *_waiting(unit)).values(next_try_at=now)
    await call_strands(session, await _strands(session, waiting) - {(case_no, strand)}, now)


async def _strands(session: AsyncSession, change: Update) -> set[tuple[str, str]]:
    """Whose messages the change has changed: case number and strand."""
    found = await session.execute(change.returning(DeliveryRow.case_no, DeliveryRow.strand))
    return {(row.case_no, row.strand) for row in found}


def _waiting(unit: str) -> tuple[ColumnElement[bool], ...]:
    return (
        DeliveryRow.door == "unit",
        DeliveryRow.addressee == unit,
        DeliveryRow.state.in_(("pending", "unknown")),
        DeliveryRow.next_try_at.is_not(None),
    )
