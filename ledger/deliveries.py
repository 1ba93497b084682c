"""Deliveries: the outbox of a case, in order, with the next try of each as a time of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from casework.steps import Owed
from casework.strands import MAIN
from ledger.calling import call_strands
from ledger.children import UNBORN
from ledger.database import Database
from ledger.hurrying import hurry_in
from ledger.tables import CaseRow, ChildRow, DeliveryRow

SETTLED = ("sent", "dropped")
AFTER_ANOTHER = timedelta(seconds=10)
"""When a strand looks again whose message waits behind another strand's, should nobody call it before."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message owed, as it is to be sent. `key` is its `webhook-id`.

    `via`: the channel that has carried it, though the unit's system still lacks it. `behind`: an earlier message of the
    same case waits for the same endpoint, so that this one may go another way but not there. `strand`: whose run sends
    it.
    """

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
    due_at: datetime | None = None
    state: str = "pending"
    via: str | None = None
    error: str | None = None
    next_try_at: datetime | None = None
    behind: bool = False
    strand: str = MAIN


class Deliveries:
    """Reads what is owed for a case, and writes what became of it. What is sent or dropped stays so."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def owed(self, case_no: str, strand: str = MAIN) -> Owed:
        """How many of the strand's messages may be tried now, or were left in the middle of a try, and when the next
        may be tried. For the request's own strand also which strands have no run yet, and how far the case has come
        that this one is merged into.
        """
        now = await self._database.now()
        rows = await self._open(case_no)
        turns = [row for row, _ in _turns(rows, now)]
        mine = [row for row in turns if row.strand == strand]
        later = [row.next_try_at for row in mine if row.next_try_at is not None and row.next_try_at > now]
        behind = [max(row.next_try_at or now, now + AFTER_ANOTHER) for row in _before(rows, turns, strand)]
        unborn, ahead = await self._beside(case_no) if strand == MAIN else (0, 0)
        return Owed(len(mine) - len(later), min([*later, *behind], default=None), unborn, ahead)

    async def ready(self, case_no: str, strand: str = MAIN) -> list[Delivery]:
        """The strand's messages that may be sent now, each addressee's in order: a later one waits for the one before
        it, whichever strand sends that.

        One that another channel has carried holds up nobody while it waits for its endpoint.
        """
        now = await self._database.now()
        turns = [(row, behind) for row, behind in _turns(await self._open(case_no), now) if row.strand == strand]
        return [_delivery(row, behind) for row, behind in turns if row.state != "trying" and _due(row, now)]

    async def begun(self, case_no: str, strand: str = MAIN) -> list[Delivery]:
        """What an earlier wake of the strand has begun and not ended: in the middle of a try, or carried by another
        channel.
        """
        mine = [row for row in await self._open(case_no) if row.strand == strand]
        return [_delivery(row) for row in mine if row.state == "trying" or row.via is not None]

    async def unsettled(self, case_no: str) -> list[Delivery]:
        """What somebody should know of: failed and still owed, carried by another channel, or unknown."""
        failed = or_(DeliveryRow.attempts > 0, DeliveryRow.error.is_not(None), DeliveryRow.via.is_not(None))
        wanted = or_(DeliveryRow.state == "unknown", and_(DeliveryRow.state == "pending", failed))
        return [_delivery(row) for row in await self._read(DeliveryRow.case_no == case_no, wanted)]

    async def through(self, case_no: str, door: str) -> list[Delivery]:
        """Every message of a case through one door, sent or still owed, in order."""
        return [_delivery(row) for row in await self._read(DeliveryRow.case_no == case_no, DeliveryRow.door == door)]

    async def trying(self, key: str) -> None:
        """On record before a send that the other side could not tell from a second one."""
        await self._set(key, state="trying", trying_since=await self._database.now())

    async def unknown(self, key: str, via: str, why: str) -> None:
        """It may have been sent or not: it is not sent that way again. A unit's endpoint, which can tell, still is."""
        still = case((DeliveryRow.door == "unit", DeliveryRow.next_try_at), else_=None)
        await self._set(key, state="unknown", via=via, error=why, next_try_at=still)

    async def sent(self, key: str, via: str | None = None) -> None:
        now = await self._database.now()
        taken = {"via": via} if via else {}
        await self._set(key, state="sent", sent_at=now, error=None, attempts=DeliveryRow.attempts + 1, **taken)

    async def dropped(self, key: str, why: str) -> None:
        """Given up, or no longer of use: the reason stays on the row. What is unknown stays unknown."""
        state = case((DeliveryRow.state == "unknown", "unknown"), else_="dropped")
        await self._set(key, state=state, error=why, next_try_at=None)

    async def later(self, key: str, why: str, at: datetime, *, tried: bool = True, via: str | None = None) -> None:
        """The next try of the endpoint. `tried`: whether this was one. `via`: another channel has carried it now."""
        state = case((DeliveryRow.state == "unknown", "unknown"), else_="pending")
        tries = DeliveryRow.attempts + int(tried)
        carried = {"via": via} if via else {}
        await self._set(key, state=state, next_try_at=at, error=why, attempts=tries, **carried)

    async def hurry(self, case_no: str, unit: str, strand: str = MAIN) -> None:
        """The unit's endpoint has just answered: what waits for it in this case goes next. `strand`: whose run is at
        work on it; the others are called.
        """
        now = await self._database.now()
        async with self._database.write() as session:
            await hurry_in(session, case_no, unit, strand, now)

    async def _set(self, key: str, **values: Any) -> None:
        """What another strand has for the same addressee may be its turn now: that strand is called."""
        row = DeliveryRow
        mine = update(row).where(row.key == key, row.state.not_in(SETTLED)).values(**values)
        now = await self._database.now()
        async with self._database.write() as session:
            changed = (await session.execute(mine.returning(row.case_no, row.door, row.addressee, row.strand))).first()
            if changed is None or values.get("state") == "trying":
                return
            same = (row.case_no == changed.case_no, row.door == changed.door, row.addressee == changed.addressee)
            waits = (row.strand != changed.strand, row.state == "pending", row.next_try_at <= now)
            waiting = await session.scalars(select(row.strand).where(*same, *waits).distinct())
            await call_strands(session, {(changed.case_no, strand) for strand in waiting}, now)

    async def _beside(self, case_no: str) -> tuple[int, int]:
        other = aliased(CaseRow)
        ahead = select(other.seq).join(CaseRow, CaseRow.merged_into == other.case_no).where(CaseRow.case_no == case_no)
        unborn = select(func.count()).select_from(ChildRow).where(ChildRow.case_no == case_no, *UNBORN)
        async with self._database.read() as session:
            found = (await session.execute(select(unborn.scalar_subquery(), ahead.scalar_subquery()))).one()
        return found[0], found[1] or 0

    async def _open(self, case_no: str) -> Sequence[DeliveryRow]:
        waits = and_(DeliveryRow.state == "unknown", DeliveryRow.next_try_at.is_not(None))
        wanted = or_(DeliveryRow.state.in_(("pending", "trying")), waits)
        return await self._read(DeliveryRow.case_no == case_no, wanted)

    async def _read(self, *wanted: Any) -> Sequence[DeliveryRow]:
        async with self._database.read() as session:
            return await _in_order(session, *wanted)


async def _in_order(session: AsyncSession, *wanted: Any) -> Sequence[DeliveryRow]:
    chosen = select(DeliveryRow).where(*wanted).order_by(DeliveryRow.case_seq, DeliveryRow.n, DeliveryRow.key)
    return (await session.scalars(chosen)).all()


def _turns(rows: Sequence[DeliveryRow], now: datetime) -> Iterator[tuple[DeliveryRow, bool]]:
    """Whose turn it is, of each addressee the first in order; and whether one that was carried waits before it.

    What was carried and waits is passed over, and told of too: its time counts.
    """
    taken: set[tuple[str, str]] = set()
    passed: set[tuple[str, str]] = set()
    for row in rows:
        who = (row.door, row.addressee)
        if who in taken:
            continue
        yield row, who in passed
        if row.via is not None and row.state != "trying" and not _due(row, now):
            passed.add(who)
        else:
            taken.add(who)


def _before(rows: Sequence[DeliveryRow], turns: Sequence[DeliveryRow], strand: str) -> list[DeliveryRow]:
    """What other strands send first to those for whom this strand has something too."""
    awaited = {(row.door, row.addressee) for row in rows if row.strand == strand and row not in turns}
    return [row for row in turns if row.strand != strand and (row.door, row.addressee) in awaited]


def _due(row: DeliveryRow, now: datetime) -> bool:
    return row.next_try_at is None or row.next_try_at <= now


def _delivery(row: DeliveryRow, behind: bool = False) -> Delivery:
    return Delivery(
        key=row.key,
        case_no=row.case_no,
        case_seq=row.case_seq,
        door=row.door,
        addressee=row.addressee,
        type=row.type,
        task_id=row.task_id,
        strand=row.strand,
        data=row.data,
        attempts=row.attempts,
        created_at=row.created_at,
        due_at=row.due_at,
        state=row.state,
        via=row.via,
        error=row.error,
        next_try_at=row.next_try_at,
        behind=behind,
    )
