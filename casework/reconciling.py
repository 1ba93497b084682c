"""Whether a case and its run have come apart, so that somebody must look again."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from catalog.texts import text

STALE = timedelta(minutes=1)
COMES_BY_ITSELF = timedelta(minutes=1)
TOLERANCE = timedelta(seconds=1)
ENDED = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED", "CANCELLING"})


@dataclass(frozen=True, slots=True)
class Run:
    """A case's run as Prefect has it: its state's type and name, since when, and for when it is scheduled if it is.

    `deliverable`: a work queue has it, and its deployment is still there. Otherwise no worker ever gets it again.
    """

    state: str
    name: str
    since: datetime | None
    due_at: datetime | None = None
    deliverable: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """A case as the ledger has it, and its run: None when Prefect has no such run."""

    state: str
    has_run: bool
    run: Run | None
    alarm_at: datetime | None
    claimed_until: datetime | None = None
    failures: int = 0

    def held(self, now: datetime) -> bool:
        """Whether a run is at it."""
        return self.claimed_until is not None and self.claimed_until > now

    def rests(self, now: datetime) -> bool:
        """Whether nobody is at it, and nobody will be before its alarm rings.

        One whose last wake failed is not at rest: it is left alone until its alarm on purpose, however its run ended.
        """
        return not self.held(now) and self.alarm_at is not None and self.alarm_at > now and not self.failures


@dataclass(frozen=True, slots=True)
class Stray:
    """Why a case must be looked at, in a few words; `new_run`: by another run than the one it has."""

    why: str
    new_run: bool = False


def strayed(standing: Standing, now: datetime) -> Stray | None:
    """What is wrong between a case and its run; None when it is well, or somebody is at it already."""
    if standing.state == "closed":
        return _unsaid(standing, now)
    if standing.alarm_at is None and not standing.held(now):
        return Stray("an open case without an alarm")
    if not standing.rests(now):
        return None
    if standing.run is None:
        return Stray("its run has been deleted" if standing.has_run else "an open case without a run")
    return _astray(standing.run, text(f"state.{standing.state}"), now)


def rings_too_late(alarm_at: datetime | None, wanted: datetime | None) -> bool:
    """Whether an alarm would ring after the moment for which it is wanted. One that rings early does no harm."""
    return wanted is not None and (alarm_at is None or alarm_at > wanted + TOLERANCE)


def _unsaid(standing: Standing, now: datetime) -> Stray | None:
    """A run that was killed when all was done, but to say to Prefect that it was."""
    over = standing.alarm_at is None and not standing.held(now)
    if over and standing.run is not None and _stands_still(standing.run, now):
        return Stray("a closed case's run has not ended, with nobody behind it")
    return None


def _stands_still(run: Run, now: datetime) -> bool:
    return run.state in ("RUNNING", "PENDING") and (run.since is None or now - run.since > STALE)


def _astray(run: Run, badge: str, now: datetime) -> Stray | None:
    if not run.deliverable:
        return Stray("its run has lost its work queue or its deployment", new_run=True)
    if run.state in ENDED:
        return Stray(f"its run has ended ({run.state.lower()})")
    if _stands_still(run, now):
        return Stray(f"its run is {run.state.lower()} with nobody behind it")
    if run.state == "SCHEDULED" and run.due_at is not None and run.due_at > now + COMES_BY_ITSELF:
        return Stray("its run was put off by hand")
    if run.state == "PAUSED" and not run.name.startswith(badge):
        return Stray("its run is paused under another name than its own")
    return None
