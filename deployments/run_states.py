"""Flow runs as Prefect has them, read two hundred at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType

from deployments.agreement import RunState
from engine.prefect_door import CHILD_FLOWS, FLOW

PAGE = 200  # what Prefect's API gives at most
NOT_ENDED = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING, StateType.PAUSED, StateType.CANCELLING]


@dataclass(frozen=True, slots=True)
class RunStates:
    """Reads through an open client."""

    client: PrefectClient
    flows: tuple[str, ...] = (FLOW, *CHILD_FLOWS)

    async def of(self, ids: Sequence[str]) -> dict[str, RunState]:
        """The states of these runs; a run that Prefect does not have is not in the answer."""
        found: dict[str, RunState] = {}
        for start in range(0, len(ids), PAGE):
            wanted = FlowRunFilterId(any_=[UUID(one) for one in ids[start : start + PAGE]])
            runs = await self.client.read_flow_runs(flow_run_filter=FlowRunFilter(id=wanted), limit=PAGE)
            found |= {str(run.id): _state(run) for run in runs}
        return found

    async def begun(self) -> datetime | None:
        """Since when Prefect has had the flow of requests; None where it has never been deployed."""
        first = FlowFilter(name=FlowFilterName(any_=[self.flows[0]]))
        flows = await self.client.read_flows(flow_filter=first, limit=1)
        return flows[0].created if flows else None

    async def stray(self, known: Collection[str]) -> dict[str, str]:
        """Runs of requests, parts and ownerships that have not ended and carry none that is known: id to name."""
        state = FlowRunFilterState(type=FlowRunFilterStateType(any_=NOT_ENDED))
        stray: dict[str, str] = {}
        read = 0
        while True:
            runs = await self.client.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=list(self.flows))),
                flow_run_filter=FlowRunFilter(state=state),
                limit=PAGE,
                offset=read,
            )
            stray |= {str(run.id): run.name for run in runs if str(run.id) not in known}
            read += len(runs)
            if len(runs) < PAGE:
                return stray


def _state(run: FlowRun) -> RunState:
    return RunState(run.state_type.value if run.state_type else "", run.state_name or "")
