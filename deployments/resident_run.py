"""One flow run in the worker's own event loop: claimed, run until it parks or ends, and never left without an owner."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.exceptions import (
    Abort,
    ObjectNotFound,
    ParameterBindError,
    ParameterTypeError,
    Pause,
    SignatureMismatchError,
)
from prefect.flow_engine import AsyncFlowRunEngine
from prefect.logging.loggers import flow_run_logger
from prefect.states import Cancelled, Failed, Pending, Scheduled
from prefect.utilities.callables import get_call_parameters, parameters_to_args_kwargs
from prefect.utilities.engine import propose_state

from catalog.texts import text
from deployments.flow_shelf import FlowShelf, FlowUnavailable

GIVEN_BACK_AFTER = timedelta(seconds=2)  # a run whose code ended without a state of its own is due again then
STALE_SECONDS = 0.3  # a run seen as due longer ago than this is looked at again before it is claimed
STOP_SECONDS = 5.0  # how long a stopped run has for its own `finally` blocks


class ResidentRun:
    """A flow run from the claim to the state it ends in. `carry` once; `stop` from another task at any time."""

    def __init__(self, client: PrefectClient, flow_run: FlowRun, shelf: FlowShelf, seen: float) -> None:
        """`seen`: when the server said that it is due, on the monotonic clock."""
        self.flow_run = flow_run
        self.begun = time.monotonic()
        self._seen = seen
        self._client = client
        self._shelf = shelf
        self._engine: AsyncFlowRunEngine[..., Any] | None = None
        self._code: asyncio.Task[None] | None = None
        self._set_by_us: State[Any] | None = None  # the last state this run was given from here
        self._stopped = False
        self.log = flow_run_logger(flow_run=flow_run)

    async def carry(self) -> None:
        """Claim the run and run its code to a park or an end. The code's own failures end the run, not this call.

        Raises `httpx.HTTPError` if the server is lost; call `settle` when it is back.
        """
        if not await self._claim():
            return
        try:
            flow = await self._shelf.flow_of(self.flow_run.deployment_id)
            parameters = _parameters_of(flow, self.flow_run)
        except FlowUnavailable as unavailable:
            await propose_state(self._client, Failed(message=str(unavailable)), flow_run_id=self.flow_run.id)
            return
        if not self._stopped:
            self._code = asyncio.create_task(self._run_code(flow, parameters))
            await asyncio.wait({self._code})
        await self.settle()

    async def stop(self) -> None:
        """End the run's code where it stands. `carry` then settles what the server still thinks of it."""
        self._stopped = True
        if self._code is None or self._code.done():
            return
        if self._engine is not None and self._engine.flow_run is not None:
            self._set_by_us = self._engine.flow_run.state
            # Prefect's engine takes a cancelled asyncio task for a crash and forces CRASHED over whatever the server
            # has, a park or a Cancelling too, unless the run it knows has ended already.
            self._engine.flow_run.state = Cancelled(name=text("resident_worker.stopped"))
        self._code.cancel()
        await asyncio.wait({self._code}, timeout=STOP_SECONDS)

    async def settle(self) -> None:
        """Give the run back if it is Running (or Pending) with nobody behind it; confirm an asked-for cancellation.

        Does nothing to a run that parked, ended or was taken further by somebody else. May be called again.
        """
        ours = self._set_by_us
        if ours is None or ours.type not in (StateType.PENDING, StateType.RUNNING, StateType.CANCELLING):
            return
        try:
            await self._settle(ours)
        except ObjectNotFound:
            self.log.info("The run was deleted")

    async def _settle(self, ours: State[Any]) -> None:
        current = (await self._client.read_flow_run(self.flow_run.id)).state
        if current is None:
            return
        if current.is_cancelling():
            done: State[Any] = Cancelled(message=text("resident_worker.cancelled"))
            await self._client.set_flow_run_state(self.flow_run.id, done)
        elif current.id == ours.id:
            self.log.warning("The run's code ended without parking or ending the run: it is due again in 2 s")
            due: State[Any] = Scheduled(scheduled_time=datetime.now(UTC) + GIVEN_BACK_AFTER)
            await self._client.set_flow_run_state(self.flow_run.id, due)

    async def _claim(self) -> bool:
        try:
            # The server lets an ended run become Pending again: one that another worker has meanwhile carried to its
            # end would be run a second time.
            if time.monotonic() - self._seen > STALE_SECONDS and not await self._still_due():
                return False
            state = await propose_state(self._client, Pending(), flow_run_id=self.flow_run.id)
        except (Abort, Pause, ObjectNotFound):  # another worker has it, it was cancelled, parked or deleted meanwhile
            return False
        if not state.is_pending():
            return False
        self._set_by_us = state
        return True

    async def _still_due(self) -> bool:
        state = (await self._client.read_flow_run(self.flow_run.id)).state
        return state is not None and state.is_scheduled()

    async def _run_code(self, flow: Flow[..., Any], parameters: dict[str, Any]) -> None:
        # With `deployment_id` the engine would start a thread and a websocket for the run, and block this loop for it.
        handed = self.flow_run.model_copy(update={"deployment_id": None, "state": self._set_by_us})
        engine = self._engine = AsyncFlowRunEngine(flow=flow, flow_run=handed, parameters=parameters)
        try:
            async with engine.start():
                while engine.is_running():
                    async with engine.run_context():
                        _ = await engine.call_flow_fn()  # its annotation promises a coroutine; it is the result
        except (Abort, Pause):
            pass  # the engine has taken note of the state
        except httpx.HTTPError as lost:
            self.log.warning("The run could not tell the server of its end: %s", lost)
        except BaseException:  # SystemExit too: one run's code must not take the others with it
            if not self._stopped:
                self.log.exception("The run's code ended out of turn")
        if not self._stopped and engine.flow_run is not None:
            self._set_by_us = engine.flow_run.state


def _parameters_of(flow: Flow[..., Any], flow_run: FlowRun) -> dict[str, Any]:
    try:
        args, kwargs = parameters_to_args_kwargs(flow.fn, flow_run.parameters)
        return get_call_parameters(flow.fn, args, kwargs)  # with the function's defaults; the engine validates them
    except (ParameterBindError, ParameterTypeError, SignatureMismatchError) as error:
        raise FlowUnavailable(text("resident_worker.wrong_parameters", reason=str(error))) from error
