"""Refreshing: what the rows of open cases say is brought up to what their events say now.

A case read from its events is always right. Its row was written at its last event, and may have been overtaken: the
table of holidays has come and moved a provisional deadline, or the row is older than one of its columns.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.calling import call
from ledger.database import Database
from ledger.errors import LedgerError
from ledger.folding import Loaded, load
from ledger.policies import Policies
from ledger.projecting import project, project_children
from ledger.tables import CaseRow, ChildRow

PAGE = 100
PROJECTED = ("next_due_at", "rung_at")  # what depends on the calendar as well as on events


@dataclass(frozen=True, slots=True)
class Page:
    """How far it has come, None at the end, and the cases whose rows were put right: the runs are to look again."""

    come_to: str | None
    changed: tuple[str, ...]


class Refreshing:
    """One page of open cases after another, each case in a short transaction of its own."""

    def __init__(self, database: Database, policies: Policies) -> None:
        self._database, self._policies = database, policies

    async def all(self) -> list[str]:
        """Every open case; answers those whose rows were put right, whose alarm rings now."""
        changed: list[str] = []
        come_to: str | None = ""
        while come_to is not None:
            page = await self.page(come_to)
            come_to = page.come_to
            changed += page.changed
        return changed

    async def page(self, after: str) -> Page:
        """The next open cases after this number."""
        case_nos = await self._open_after(after)
        changed = [case_no for case_no in case_nos if await self._stale(case_no) and await self._put_right(case_no)]
        return Page(case_nos[-1] if len(case_nos) == PAGE else None, tuple(changed))

    async def _open_after(self, after: str) -> Sequence[str]:
        wanted = select(CaseRow.case_no).where(CaseRow.case_no > after, CaseRow.state != "closed")
        async with self._database.read() as session:
            return (await session.scalars(wanted.order_by(CaseRow.case_no).limit(PAGE))).all()

    async def _stale(self, case_no: str) -> bool:
        """A case that cannot be read is left alone: its own wake says so, and counts it."""
        async with self._database.read() as session:
            try:
                loaded = await load(session, self._policies, await session.get(CaseRow, case_no), case_no)
            except (LedgerError, LookupError, ValueError, TypeError):
                return False
            return bool(_outdated(loaded, await _children(session, case_no)))

    async def _put_right(self, case_no: str) -> bool:
        now = await self._database.now()
        async with self._database.write() as session:
            row = await session.get(CaseRow, case_no, with_for_update=True)
            loaded = await load(session, self._policies, row, case_no)
            children = await _children(session, case_no, lock=True)
            outdated = _outdated(loaded, children)
            project(loaded.row, loaded.case)
            project_children({child.strand: child for child in children}, loaded.case, now)
            for one in outdated:
                call(one, now)
            return bool(outdated)


async def _children(session: AsyncSession, case_no: str, *, lock: bool = False) -> Sequence[ChildRow]:
    wanted = select(ChildRow).where(ChildRow.case_no == case_no).order_by(ChildRow.child_id)
    return (await session.scalars(wanted.with_for_update() if lock else wanted)).all()


def _outdated(loaded: Loaded, children: Sequence[ChildRow]) -> list[CaseRow | ChildRow]:
    """The rows that do not say what the case says now: its own, its children's."""
    right = CaseRow(policy_version=loaded.row.policy_version, catalogue_version=loaded.row.catalogue_version)
    project(right, loaded.case)
    named = {child.strand: child for child in project_children({}, loaded.case, loaded.case.received_at)}
    pairs: list[tuple[CaseRow | ChildRow, CaseRow | ChildRow | None]] = [(loaded.row, right)]
    pairs += [(child, named.get(child.strand)) for child in children]
    return [row for row, right in pairs if right is not None and _differs(row, right)]


def _differs(row: CaseRow | ChildRow, right: CaseRow | ChildRow) -> bool:
    return any(getattr(right, name) != getattr(row, name) for name in PROJECTED)
