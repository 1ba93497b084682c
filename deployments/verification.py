"""`huiyin verify`: the ledger against itself, and against Prefect. What moves meanwhile is looked at again."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from catalog.policy import Policy
from catalog.texts import text
from deployments.agreement import disagreement
from deployments.case_audit import case_faults, policies_of
from deployments.roots_audit import root_faults
from deployments.sealed_audit import Sealed, sealed_faults
from ledger.errors import UnknownPolicy
from ledger.ledger import Ledger
from ledger.tables import CaseRow, ChildRow, EventRow, VaultKeyRow, VaultRow

if TYPE_CHECKING:
    from deployments.run_states import RunStates

PAGE = 200
LOOKS = 4  # a case that was caught in the middle of a step is right at the next look
BETWEEN_LOOKS = 1.5


@dataclass(slots=True)
class Report:
    """What was looked at and what is wrong: case (or run) to its sentences."""

    cases: int = 0
    events: int = 0
    faults: dict[str, list[str]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        findings = [{"about": about, "finding": told} for about, each in self.faults.items() for told in each]
        return {"ok": not findings, "cases": self.cases, "events": self.events, "findings": findings}


@dataclass(frozen=True, slots=True)
class Verification:
    """Reads all, changes nothing. Without `runs` the ledger alone is verified."""

    ledger: Ledger
    runs: "RunStates | None" = None

    async def report(self) -> Report:
        """Everything once; what looks wrong again and again, until it is right or stays wrong."""
        report = Report()
        async for page in self._pages():
            report.cases += len(page)
            await self._look(page, report)
        stray = await self.runs.stray(await self._known_runs()) if self.runs else {}
        roots = await root_faults(self.ledger)
        for _ in range(LOOKS - 1):
            if not (report.faults or stray or roots):
                break
            await asyncio.sleep(BETWEEN_LOOKS)
            suspects, report.faults = list(report.faults), {}
            for start in range(0, len(suspects), PAGE):
                await self._look(suspects[start : start + PAGE], report, count=False)
            stray = await self.runs.stray(await self._known_runs()) if self.runs and stray else {}
            roots = await root_faults(self.ledger) if roots else []
        report.faults |= {"roots": roots} if roots else {}
        report.faults |= {run: [text("verify.stray_run", run=run, name=name)] for run, name in stray.items()}
        return report

    async def _pages(self) -> AsyncIterator[Sequence[str]]:
        last = ""
        while True:
            numbers = select(CaseRow.case_no).where(CaseRow.case_no > last).order_by(CaseRow.case_no).limit(PAGE)
            async with self.ledger.database.read() as session:
                page = list(await session.scalars(numbers))
            if not page:
                return
            yield page
            last = page[-1]

    async def _look(self, page: Sequence[str], report: Report, *, count: bool = True) -> None:
        """Read these cases with their events at one moment, and their runs after it."""
        async with self.ledger.database.read() as session:
            rows = list(await session.scalars(_of(select(CaseRow), CaseRow.case_no, page)))
            events = defaultdict[str, list[EventRow]](list)
            for event in await session.scalars(_of(select(EventRow), EventRow.case_no, page).order_by(EventRow.seq)):
                events[event.case_no].append(event)
            named = set().union(*(policies_of(each) for each in events.values()))
            policies = await self._policies(session, named)
            sealed = await _sealed(session, page)
        report.events += sum(map(len, events.values())) if count else 0
        for row in rows:
            _add(report, row, case_faults(row, events[row.case_no], policies))
            _add(report, row, sealed_faults(row, events[row.case_no], sealed[row.case_no], self.ledger.keyring))
        if self.runs is not None:
            carried = [*rows, *await self.ledger.children.of_cases(page, over=True)]
            states = await self.runs.of([row.flow_run_id for row in carried if row.flow_run_id])
            begun, now = await self.runs.begun(), await self.ledger.now()
            for one in carried:
                found = disagreement(one, states.get(one.flow_run_id or ""), now, begun)
                _add(report, one, [found] if found else [])

    async def _policies(self, session: AsyncSession, versions: Iterable[str]) -> dict[str, Policy]:
        found = {}
        for version in versions:
            try:
                found[version] = await self.ledger.policies.get(session, version)
            except UnknownPolicy:  # told of each case that has it
                continue
        return found

    async def _known_runs(self) -> set[str]:
        async with self.ledger.database.read() as session:
            of_cases = await session.scalars(select(CaseRow.flow_run_id).where(CaseRow.flow_run_id.is_not(None)))
            of_children = await session.scalars(select(ChildRow.flow_run_id).where(ChildRow.flow_run_id.is_not(None)))
            return {*of_cases, *of_children} - {None}


async def _sealed(session: AsyncSession, page: Sequence[str]) -> Mapping[str, Sealed]:
    keys = await session.scalars(_of(select(VaultKeyRow), VaultKeyRow.case_no, page))
    found = {case_no: Sealed() for case_no in page} | {key.case_no: Sealed(key.wrapped) for key in keys}
    for kept in await session.scalars(_of(select(VaultRow), VaultRow.case_no, page)):
        found[kept.case_no].fields[kept.field] = kept.sealed
    return found


def _of(wanted: Select[Any], column: Any, page: Sequence[str]) -> Select[Any]:
    return wanted.where(column.in_(page)).order_by(column)


def _add(report: Report, row: CaseRow | ChildRow, sentences: list[str]) -> None:
    if sentences:
        report.faults.setdefault(row.case_no, []).extend(sentences)
