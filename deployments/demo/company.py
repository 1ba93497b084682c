"""The company of simulators in one place: started together, sent home together."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from deployments.demo.adjudicator import Adjudicator
from deployments.demo.callback_centre import CallbackCentre
from deployments.demo.caller import Caller
from deployments.demo.cast import Cast
from deployments.demo.citizens import Citizens
from deployments.demo.dispatcher import Dispatcher
from deployments.demo.inbox import Noted, free_port, inbox, listening
from deployments.demo.judgement import Dispatching
from deployments.demo.staff_api import StaffApi
from deployments.demo.stage import Stage, set_up
from deployments.demo.units import Units
from deployments.demo.voice import Voice
from ledger.settings import Settings

LINES = httpx.Limits(max_connections=12, max_keepalive_connections=12, keepalive_expiry=3)
"""Everybody shares so many lines to the gateway: however much there is to do, they do not storm it."""
PATIENCE = httpx.Timeout(20, pool=None)


class Errands:
    """What has been begun and is not done. A fault in any of them ends the whole: a simulator has no excuse."""

    def __init__(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        self._going: set[asyncio.Task[None]] = set()

    def spawn(self, errand: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._group.create_task(errand)
        self._going.add(task)
        task.add_done_callback(self._going.discard)
        return task

    def drop(self) -> None:
        for task in tuple(self._going):
            task.cancel()


@dataclass(frozen=True, slots=True)
class Company:
    """The simulators at work in one district: units, leaders' offices, streets that call, dispatcher, adjudicator and
    callback centre; citizens when they are sent.
    """

    stage: Stage
    client: httpx.AsyncClient
    cast: Cast
    citizens: Citizens
    api: StaffApi
    errands: Errands


@asynccontextmanager
async def company(settings: Settings, district: str, noted: Noted | None = None) -> AsyncIterator[Company]:
    """Connect and start everybody; send them home at the end, whatever is still going on.

    `noted` is told of every delivery that comes to a unit.
    """
    with free_port() as place:
        stage = await set_up(settings, district, f"http://127.0.0.1:{place.getsockname()[1]}")
        client = httpx.AsyncClient(base_url=stage.gateway_url, limits=LINES, timeout=PATIENCE, trust_env=False)
        async with client, asyncio.TaskGroup() as group:
            errands = Errands(group)
            cast = Cast()
            citizens = Citizens(client, district, cast, stage.keys, errands.spawn)
            voice = Voice(client, district, stage.secrets)
            units = Units(cast, voice, errands.spawn)
            desk = StaffApi(client, district, stage.dispatcher_token)
            dispatcher = Dispatcher(desk, Dispatching(stage.district, stage.catalogue), errands.spawn)
            phones = CallbackCentre(StaffApi(client, district, stage.callback_token), cast, errands.spawn)
            adjudicator = Adjudicator(StaffApi(client, district, stage.adjudicator_token), cast, errands.spawn)
            caller = Caller(desk, voice, cast, errands.spawn)
            duties = [duty for one in (dispatcher, phones, adjudicator, caller) for duty in one.duties()]
            async with listening(inbox(stage.secrets, units.hear, noted), place):
                for duty in duties:
                    errands.spawn(duty)
                try:
                    yield Company(stage, client, cast, citizens, desk, errands)
                finally:
                    errands.drop()
