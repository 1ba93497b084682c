"""The flows a worker has at hand: deployments looked up for a short time, flows imported once."""

from __future__ import annotations

import asyncio
import time
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.exceptions import ObjectNotFound
from prefect.flows import load_flow_from_entrypoint

from catalog.texts import text

FRESH_SECONDS = 30.0  # how long a deployment's entrypoint is believed without asking again


class FlowUnavailable(Exception):
    """The flow of a run cannot be had; the message says why and what to do, in the operator's language."""


class FlowShelf:
    """Deployment to flow. One a worker: an imported flow stays imported for the worker's life."""

    def __init__(self, client: PrefectClient) -> None:
        self._client = client
        self._entrypoints: dict[UUID, tuple[float, str]] = {}
        self._flows: dict[str, Flow[..., Any]] = {}
        self._importing = asyncio.Lock()

    async def flow_of(self, deployment_id: UUID | None) -> Flow[..., Any]:
        """The flow that runs of this deployment run. Raises `FlowUnavailable`."""
        if deployment_id is None:
            raise FlowUnavailable(text("resident_worker.no_deployment"))
        entrypoint = await self._entrypoint(deployment_id)
        async with self._importing:
            if entrypoint not in self._flows:
                self._flows[entrypoint] = await asyncio.to_thread(_load, entrypoint)
        return self._flows[entrypoint]

    async def _entrypoint(self, deployment_id: UUID) -> str:
        asked_at, entrypoint = self._entrypoints.get(deployment_id, (float("-inf"), ""))
        if time.monotonic() - asked_at < FRESH_SECONDS:
            return entrypoint
        try:
            deployment = await self._client.read_deployment(deployment_id)
        except ObjectNotFound as error:
            raise FlowUnavailable(text("resident_worker.no_deployment")) from error
        if not deployment.entrypoint:
            raise FlowUnavailable(text("resident_worker.no_entrypoint", deployment=deployment.name))
        self._entrypoints[deployment_id] = (time.monotonic(), deployment.entrypoint)
        return deployment.entrypoint


def _load(entrypoint: str) -> Flow[..., Any]:
    # A file path would be loaded as a top-level module of its own: its classes would exist twice in this process.
    if ":" in entrypoint or "/" in entrypoint or "." not in entrypoint:
        raise FlowUnavailable(text("resident_worker.not_a_module", entrypoint=entrypoint))
    try:
        flow: Flow[..., Any] = load_flow_from_entrypoint(entrypoint, use_placeholder_flow=False)
    except Exception as error:  # whatever the module raises while it is imported
        reason = f"{type(error).__name__}: {error}"
        raise FlowUnavailable(text("resident_worker.not_loaded", entrypoint=entrypoint, reason=reason)) from error
    if not flow.isasync or flow.isgenerator:
        raise FlowUnavailable(text("resident_worker.not_async", entrypoint=entrypoint))
    return flow
