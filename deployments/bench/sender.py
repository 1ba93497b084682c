"""Requests as a channel of a district sends them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import httpx

from casework.screening import screen
from catalog.items import CatalogueItem
from catalog.policy import Grade
from deployments.demo.script import Scripted, load_script
from deployments.office import Office
from learning.classifier import Classifier

LINES = httpx.Limits(max_connections=8, max_keepalive_connections=8, keepalive_expiry=3)
PATIENCE = httpx.Timeout(60, pool=None)
THANKS = "thanks"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A request that was received: its number, and the path of its page."""

    case_no: str
    page: str


@dataclass(frozen=True, slots=True)
class Sender:
    """A line to the gateway, the channels' keys by ``district.channel``, and what there is to ask."""

    client: httpx.AsyncClient
    keys: Mapping[str, str]
    requests: Sequence[Scripted]
    thanks: Sequence[Scripted]

    @classmethod
    async def of(cls, office: Office, client: httpx.AsyncClient) -> "Sender":
        """One who has every channel's key."""
        names = [(district.code, one.code) for district in office.city.districts.values() for one in district.channels]
        access = office.ledger.access
        keys = {f"{code}.{channel}": await access.channel_key(code, channel) for code, channel in names}
        return cls(client, keys, sure_requests(office), sure_thanks(office))

    async def submit(self, district: str, n: int) -> Receipt:
        """Send the n-th request, without a name and a phone."""
        return await self._send(district, self.requests[n % len(self.requests)])

    async def thank(self, district: str, n: int) -> Receipt:
        """Send the n-th word of thanks, which is passed on and waits for nobody."""
        return await self._send(district, self.thanks[n % len(self.thanks)])

    async def _send(self, district: str, request: Scripted) -> Receipt:
        body = {"district": district, "text": request.text, "place": request.place, "channel": request.channel}
        headers = {"x-channel-key": self.keys[f"{district}.{request.channel}"]}
        answer = await self.client.post("/api/requests", json=body, headers=headers)
        received = answer.raise_for_status().json()
        return Receipt(received["case_no"], httpx.URL(received["receipt_url"]).path)


def line_to(url: str) -> httpx.AsyncClient:
    """Eight lines at most: whoever sends more at once waits for one."""
    return httpx.AsyncClient(base_url=url, limits=LINES, timeout=PATIENCE, trust_env=False)


def sure_requests(office: Office) -> tuple[Scripted, ...]:
    """The demo's requests that need no dispatcher, have no story beside the handling, wait for their unit, as thanks do
    not, and end when they are withdrawn, as a danger to others does not.
    """

    def plain(request: Scripted, item: CatalogueItem) -> bool:
        screening = screen(request.text)
        beside = request.story is not None or item.long_standing or item.joint
        return not beside and screening.property != THANKS and not screening.emergency and item.grade is not Grade.A

    return _sure(office, plain)


def sure_thanks(office: Office) -> tuple[Scripted, ...]:
    """The demo's words of thanks that need no dispatcher."""
    return _sure(office, lambda request, item: screen(request.text).property == THANKS)


def _sure(office: Office, fits: Callable[[Scripted, CatalogueItem], bool]) -> tuple[Scripted, ...]:
    """Those of the demo's requests that fit, with the item that they are surely about."""
    catalogue = office.city.catalogue
    classifier = Classifier.from_catalogue(catalogue)
    threshold = max(district.policy.confidence_threshold for district in office.city.districts.values())
    found = [(request, classifier.classify(request.text, request.place)) for request in load_script()]
    sure = [(request, catalogue.item(one.item)) for request, one in found if one.confidence >= threshold]
    return tuple(request for request, item in sure if fits(request, item))
