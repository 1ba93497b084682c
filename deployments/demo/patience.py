"""Calls that are made again until they are answered: a gateway that restarts costs a moment and nothing more."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx

FIRST_WAIT, LONGEST_WAIT = 0.5, 8.0
TRIES = 12
"""About a minute and a quarter."""


class Unheard(Exception):
    """The gateway did not answer, however often it was asked."""


async def patiently(call: Callable[[], Awaitable[httpx.Response]]) -> httpx.Response:
    """The answer, whatever it says but 5xx and 429, which are asked again as no answer at all is. Raises `Unheard`."""
    why = ""
    for attempt in range(TRIES):
        try:
            answer = await call()
        except httpx.TransportError as error:
            why = repr(error)
        else:
            if not answer.is_server_error and answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                return answer
            why = f"{answer.status_code} {answer.text[:200]}"
        await asyncio.sleep(min(FIRST_WAIT * 2**attempt, LONGEST_WAIT))
    raise Unheard(f"the gateway does not answer: {why}; is it running?")
