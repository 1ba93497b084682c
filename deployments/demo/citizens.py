"""Citizens: they send their requests one after the other, look at their page, and say what they think."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import httpx

from deployments.demo.behaviours import CitizenWay, Dice
from deployments.demo.cast import Cast
from deployments.demo.patience import Unheard, patiently
from deployments.demo.phrases import say
from deployments.demo.script import Scripted
from deployments.demo.units import Spawn

LOG = logging.getLogger("huiyin.demo.citizens")
LOOKS_EVERY = 4.0
AT_FIRST_BAD = frozenset({CitizenWay.DISSATISFIED, CitizenWay.TURNS_DOWN})
JSON = {"accept": "application/json"}


class Citizens:
    """Everybody in the script. `keys` are the intake keys of the channels they come through."""

    def __init__(
        self, client: httpx.AsyncClient, district: str, cast: Cast, keys: Mapping[str, str], spawn: Spawn
    ) -> None:
        self._client, self._district, self._cast, self._keys, self._spawn = client, district, cast, keys, spawn
        self.receipts: dict[str, str] = {}

    async def arrive(self, requests: Sequence[Scripted], interval: float, tour: str) -> None:
        """Send every request, `interval` seconds apart. `tour` makes their identities those of this run alone."""
        loop = asyncio.get_running_loop()
        start = loop.time()
        for n, request in enumerate(requests):
            await asyncio.sleep(max(start + n * interval - loop.time(), 0))
            self._spawn(self._live(request, f"{tour}-{n:03d}"))

    async def _live(self, request: Scripted, external_id: str) -> None:
        try:
            await self._life(request, external_id)
        except Unheard as unheard:
            LOG.warning("%s", unheard)

    async def _life(self, request: Scripted, external_id: str) -> None:
        case_no, url = await self._send(request, external_id)
        self._cast.enter(case_no, request)
        self.receipts[case_no] = url
        match request.citizen:
            case CitizenWay.WITHDRAWS | CitizenWay.WITHDRAWS_HAZARD:
                await self._withdraw(request, url)
            case CitizenWay.SATISFIED | CitizenWay.DISSATISFIED | CitizenWay.TURNS_DOWN | CitizenWay.ASKS_AGAIN:
                await self._judge(request, url)

    async def _send(self, request: Scripted, external_id: str) -> tuple[str, str]:
        """Sent again until it is received: with its channel's key the same identity opens one case only."""
        body = {**request.body(self._district), "external_id": external_id}
        headers = {"x-channel-key": self._keys[request.channel]}
        answer = await patiently(lambda: self._client.post("/api/requests", json=body, headers=headers))
        receipt = answer.raise_for_status().json()
        return receipt["case_no"], receipt["receipt_url"]

    async def _withdraw(self, request: Scripted, url: str) -> None:
        """At once, or, where others are in danger, when somebody is already at work."""
        wanted = {"in_progress", "awaiting_contact"} if request.citizen is CitizenWay.WITHDRAWS_HAZARD else None
        async for state in self._looks(url):
            if wanted is None or state["state"] in wanted:
                await self._say(url, "withdraw", {"reason": say("withdraw", url)}, form=request.form)
                return

    async def _judge(self, request: Scripted, url: str) -> None:
        """Each time an answer is there: the first may be bad, the next is good."""
        first = request.citizen
        async for state in self._looks(url):
            if state["state"] != "awaiting_callback":
                continue
            await asyncio.sleep(Dice(url).between(0.5, 2.0, "thinks"))
            if first is CitizenWay.ASKS_AGAIN:
                action, body = "reopen", {"reason": request.complaint or say("ask_again", url)}
            else:
                action, body = "evaluate", opinion(request, url, bad=first in AT_FIRST_BAD)
            await self._say(url, action, body, form=request.form)
            first = CitizenWay.SATISFIED

    async def _looks(self, url: str) -> AsyncIterator[dict[str, Any]]:
        """The page's state, each time the citizen looks, until the case is closed."""
        await asyncio.sleep(LOOKS_EVERY * Dice(url).between(0.5, 1.0, "first look"))
        while True:
            answer = await patiently(lambda: self._client.get(url, headers=JSON))
            state: dict[str, Any] = answer.raise_for_status().json()
            if state["state"] == "closed":
                return
            yield state
            await asyncio.sleep(LOOKS_EVERY)

    async def _say(self, url: str, action: str, body: dict[str, Any], *, form: bool) -> None:
        """Through the page's form, or as JSON. A refusal is read and accepted: somebody was quicker."""
        where = f"{url}/{action}"
        sent: dict[str, Any] = {"data": _form(body)} if form else {"json": body, "headers": JSON}
        answer = await patiently(lambda: self._client.post(where, **sent))
        if answer.is_error:
            LOG.warning("%s answered %s: %s", action, answer.status_code, answer.text)


def opinion(request: Scripted, seed: str, *, bad: bool) -> dict[str, Any]:
    """An evaluation: `solved`, `satisfaction` and a comment."""
    if bad:
        solved = Dice(seed).roll("half solved") < 0.3
        comment = request.complaint or say("complaint", seed)
        return {"solved": solved, "satisfaction": 2 if solved else 1, "comment": comment}
    satisfaction = 4 + (Dice(seed).roll("satisfaction") < 0.6)
    return {"solved": True, "satisfaction": satisfaction, "comment": request.comment or say("praise", seed)}


def _form(body: dict[str, Any]) -> dict[str, str]:
    return {key: str(value).lower() if isinstance(value, bool) else str(value) for key, value in body.items()}
