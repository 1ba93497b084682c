"""What the front desk has at hand while it serves: one value, made when the gateway starts."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from casework.case import Case
from casework.events import Act
from catalog.districts import District
from engine.prefect_door import PrefectDoor
from gateway.meters import Meters
from gateway.rate_limit import RateLimit
from gateway.waker import Waker
from gateway.watch import Watch
from ledger.cases import Inbound
from ledger.city import City
from ledger.ledger import Ledger
from ledger.links import Links
from ledger.settings import Settings


@dataclass(frozen=True, slots=True)
class Office:
    """Settings, record, city, links, and the ways out."""

    settings: Settings
    ledger: Ledger
    city: City
    links: Links
    door: PrefectDoor
    waker: Waker
    watch: Watch
    meters: Meters
    anonymous: RateLimit

    def district(self, code: str) -> District | None:
        return self.city.districts.get(code)

    async def record(self, case_no: str, act: Act, inbound: Inbound | None = None) -> tuple[Case, bool]:
        """Record an act and have the case's run woken; see `Cases.record`."""
        recorded = await self.ledger.cases.record(case_no, act, inbound=inbound)
        self.waker.poke()
        return recorded


def office_of(request: Request) -> Office:
    office: Office = request.app.state.office
    return office


Desk = Annotated[Office, Depends(office_of)]
