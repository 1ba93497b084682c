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
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.sorting import FlowRunSort

from engine.prefect_door import CHILD_FLOWS, FLOW

PAGE = 200  # what Prefect's API gives at most
ENDED = [StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED]
UNDER_WAY = [StateType.PENDING, StateType.RUNNING, StateType.CANCELLING]
REQUESTS = FlowFilter(name=FlowFilterName(any_=[FLOW]))
CHILDREN = FlowFilter(name=FlowFilterName(any_=list(CHILD_FLOWS)))
OURS = FlowFilter(name=FlowFilterName(any_=[FLOW, *CHILD_FLOWS]))


@dataclass(frozen=True, slots=True)
class Deployments:
    """What runs can be made from: a district's requests, by its code; and all that runs of ours come from."""

    requests: dict[str, UUID]
    ids: frozenset[UUID]


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
        """Cases that may need a look: their numbers, from the runs that ended since then or are under way now."""
        ended = FlowRunFilter(state=_types(ENDED), end_time=FlowRunFilterEndTime(after_=since))
        found = [*await self._cases(ended), *await self._cases(FlowRunFilter(state=_types(UNDER_WAY)))]
        return list(dict.fromkeys(found))

    async def deployments(self) -> Deployments:
        """The deployments that runs of cases and their children can be made from; one without a work pool is none."""
        requests, children = await self._read(REQUESTS), await self._read(CHILDREN)
        ids = frozenset(each.id for each in (*requests, *children))
        return Deployments({each.name: each.id for each in requests}, ids)

    async def _read(self, wanted: FlowFilter) -> list[DeploymentResponse]:
        found: list[DeploymentResponse] = []
        read = 0
        while True:
            page = await self.client.read_deployments(flow_filter=wanted, limit=PAGE, offset=read)
            found += [each for each in page if each.work_pool_name is not None]
            read += len(page)
            if len(page) < PAGE:
                return found

    async def _cases(self, wanted: FlowRunFilter) -> list[str]:
        numbers: list[str] = []
        while True:
            runs = await self.client.read_flow_runs(
                flow_filter=OURS,
                flow_run_filter=wanted,
                sort=FlowRunSort.ID_DESC,
                limit=PAGE,
                offset=len(numbers),
            )
            # Its parameter, not its name: an operator can change that one.
            numbers += [str(run.parameters.get("case_no", "")) for run in runs]
            if len(runs) < PAGE:
                return numbers


def _types(types: list[StateType]) -> FlowRunFilterState:
    return FlowRunFilterState(type=FlowRunFilterStateType(any_=types))
