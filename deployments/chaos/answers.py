"""What the gateway answered to citizens and units: an answer is a promise, so each is held against the ledger later."""

from collections import Counter
from dataclasses import dataclass, field

import httpx


@dataclass(slots=True)
class Answers:
    """Listens to a client (`listen`): the cases that were confirmed to citizens, the acts that were to units."""

    confirmed: set[str] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)
    acts: Counter[str] = field(default_factory=Counter)

    def listen(self, client: httpx.AsyncClient) -> None:
        client.event_hooks["response"].append(self._note)

    async def _note(self, answer: httpx.Response) -> None:
        asked = answer.request
        if asked.method != "POST":
            return
        if asked.url.path == "/api/requests" and answer.is_success:
            await answer.aread()
            self.confirmed.add(answer.json()["case_no"])
        elif asked.url.path.startswith("/webhooks/"):
            await self._act(asked.headers["webhook-id"], answer)

    async def _act(self, delivery: str, answer: httpx.Response) -> None:
        if answer.is_success:
            await answer.aread()
            self.acts[answer.json()["status"]] += 1
            self.taken.add(delivery)
        elif answer.is_client_error:
            self.acts["refused"] += 1
