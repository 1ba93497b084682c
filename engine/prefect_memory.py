"""Prefect's part in memory: it keeps runs as the server does, and runs nothing. The stand-in behind the door."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from engine.prefect_door import ENDED, CallRefused, DeploymentMissing, NewRun, PrefectAway, RunGone, Standing


@dataclass(frozen=True, slots=True)
class MemoryRun:
    """A run as the server would show it."""

    id: str
    made_from: NewRun
    state: str = "SCHEDULED"
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    scheduled_at: datetime | None = field(default_factory=lambda: datetime.now(UTC))
    deliverable: bool = True
    wakes: int = 0


class MemoryPrefect:
    """`deployments` are districts; `away` makes every call fail as a stopped server does."""

    def __init__(self, *deployments: str) -> None:
        self.deployments = set(deployments)
        self.runs: dict[str, MemoryRun] = {}
        self.away = False

    async def create(self, run: NewRun) -> str:
        self._answer()
        if run.district not in self.deployments:
            raise DeploymentMissing.of(run.district)
        for known in self.runs.values():
            if known.made_from.idempotency_key == run.idempotency_key:
                return known.id
        made = MemoryRun(str(uuid4()), run)
        self.runs[made.id] = made
        return made.id

    async def wake(self, run_id: str) -> None:
        run = self._run(run_id)
        if run.state == "CANCELLING":
            raise CallRefused("Cannot transition flows that are cancelling to a state other than Cancelled.")
        now = datetime.now(UTC)
        self.runs[run_id] = replace(run, state="SCHEDULED", since=now, scheduled_at=now, wakes=run.wakes + 1)

    async def standing(self, run_id: str) -> Standing:
        run = self._run(run_id)
        return Standing(run.state, run.since, run.scheduled_at, run.deliverable)

    async def retire(self, run_id: str) -> None:
        self._answer()
        if run_id in self.runs and self.runs[run_id].state not in ENDED:
            self.put(run_id, "CANCELLED")

    async def reachable(self) -> bool:
        return not self.away

    async def close(self) -> None:
        return None

    def put(self, run_id: str, state: str, *, since: datetime | None = None) -> None:
        """Set a run's state as a worker or an operator would."""
        changed = replace(self.runs[run_id], state=state, since=since or datetime.now(UTC), scheduled_at=None)
        self.runs[run_id] = changed

    def delete(self, run_id: str) -> None:
        del self.runs[run_id]

    def lose(self, run_id: str) -> None:
        """What deleting the work pool or the deployment does to a run that has been started."""
        self.runs[run_id] = replace(self.runs[run_id], deliverable=False)

    def _run(self, run_id: str) -> MemoryRun:
        self._answer()
        if run_id not in self.runs:
            raise RunGone(f"Prefect has no run {run_id} any more")
        return self.runs[run_id]

    def _answer(self) -> None:
        if self.away:
            raise PrefectAway("All connection attempts failed")
