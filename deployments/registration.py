"""Brings Prefect to what is planned: work pool, queues, deployments. Running it again changes nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.objects import DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectNotFound
from prefect.utilities.callables import parameter_schema

from catalog.texts import text
from deployments.errors import CommandFailed
from deployments.job_template import base_job_template
from deployments.plan import POOL, QUEUES, RECONCILE_NAME, Planned
from deployments.resident_worker import ResidentWorker

Change = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True, slots=True)
class Registration:
    """The work pool that deployments are registered in, through an open client. `pool_type`: whose workers serve it."""

    client: PrefectClient
    pool: str = POOL
    pool_type: str = ResidentWorker.type

    async def prepare_pool(self) -> None:
        """The work pool and its queues, most urgent first. Raises `CommandFailed` for a pool of another type."""
        try:
            pool = await self.client.read_work_pool(self.pool)
        except ObjectNotFound:
            template = base_job_template(self.pool_type)
            pool = await self.client.create_work_pool(
                WorkPoolCreate(name=self.pool, type=self.pool_type, base_job_template=template)
            )
        if pool.type != self.pool_type:
            raise CommandFailed(text("deploy.other_pool", pool=self.pool, type=pool.type, wanted=self.pool_type))
        known = {queue.name: queue for queue in await self.client.read_work_queues(work_pool_name=self.pool)}
        for name, priority in QUEUES.items():
            if name not in known:
                await self.client.create_work_queue(name, work_pool_name=self.pool, priority=priority)
            elif known[name].priority != priority:
                await self.client.update_work_queue(known[name].id, priority=priority)

    async def present(self, planned: Planned) -> DeploymentResponse | None:
        """The deployment as Prefect has it now."""
        try:
            return await self.client.read_deployment_by_name(planned.full_name)
        except ObjectNotFound:
            return None

    async def register(self, planned: Planned, present: DeploymentResponse | None) -> Change:
        """Create the deployment, or update it where it is not as planned."""
        wanted, schedules = self._wanted(planned), _schedules(planned, present)
        if present is not None and _as_wanted(present, wanted) and _times(schedules) == _times(present.schedules):
            return "unchanged"
        await self.client.create_deployment(
            flow_id=await self.client.create_flow_from_name(planned.flow),
            name=planned.name,
            schedules=schedules,
            **wanted,
        )
        return "updated" if present else "created"

    async def look_again(self) -> None:
        """Have every open case compared with Prefect now."""
        deployment = await self.client.read_deployment_by_name(f"reconcile/{RECONCILE_NAME}")
        await self.client.create_flow_run_from_deployment(deployment.id, parameters={"full": True})

    def _wanted(self, planned: Planned) -> dict[str, Any]:
        return {
            "entrypoint": planned.entrypoint,
            "path": None,
            "pull_steps": [],
            "description": planned.description,
            "tags": list(planned.tags),
            "parameters": dict(planned.parameters),
            "parameter_openapi_schema": _schema(planned.entrypoint),
            "enforce_parameter_schema": planned.enforced,
            "work_pool_name": self.pool,
            "work_queue_name": planned.queue,
        }


def _schema(entrypoint: str) -> dict[str, Any]:
    """The form that Prefect's UI shows, from the flow's signature, as `prefect deploy` sends it."""
    module, _, name = entrypoint.rpartition(".")
    flow: Flow[..., Any] = getattr(import_module(module), name)
    return parameter_schema(flow).model_dump(exclude_unset=True)


def _as_wanted(present: DeploymentResponse, wanted: Mapping[str, Any]) -> bool:
    return all(_comparable(name, getattr(present, name)) == _comparable(name, value) for name, value in wanted.items())


def _comparable(name: str, value: Any) -> Any:
    if name == "tags":
        return sorted(value)
    return value or [] if name == "pull_steps" else value


def _schedules(planned: Planned, present: DeploymentResponse | None) -> list[DeploymentScheduleCreate]:
    """The planned schedules; one that an operator switched off stays off."""
    off = {known.slug for known in present.schedules if not known.active} if present else set()
    return [
        DeploymentScheduleCreate(
            schedule=CronSchedule(cron=wanted.cron, timezone=wanted.timezone),
            active=wanted.slug not in off,
            parameters=dict(wanted.parameters),
            slug=wanted.slug,
        )
        for wanted in planned.schedules
    ]


def _times(schedules: Iterable[DeploymentScheduleCreate | DeploymentSchedule]) -> list[tuple[str, str, str]]:
    """When and with what, for comparison; whether it is switched on is the operators' business."""
    return sorted((str(each.slug), repr(each.schedule), repr(each.parameters)) for each in schedules)
