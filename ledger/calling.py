"""Calling: an alarm is set to now, a case's or a child's, and rings on until a run that is claimed later has looked."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from casework.case import Case
from casework.events import Kind
from casework.life_cycle import OF_A_PART, OF_AN_OWNERSHIP
from casework.strands import MAIN, changed, strands
from ledger.tables import CaseRow, ChildRow

BESIDE = OF_A_PART | OF_AN_OWNERSHIP
"""What is said of a part or of an ownership: it is the request's own only where it moves the request too."""


def called(before: Case, kind: Kind, owing: Collection[str], after: Case, own: str | None) -> frozenset[str]:
    """The strands whose runs must look again after an act that led from `before` to `after`.

    `owing`: the strands that owe a message by it. `own`: the strand whose run has acted, which looks again by itself;
    None where somebody outside has.
    """
    found = changed(before, after) | frozenset(owing)
    over = {one.name for one in strands(before) if one.over}
    if any(one.over and one.name not in over for one in strands(after)):
        found |= {MAIN}  # a child has ended
    if kind is Kind.MOVED:
        found |= {MAIN, *(one.name for one in strands(after) if not one.over)}
    if own is not None:
        return found - {own}
    return found if kind in BESIDE else found | {MAIN}


def call(row: CaseRow | ChildRow, now: datetime) -> None:
    """One whose row is locked."""
    row.alarm_at = now
    row.calls += 1


async def call_all(
    session: AsyncSession, row: type[CaseRow] | type[ChildRow], keys: Iterable[str], now: datetime
) -> None:
    """Several cases or several children. Everybody locks them in this order, so that no two wait for each other."""
    wanted = row.key.in_(sorted(set(keys)))
    await session.execute(select(row.key).where(wanted).order_by(row.key).with_for_update())
    await session.execute(update(row).where(wanted).values(alarm_at=now, calls=row.calls + 1))


async def call_strands(session: AsyncSession, strands_of: Collection[tuple[str, str]], now: datetime) -> None:
    """Strands, each by its case's number and its name: the cases first, as everybody does."""
    cases = [case_no for case_no, strand in strands_of if strand == MAIN]
    children = [child_id(case_no, strand) for case_no, strand in strands_of if strand != MAIN]
    if cases:
        await call_all(session, CaseRow, cases, now)
    if children:
        await call_all(session, ChildRow, children, now)


def child_id(case_no: str, strand: str) -> str:
    """By what a child is known: its case's number and its strand."""
    return f"{case_no}-{strand}"
