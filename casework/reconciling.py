"""Whether a case and its run have come apart, so that somebody must look again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

STALE = timedelta(minutes=1)
ENDED = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED", "CANCELLING"})


@dataclass(frozen=True, slots=True)
class Standing:
    """An open case as the ledger and Prefect see it. `run_state` is None when Prefect has no such run."""

    has_run: bool
    run_state: str | None
    run_since: datetime | None
    alarm_at: datetime | None
    claimed_until: datetime | None


def strayed(standing: Standing, now: datetime) -> str | None:
    """Why the case's alarm must be rung, in a few words; None when it is well or somebody is at it."""
    if standing.claimed_until is not None and standing.claimed_until > now:
        return None
    if standing.alarm_at is None:
        return "an open case without an alarm"
    if not standing.has_run:
        return None if standing.alarm_at <= now else "an open case without a run"
    if standing.run_state is None:
        return "its run has been deleted"
    if standing.run_state in ENDED:
        return f"its run has ended ({standing.run_state.lower()})"
    if standing.run_state in ("RUNNING", "PENDING") and _stale(standing.run_since, now):
        return f"its run is {standing.run_state.lower()} with nobody behind it"
    return None


def _stale(since: datetime | None, now: datetime) -> bool:
    return since is None or now - since > STALE
