"""`POST /api/requests`: a request comes in, is durable, and gets its receipt."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response
from pydantic import BaseModel, Field

from catalog.districts import District, UnknownCode
from gateway.errors import Declined
from gateway.office import Desk, Office
from ledger.cases import NewRequest
from ledger.intake import IntakeForm, understand

router = APIRouter(tags=["intake"])
ChannelKey = Annotated[str | None, Header(description="The channel's intake key (`huiyin channel key`)")]


class Receipt(BaseModel):
    """The number to ask by, and the page on which the citizen follows the request."""

    case_no: str = Field(examples=["PS2026112200001"])
    receipt_url: str


@router.post(
    "/api/requests",
    status_code=201,
    responses={
        200: {"model": Receipt, "description": "The same external_id came before: its first answer"},
        401: {"description": "Not the channel's key; or external_id without one"},
        429: {"description": "Too many requests without a key from one address"},
    },
)
async def receive(
    form: IntakeForm, request: Request, response: Response, office: Desk, x_channel_key: ChannelKey = None
) -> Receipt:
    at = await office.ledger.now()
    district = office.district(form.district)
    if district is None:
        known = ", ".join(sorted(office.city.districts))
        raise Declined(422, f"district: there is no district of this code: known are {known}", field="district")
    new = _understood(form, district, office)
    await _admitted(office, new, x_channel_key, request.client.host if request.client else "")
    case_no, fresh = await office.ledger.cases.receive(new, at)
    office.meters.requests.labels(district.code, "received" if fresh else "repeated").inc()
    if fresh:
        office.waker.poke()
    else:
        response.status_code = 200
    return Receipt(case_no=case_no, receipt_url=await _receipt_url(office, case_no, at if fresh else None))


def _understood(form: IntakeForm, district: District, office: Office) -> NewRequest:
    try:
        return understand(form, district, office.city.catalogue)
    except UnknownCode:
        known = ", ".join(channel.code for channel in district.channels)
        raise Declined(422, f"channel: there is no such channel: known are {known}", field="channel") from None


async def _admitted(office: Office, new: NewRequest, key: str | None, address: str) -> None:
    """A channel's key opens the door; without one it opens so many times a minute."""
    if key is not None and await office.ledger.access.channel_of(new.district, new.channel, key):
        return
    wait = office.anonymous.take(address)
    if wait:
        office.meters.requests.labels(new.district, "limited").inc()
        sentence = f"too many requests without a channel key: try again in {wait:.0f} s"
        raise Declined(429, sentence, {"retry-after": f"{wait:.0f}"})
    if key is not None:
        raise Declined(401, f"this is not the key of channel {new.channel}: see huiyin channel key")
    if new.external_id is not None:
        raise Declined(401, "external_id needs the channel's key in the header X-Channel-Key")


async def _receipt_url(office: Office, case_no: str, received_at: datetime | None) -> str:
    if received_at is None:
        received_at = (await office.ledger.cases.load(case_no)).case.received_at
    return office.links.citizen(case_no, received_at)
