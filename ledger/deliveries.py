"""Deliveries: the outbox of a case, in order, with the next try of each as a time of its own."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from casework.steps import Owed
from ledger.database import Database
from ledger.tables import CaseRow, DeliveryRow

FIRST_RETRY = timedelta(seconds=5)
LONGEST_RETRY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed, as it is to be sent. `key` is its `webhook-id`."""

    key: str
    case_no: str
    case_seq: int
    door: str
    addressee: str
    type: str
    task_id: str | None
    data: dict[str, Any]
    attempts: int
    created_at: datetime


class Deliveries:
    """Reads what is owed for a case, and writes what became of it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owed(self, case_no: str) -> Owed:
        """How many may be tried now and when the next may be; of each addressee only the first in order counts."""
        now = await self._database.now()
        async with self._database.read() as session:
            rows = await _heads(session, case_no)
        later = [row.next_try_at for row in rows if row.next_try_at is not None and row.next_try_at > now]
        return Owed(ready=len(rows) - len(later), next_at=min(later, default=None))

    async def ready(self, case_no: str) -> list[Delivery]:
        """The messages that may be sent now, each addressee's in order: a later one waits for the one before it."""
        now = await self._database.now()
        async with self._database.read() as session:
            rows = await _heads(session, case_no)
        return [_delivery(row) for row in rows if row.next_try_at is None or row.next_try_at <= now]

    async def through(self, case_no: str, door: str) -> list[Delivery]:
        """Every message of a case through one door, sent or still owed, in order."""
        chosen = select(DeliveryRow).where(DeliveryRow.case_no == case_no, DeliveryRow.door == door)
        async with self._database.read() as session:
            rows = await session.scalars(chosen.order_by(DeliveryRow.case_seq, DeliveryRow.n))
            return [_delivery(row) for row in rows]

    async def sent(self, key: str) -> None:
        now = await self._database.now()
        await self._set(key, state="sent", sent_at=now, error=None, attempts=DeliveryRow.attempts + 1)

    async def dropped(self, key: str, why: str) -> None:
        """Given up, or no longer of use: the reason stays on the row."""
        await self._set(key, state="dropped", error=why)

    async def postponed(self, key: str, why: str, attempts: int, after: timedelta | None = None) -> datetime:
        """The next try, twice as far on each time, or `after` as the receiver asked."""
        wait = after or min(FIRST_RETRY * 2 ** min(attempts, 10), LONGEST_RETRY)
        at = await self._database.now() + wait
        await self._set(key, next_try_at=at, error=why, attempts=DeliveryRow.attempts + 1)
        return at

    async def _set(self, key: str, **values: Any) -> None:
        async with self._database.write() as session:
            await session.execute(update(DeliveryRow).where(DeliveryRow.key == key).values(**values))


async def _heads(session: AsyncSession, case_no: str) -> list[DeliveryRow]:
    """The first pending message of each addressee."""
    pending = (
        select(DeliveryRow)
        .where(DeliveryRow.case_no == case_no, DeliveryRow.state == "pending")
        .order_by(DeliveryRow.case_seq, DeliveryRow.n)
    )
    heads: dict[tuple[str, str], DeliveryRow] = {}
    for row in await session.scalars(pending):
        heads.setdefault((row.door, row.addressee), row)
    return list(heads.values())


async def hurry(session: AsyncSession, district: str, unit: str, now: datetime) -> None:
    """What waits for a unit may go at once: it has just been connected."""
    ours = select(CaseRow.case_no).where(CaseRow.district == district)
    waiting = (
        update(DeliveryRow)
        .where(
            DeliveryRow.door == "unit",
            DeliveryRow.addressee == unit,
            DeliveryRow.state == "pending",
            DeliveryRow.case_no.in_(ours),
        )
        .values(next_try_at=now)
        .returning(DeliveryRow.case_no)
    )
    cases = set(await session.scalars(waiting))
    if cases:
        await session.execute(update(CaseRow).where(CaseRow.case_no.in_(cases)).values(alarm_at=now))


def _delivery(row: DeliveryRow) -> Delivery:
    return Delivery(
        key=row.key,
        case_no=row.case_no,
        case_seq=row.case_seq,
        door=row.door,
        addressee=row.addressee,
        type=row.type,
        task_id=row.task_id,
        data=row.data,
        attempts=row.attempts,
        created_at=row.created_at,
    )
