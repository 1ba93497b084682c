"""Whether a case of the ledger and its flow run in Prefect fit together. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from catalog.texts import text
from ledger.tables import CaseRow, ChildRow

UNANSWERED = timedelta(minutes=10)  # a queue of wakes is worked off; an alarm as old as this is not in a queue
KEPT = timedelta(days=80)  # Prefect's own retention removes ended runs after 90 days


@dataclass(frozen=True, slots=True)
class RunState:
    """A flow run as Prefect shows it: the type of its state (`PAUSED`), and the name (`待签收 10:30前`)."""

    type: str
    name: str

    @property
    def final(self) -> bool:
        return self.type in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}


Carried = CaseRow | ChildRow
"""What a flow run carries: a case, or a called unit's part, or an ownership."""


def disagreement(row: Carried, run: RunState | None, now: datetime, begun: datetime | None = None) -> str | None:
    """What does not fit, in one sentence; None where all is well. `run` is None when Prefect has no such run.

    `begun` is when Prefect's database began: runs that ended before were lost with the one before it.
    """
    if _held(row, now):
        return None
    key = _of_an_open(row, run, now) if _ended(row) is None else _of_a_closed(row, run, now, begun)
    if key is None:
        return None
    shown = run.name if run else row.flow_run_id
    name = row.child_id if isinstance(row, ChildRow) else row.case_no
    return text(f"verify.{key}", case_no=name, state=text(f"state.{row.state}"), run=shown)


def _ended(row: Carried) -> datetime | None:
    return row.ended_at if isinstance(row, ChildRow) else row.closed_at


def _held(row: Carried, now: datetime) -> bool:
    """A run is at work on the case, or on its way."""
    return any(until is not None and until > now for until in (row.lease_until, row.waking_until))


def _of_an_open(row: Carried, run: RunState | None, now: datetime) -> str | None:
    if row.alarm_at is None:
        return "no_alarm"
    if row.alarm_at <= now:
        return "unanswered" if now - row.alarm_at > UNANSWERED else None
    if run is None:
        return "run_missing" if row.flow_run_id else "never_ran"
    return _of_a_parked(row, run)


def _of_a_parked(row: Carried, run: RunState) -> str | None:
    if run.final:
        return "run_ended"
    if run.type == "PAUSED":
        return None if run.name.startswith(text(f"state.{row.state}")) else "run_elsewhere"
    return None if run.type == "SCHEDULED" else "run_unclaimed"


def _of_a_closed(row: Carried, run: RunState | None, now: datetime, begun: datetime | None) -> str | None:
    if row.flow_run_id is None:
        waiting = row.alarm_at is not None and now - row.alarm_at <= UNANSWERED
        return None if waiting else "never_ran"
    if run is None:
        kept_since = now - KEPT if begun is None else max(now - KEPT, begun)
        ended = _ended(row)
        return None if ended is not None and ended < kept_since else "run_missing"
    if row.alarm_at is not None and not run.final:  # its last messages are still to be delivered
        return None
    return None if run.type == "COMPLETED" else "run_not_completed"
