"""`POST /webhooks/{district}/{unit}`: what a department says of its tasks, signed after Standard Webhooks."""

import hashlib
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from casework.case import Case
from casework.errors import BadAct, NotAllowed
from casework.events import Act, Actor, Kind, Role
from casework.messages import MESSAGES, Envelope, UnitMessage
from gateway.bodies import json_object
from gateway.checking import checked
from gateway.errors import Declined, declined, malformed
from gateway.office import Desk, Office
from gateway.standing import involved, may_whistle, sayable
from ledger.access import Endpoint
from ledger.cases import Inbound
from ledger.errors import DeliveryReused, NoSuchCase

router = APIRouter(tags=["webhooks"])
LONGEST_ID = 200
RESULTS = {401: "unauthorised", 404: "unknown_unit", 409: "conflict", 422: "malformed"}


class Taken(BaseModel):
    """`duplicate`: this delivery was accepted before, and nothing has changed now."""

    status: Literal["accepted", "duplicate"]


class Conflict(BaseModel):
    """Why not, the case's state, and what may be done in it (by a unit: with its work). State is null for a case that
    is not the unit's own.
    """

    error: str
    state: str | None
    allowed: list[str]


HEADERS = [
    {"name": name, "in": "header", "required": True, "schema": {"type": "string"}}
    for name in ("webhook-id", "webhook-timestamp", "webhook-signature")
]
BODY = {"content": {"application/json": {"schema": Envelope.model_json_schema()}}, "required": True}


@router.post(
    "/webhooks/{district}/{unit}",
    responses={
        401: {"description": "Bad signature, or a timestamp more than five minutes off"},
        404: {"description": "Unknown unit"},
        409: {"model": Conflict, "description": "Not this unit's task, or it makes no sense in the case's state"},
        413: {"description": "Over 1 MiB"},
        422: {"description": "Malformed; names the field"},
    },
    openapi_extra={"parameters": HEADERS, "requestBody": BODY},
)
async def webhook(district: str, unit: str, request: Request, office: Desk) -> Taken:
    """Facts from the unit that holds the task, in any order."""
    try:
        taken = await _take(district, unit, request, office)
    except Exception as error:
        office.meters.webhooks.labels(RESULTS.get(declined(error).status, "failed")).inc()
        raise
    office.meters.webhooks.labels(taken.status).inc()
    return taken


async def _take(district: str, unit: str, request: Request, office: Office) -> Taken:
    at = await office.ledger.now()
    endpoint = await _endpoint(office, district, unit)
    body = await request.body()
    _verify(endpoint, body, dict(request.headers))
    kind, message = _said(Envelope.model_validate(json_object(body)))
    delivery = Inbound(district, unit, request.headers["webhook-id"], hashlib.sha256(body).hexdigest())
    case = await _own(office, district, unit, kind, message.case_no)
    if case is None:
        raise Declined(409, "this unit does not hold the task", state=None, allowed=[])
    try:
        act = checked(Act(kind, Actor(Role.UNIT, unit), at, message.act_data()), office.city.district(district), case)
        _, new = await office.record(case.case_no, act, delivery)
    except (NotAllowed, DeliveryReused) as refused:
        raise await _conflict(office, unit, message, refused) from refused
    except BadAct as bad:
        raise Declined(422, f"data.{bad}", field=f"data.{bad.field}") from bad
    return Taken(status="accepted" if new else "duplicate")


async def _endpoint(office: Office, district: str, unit: str) -> Endpoint:
    known = office.district(district)
    if known is None or not known.has_unit(unit):
        raise Declined(404, f"there is no unit {unit} in {district}: see GET /api/units")
    endpoint = await office.ledger.access.endpoint(district, unit)
    if endpoint is None:
        command = f"huiyin department connect {district} {unit} --url URL"
        raise Declined(401, f"{unit} has no signing secret yet: run {command}")
    return endpoint


def _verify(endpoint: Endpoint, body: bytes, headers: dict[str, str]) -> None:
    """Any live secret will do. Raises `Declined` (401)."""
    why = "no secret is live"
    for secret in endpoint.secrets:
        try:
            Webhook(secret).verify(body, headers, json_parse=False)
        except (WebhookVerificationError, ValueError) as error:  # ValueError: a signature that is no base64
            why = str(error) if isinstance(error, WebhookVerificationError) else "Invalid Signature Headers"
        else:
            break
    else:
        raise Declined(401, f"{why}: sign webhook-id, webhook-timestamp and the body with the unit's secret")
    if len(headers["webhook-id"]) > LONGEST_ID:
        raise Declined(422, f"webhook-id: must not be longer than {LONGEST_ID} characters", field="webhook-id")


def _said(envelope: Envelope) -> tuple[Kind, UnitMessage]:
    """The message, well formed. Raises `Declined` (422)."""
    kind = Kind(envelope.type) if envelope.type in set(Kind) else None
    model = MESSAGES.get(kind) if kind is not None else None
    if kind is None or model is None:
        raise Declined(422, f"type: there is no message {envelope.type}: see CONTRACT, Webhook messages", field="type")
    return kind, _checked(model, envelope.data)


def _checked(model: type[UnitMessage], data: dict[str, Any]) -> UnitMessage:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise malformed(error, within="data") from None


async def _own(office: Office, district: str, unit: str, kind: Kind, case_no: str) -> Case | None:
    """The case, if the unit may speak of it at all. One that never was its own is as good as none to it."""
    try:
        case = (await office.ledger.cases.load(case_no)).case
    except NoSuchCase:
        return None
    if case.district != district:
        return None
    if kind is Kind.WHISTLED:
        again = unit in {call.caller for call in case.whistles}  # whose delivery may come twice
        return case if again or may_whistle(office.district(district), case, unit) else None
    return case if unit in involved(case) else None


async def _conflict(office: Office, unit: str, message: UnitMessage, refused: NotAllowed | DeliveryReused) -> Declined:
    """Why not, and what the unit may say with its work as the case stands now."""
    case = (await office.ledger.cases.load(message.case_no)).case
    may = sayable(case, unit, message.task_id, office.district(case.district))
    if isinstance(refused, NotAllowed):
        refused = NotAllowed(case.state, may, refused.why)
    return Declined(409, str(refused), state=str(case.state), allowed=list(may))
