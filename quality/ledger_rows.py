"""The ledger's rows to be judged, in pages: numbers, times and states, never a word of a case or a person."""

from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from casework.case import Case
from casework.states import State
from catalog.texts import all_texts
from ledger.errors import LedgerError
from ledger.folding import folded
from ledger.ledger import Ledger
from ledger.projecting import next_rung_at
from ledger.tables import AlertRow, CaseRow, ChildRow, DeliveryRow, EventRow
from quality.rules import Row

PAGE = 1000
UNSETTLED = ("pending", "trying", "unknown")
UNKNOWN_ALERT = "delivery_unknown"
FINE = 1
"""In a column that must not be empty: here it has nothing to say."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases with all that hangs on them, as they were at one moment."""

    cases: list[Row]
    children: list[Row]
    deliveries: list[Row]


async def pages(ledger: Ledger, now: datetime, closed_since: datetime | None, size: int = PAGE) -> AsyncIterator[Page]:
    """Every open case, and those that closed since then; None: every case there is. At least one page."""
    last, more = "", True
    while more:
        wanted = select(CaseRow).where(CaseRow.case_no > last).order_by(CaseRow.case_no).limit(size)
        if closed_since is not None:
            closed = (CaseRow.closed_at.is_not(None), CaseRow.state == State.CLOSED)
            wanted = wanted.where(or_(*(~each for each in closed), CaseRow.closed_at >= closed_since))
        async with ledger.database.read() as session:
            rows = list(await session.scalars(wanted.options(defer(CaseRow.text))))
            page = await _page(ledger, session, rows, now)
        yield page  # out here: no transaction waits for whoever judges it
        more = len(rows) == size
        last = rows[-1].case_no if rows else last


async def _page(ledger: Ledger, session: AsyncSession, rows: Sequence[CaseRow], now: datetime) -> Page:
    numbers = {row.case_no: row for row in rows}
    events: dict[str, list[EventRow]] = defaultdict(list)
    chosen = select(EventRow).where(EventRow.case_no.in_(numbers)).order_by(EventRow.case_no, EventRow.seq)
    for event in await session.scalars(chosen):
        events[event.case_no].append(event)
    cases = [_case_row(row, await _read(ledger, session, row, events[row.case_no]), now) for row in rows]
    children = await session.scalars(select(ChildRow).where(ChildRow.case_no.in_(numbers)).order_by(ChildRow.child_id))
    waiting = select(DeliveryRow).where(DeliveryRow.case_no.in_(numbers), DeliveryRow.state.in_(UNSETTLED))
    told = await _told(session, numbers)
    deliveries = await session.scalars(
        waiting.options(defer(DeliveryRow.data), defer(DeliveryRow.error)).order_by(DeliveryRow.key)
    )
    return Page(
        cases,
        [_child_row(child, numbers[child.case_no], now) for child in children],
        [_delivery_row(each, numbers[each.case_no], told, now) for each in deliveries],
    )


async def _read(ledger: Ledger, session: AsyncSession, row: CaseRow, events: Sequence[EventRow]) -> Case | None:
    """The case as its events leave it; None where they cannot be read, which is told of by itself."""
    try:
        return (await folded(session, ledger.policies, row, events)).case
    except (LedgerError, LookupError, ValueError, TypeError):
        return None


async def _told(session: AsyncSession, case_nos: Collection[str]) -> set[str]:
    """The cases of which operators have been told that a message may have arrived or not."""
    told = select(AlertRow.subject).where(AlertRow.kind == UNKNOWN_ALERT, AlertRow.subject.in_(case_nos))
    return set(await session.scalars(told))


def _case_row(row: CaseRow, case: Case | None, now: datetime) -> Row:
    closed = row.state == State.CLOSED
    running = any(at is not None for at in (row.next_due_at, row.rung_at))
    values: dict[str, Any] = {
        "state": all_texts().get(f"state.{row.state}", row.state),  # a hand may have written any
        "readable": FINE if case else None,
        "watched": FINE if closed or _watched(row, now) else None,
        "running": None if closed or case is None else sum(clock.running for clock in case.clocks),
        "shown_rung": None if _hidden(row, case) else FINE,
        "ended": None if closed and case is not None and case.open else FINE,
        "outcome": row.outcome if closed else FINE,
        "closed": _iso(row.closed_at) if closed else FINE,
        "early_end": None if closed else (row.outcome or _iso(row.closed_at)),
        "late_clock": FINE if closed and running else None,
        **_account(row, case),
    }
    return Row(row.case_no, values)


def _hidden(row: CaseRow, case: Case | None) -> bool:
    """A rung is due some time, and the row by which it would be missed does not say so."""
    if case is None or row.state == State.CLOSED or row.rung_at is not None:
        return False
    return next_rung_at(case) is not None


def _account(row: CaseRow, case: Case | None) -> dict[str, float | None]:
    """By how many seconds the account of holders, and the moment of closing, are off what the row says."""
    if case is None:
        return {"held_off": None, "closing_off": None}
    account = case.held.until(case.closed_at or case.held.since)
    held, elapsed = sum(account.seconds.values()), (account.since - row.received_at).total_seconds()
    both = row.closed_at and case.closed_at
    closing = (row.closed_at - case.closed_at).total_seconds() if both and row.closed_at and case.closed_at else None
    return {"held_off": round(held - elapsed, 3), "closing_off": closing}


def _child_row(child: ChildRow, case: CaseRow, now: datetime) -> Row:
    over = child.ended_at is not None
    values = {
        "strand": child.strand,
        "watched": FINE if over or case.state == State.CLOSED or _watched(child, now) else None,
        "ended": FINE if over or case.state != State.CLOSED else None,
    }
    return Row(child.case_no, values)


def _delivery_row(delivery: DeliveryRow, case: CaseRow, told: Collection[str], now: datetime) -> Row:
    since = max(delivery.created_at, case.closed_at) if case.closed_at else None
    trying = delivery.state == "trying" and delivery.trying_since
    values = {
        "message": delivery.key,
        "type": delivery.type,
        "hours_after_end": _hours(now - since) if since and delivery.state != "unknown" else None,
        "hours_trying": _hours(now - delivery.trying_since) if trying and delivery.trying_since else None,
        "seen": FINE if delivery.state != "unknown" or delivery.case_no in told else None,
    }
    return Row(delivery.case_no, values)


def _watched(row: CaseRow | ChildRow, now: datetime) -> bool:
    """An alarm will ring, or a run is at work or on its way."""
    return row.alarm_at is not None or any(until and until > now for until in (row.lease_until, row.waking_until))


def _hours(length: timedelta) -> float:
    return round(length.total_seconds() / 3600, 2)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
