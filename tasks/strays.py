"""Which of these open cases, and of their parts and ownerships, have come apart from their runs."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prefect.client.schemas.objects import FlowRun

from casework.reconciling import Run, Standing, Stray, rings_too_late, strayed
from casework.steps import next_alarm
from casework.strands import MAIN
from engine.run_reading import Deployments
from ledger.errors import LedgerError
from ledger.tables import CaseRow, ChildRow
from tasks.desk import ledger


@dataclass(frozen=True, slots=True)
class Found:
    """What must be looked at, a case or one of its strands, why, and the run that it has."""

    case_no: str
    flow_run_id: str | None
    stray: Stray
    strand: str = MAIN

    @property
    def key(self) -> str:
        return f"{self.case_no}-{self.strand}" if self.strand else self.case_no


async def strays_of(
    cases: Sequence[CaseRow | ChildRow], runs: Mapping[str, FlowRun], deployments: Deployments, *, full: bool
) -> list[Found]:
    """`runs` by id and `deployments`, as Prefect has them; `full` asks casework when each must be looked at again."""
    now, found = await ledger().now(), []
    for case in cases:
        strand = case.strand if isinstance(case, ChildRow) else MAIN
        standing = _standing(case, runs.get(case.flow_run_id or ""), deployments.ids)
        stray = strayed(standing, now)
        if stray is None and full and standing.rests(now) and await _oversleeps(case.case_no, strand, case.alarm_at):
            stray = Stray("its alarm would ring too late")
        if stray is not None and stray.new_run and not strand and case.district not in deployments.requests:
            continue  # there is nothing to make another run from: it is replaced when there is
        if stray is not None:
            found.append(Found(case.case_no, case.flow_run_id, stray, strand))
    return found


async def _oversleeps(case_no: str, strand: str, alarm_at: datetime | None) -> bool:
    try:
        loaded = await ledger().cases.load(case_no)
    except (LedgerError, LookupError, ValueError, TypeError):  # it cannot be read: its own wake says so, and counts it
        return False
    owed = await ledger().deliveries.owed(case_no, strand)
    return rings_too_late(
        alarm_at if strand else loaded.row.alarm_at, next_alarm(loaded.case, loaded.policy, owed, strand=strand)
    )


def _standing(case: CaseRow | ChildRow, run: FlowRun | None, deployments: Collection[UUID]) -> Standing:
    over = isinstance(case, ChildRow) and case.ended_at is not None
    return Standing(
        state="closed" if over else case.state,
        has_run=case.flow_run_id is not None,
        run=_run(run, deployments) if run else None,
        alarm_at=case.alarm_at,
        claimed_until=case.lease_until,
        failures=case.failures,
    )


def _run(run: FlowRun, deployments: Collection[UUID]) -> Run:
    return Run(
        state=run.state_type.value if run.state_type else "",
        name=run.state_name or "",
        since=run.state.timestamp if run.state else None,
        due_at=run.next_scheduled_start_time,
        deliverable=run.work_queue_id is not None and run.deployment_id in deployments,
    )
