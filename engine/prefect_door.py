"""The door to Prefect: runs are created and woken by name. What stands behind it is `PrefectApi` or `MemoryPrefect`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from ledger.errors import RetryHelps, RetryNeverHelps

FLOW = "request"
CHILD_FLOWS = ("whistle", "ownership")
STARTS_WITHIN = timedelta(seconds=20)
"""A run that is started or pending for longer, and has claimed nothing, has nobody behind it."""
COMES_BY_ITSELF = timedelta(minutes=1)
ENDED = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


class PrefectAway(RetryHelps):
    """Prefect does not answer."""


class PrefectBusy(RetryHelps):
    """Prefect answers that it cannot take the call now."""


class DeploymentMissing(RetryHelps):
    """The district has no deployment, or one without a work pool: run `huiyin deploy`."""

    @classmethod
    def of(cls, district: str, flow: str = FLOW) -> "DeploymentMissing":
        return cls(f"Prefect has no deployment {flow}/{district} in a work pool: run huiyin deploy {district}")


class RunGone(RetryNeverHelps):
    """There is no such run any more: the case needs a new one."""


class CallRefused(RetryNeverHelps):
    """Prefect refuses the call, with its reason."""


@dataclass(frozen=True, slots=True)
class NewRun:
    """A case's run as it is to be created. The same case and generation make one run, however often they are asked."""

    case_no: str
    district: str
    grade: str
    generation: int

    @property
    def idempotency_key(self) -> str:
        return f"{self.case_no}:{self.generation}"

    @property
    def tags(self) -> list[str]:
        return [f"district:{self.district}", f"grade:{self.grade}"]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands: its state's type, since when, when it is scheduled, and whether it can be delivered at all.

    A run that has lost its work queue or its deployment cannot, even when pool and deployment are made anew.
    """

    state: str
    since: datetime
    scheduled_at: datetime | None
    deliverable: bool

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    def on_its_way(self, now: datetime) -> bool:
        """Whether the run will come to its case without another call: rescheduling it would lose its place."""
        if self.state == "SCHEDULED":
            return self.deliverable and (self.scheduled_at or now) <= now + COMES_BY_ITSELF
        return self.state in ("PENDING", "RUNNING") and now - self.since < STARTS_WITHIN


class PrefectDoor(Protocol):
    """Every call may raise `PrefectAway` or `PrefectBusy`."""

    async def create(self, run: NewRun) -> str:
        """The new run's id, scheduled for now. Raises `DeploymentMissing`, `CallRefused`."""

    async def wake(self, run_id: str) -> None:
        """Schedule the run for now, whatever state it is in. Raises `RunGone`, `CallRefused`."""

    async def standing(self, run_id: str) -> Standing:
        """Raises `RunGone`."""

    async def retire(self, run_id: str) -> None:
        """End a run that another one follows, whatever state it is in. One that has ended or is gone stays so."""

    async def reachable(self) -> bool:
        """Whether Prefect answers; raises nothing."""

    async def close(self) -> None: ...
