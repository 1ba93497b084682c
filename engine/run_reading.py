"""Flow runs as Prefect has them, read two hundred at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.sorting import FlowRunSort

from engine.prefect_door import FLOW

PAGE = 200  # what Prefect's API gives at most
ENDED = [StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED]
UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]


@dataclass(frozen=True, slots=True)
class RunReading:
    """Reads through an open client."""

    client: PrefectClient

    async def of(self, ids: Sequence[str]) -> dict[str, FlowRun]:
        """These runs by id; a run that Prefect does not have is not in the answer."""
        found: dict[str, FlowRun] = {}
        for start in range(0, len(ids), PAGE):
            wanted = FlowRunFilterId(any_=[UUID(one) for one in ids[start : start + PAGE]])
            runs = await self.client.read_flow_runs(flow_run_filter=FlowRunFilter(id=wanted), limit=PAGE)
            found |= {str(run.id): run for run in runs}
        return found

    async def suspects(self, since: datetime) -> list[str]:
        """Names of requests' runs that ended since then, or are under way now: those whose cases may need a look."""
        ended = FlowRunFilter(state=_types(ENDED), end_time=FlowRunFilterEndTime(after_=since))
        return [*await self._names(ended), *await self._names(FlowRunFilter(state=_types(UNDER_WAY)))]

    async def _names(self, wanted: FlowRunFilter) -> list[str]:
        names: list[str] = []
        while True:
            runs = await self.client.read_flow_runs(
                flow_filter=FlowFilter(name=FlowFilterName(any_=[FLOW])),
                flow_run_filter=wanted,
                sort=FlowRunSort.ID_DESC,
                limit=PAGE,
                offset=len(names),
            )
            names += [run.name for run in runs]
            if len(runs) < PAGE:
                return names


def _types(types: list[StateType]) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=types))
