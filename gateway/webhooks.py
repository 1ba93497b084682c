"""`POST /webhooks/{district}/{unit}`: what a department says of its tasks, signed after Standard Webhooks."""

import hashlib
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ValidationError
from standardwebhooks import Webhook, WebhookVerificationError

from casework.case import Case
from casework.errors import BadAct, NotAllowed
from casework.events import Act, Actor, Kind, Role
from casework.life_cycle import allowed
from casework.messages import MESSAGES, OUT_OF_PLACE, Envelope, TaskMessage
from gateway.bodies import json_object
from gateway.errors import Declined, declined, malformed
from gateway.office import Desk, Office
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
    """Why not: the case's state, and what this unit may say in it. State is null for a case that is not its own."""

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
    envelope = Envelope.model_validate(json_object(body))
    case, message = await _spoken_of(office, district, unit, envelope)
    delivery = Inbound(district, unit, request.headers["webhook-id"], hashlib.sha256(body).hexdigest())
    act = Act(Kind(envelope.type), Actor(Role.UNIT, unit), at, message.act_data())
    try:
        _, new = await office.record(case.case_no, act, delivery)
    except DeliveryReused as reused:
        raise Declined(409, str(reused), state=str(case.state), allowed=_allowed(case, unit)) from reused
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


async def _spoken_of(office: Office, district: str, unit: str, envelope: Envelope) -> tuple[Case, TaskMessage]:
    """The case and the message, well formed. A case that was never this unit's is as good as none to it."""
    model = MESSAGES.get(Kind(envelope.type)) if envelope.type in set(Kind) else None
    if model is None and envelope.type not in OUT_OF_PLACE:
        raise Declined(422, f"type: there is no message {envelope.type}: see CONTRACT, Webhook messages", field="type")
    message = _checked(model or TaskMessage, envelope.data)
    case = await _own(office, district, unit, message.case_no)
    if case is None:
        raise Declined(409, "this unit does not hold the task", state=None, allowed=[])
    if model is None:
        raise NotAllowed(case.state, _allowed(case, unit))
    return case, message


def _checked(model: type[TaskMessage], data: dict[str, Any]) -> TaskMessage:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise malformed(error, within="data") from None


async def _own(office: Office, district: str, unit: str, case_no: str) -> Case | None:
    try:
        case = (await office.ledger.cases.load(case_no)).case
    except NoSuchCase:
        return None
    return case if case.district == district and unit in {task.unit for task in case.tasks} else None


def _allowed(case: Case, unit: str) -> list[str]:
    """What the unit may say of the case now: nothing when the case has passed on."""
    return list(allowed(case, Role.UNIT)) if case.unit == unit else []
