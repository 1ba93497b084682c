"""Waiting for a process of the stack to answer, with a limit and a clear end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import httpx

from catalog.texts import text
from deployments.child import Child
from deployments.errors import CommandFailed
from deployments.plan import POOL
from ledger.settings import Settings

BETWEEN = 0.25
Answers = Callable[[], Awaitable[bool]]


async def until_ready(child: Child, answers: Answers, limit: float) -> None:
    """Return once it answers. Raises `CommandFailed` with its last words when it ends or the limit passes."""
    try:
        async with asyncio.timeout(limit):
            while not await answers():
                if child.exit_code is not None:
                    raise _failed("stack.ended_early", child, code=child.exit_code)
                await asyncio.sleep(BETWEEN)
    except TimeoutError:
        raise _failed("stack.not_ready", child, seconds=round(limit)) from None


def _failed(key: str, child: Child, **values: object) -> CommandFailed:
    return CommandFailed(text(key, name=text(f"stack.name.{child.name}"), log=child.log, **values), child.last_words())


def answers_at(url: str) -> Answers:
    """Whether a GET gets a 200."""

    async def answers() -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=5) as client:
                return (await client.get(url)).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    return answers


def worker_online(settings: Settings, name: str, since: datetime) -> Answers:
    """Whether Prefect has heard from the worker of this name since then."""
    url = f"{settings.prefect_url}/work_pools/{POOL}/workers/filter"
    user, _, password = settings.prefect_auth.partition(":")
    auth = httpx.BasicAuth(user, password) if user else None

    async def answers() -> bool:
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=5, auth=auth) as client:
                found = await client.post(url, json={})
        except httpx.TransportError:
            return False
        return found.is_success and any(_heard(each, name, since) for each in found.json())

    return answers


def _heard(worker: dict[str, str], name: str, since: datetime) -> bool:
    heard = worker.get("last_heartbeat_time")
    return worker["name"] == name and heard is not None and datetime.fromisoformat(heard) >= since
