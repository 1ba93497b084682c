"""The door to a unit: one signed webhook (Standard Webhooks), its id the delivery's key."""

import json
from datetime import datetime, timedelta
from typing import Any

import httpx
from prefect.logging import get_logger
from standardwebhooks import Webhook

from casework.case import Case
from casework.effects import overtaken
from casework.view import clocks_ahead
from ledger.deliveries import Delivery
from ledger.settings import settings
from tasks.addresses import AddressRefused, Target, resolve
from tasks.desk import city, ledger, links
from tasks.outcomes import Dropped, Outcome, Postponed, Sent

TIMEOUT = httpx.Timeout(10, connect=5)
QUICK_TRIES = 2
UNCONNECTED = timedelta(minutes=1)
FULL = ("task.assigned", "task.reopened")


async def send_to_unit(delivery: Delivery) -> Outcome:
    """Deliver one message to its unit's endpoint. What has lost its meaning meanwhile is dropped."""
    case = (await ledger().cases.load(delivery.case_no)).case
    if overtaken(delivery.type, delivery.task_id, case):
        return Dropped("the unit no longer holds the task")
    endpoint = await ledger().access.endpoint(case.district, delivery.addressee)
    if endpoint is None:
        return Postponed(f"{delivery.addressee} has no endpoint: run huiyin department connect", UNCONNECTED)
    try:
        target = await resolve(endpoint.url, allow_private=settings().allow_private_webhooks)
    except AddressRefused as refused:
        return Postponed(str(refused), UNCONNECTED)
    body = json.dumps(await _body(delivery, case), ensure_ascii=False)
    return await _post(target, delivery, body, endpoint.secrets[0])


async def _post(target: Target, delivery: Delivery, body: str, secret: str) -> Outcome:
    now = await ledger().now()
    headers = {
        "content-type": "application/json",
        "host": target.host,
        "webhook-id": delivery.key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery.key, now, body),
    }
    outcome: Outcome = Postponed("not tried")
    async with httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
        for _ in range(QUICK_TRIES):
            outcome = await _once(client, target, headers, body)
            if not isinstance(outcome, Postponed) or outcome.after is not None:
                break
    if not isinstance(outcome, Sent):
        get_logger("huiyin.deliveries").warning("%s not delivered: %s", delivery.key, outcome.why)
    return outcome


async def _once(client: httpx.AsyncClient, target: Target, headers: dict[str, str], body: str) -> Outcome:
    try:
        answer = await client.post(
            target.url, content=body.encode(), headers=headers, extensions={"sni_hostname": target.sni}
        )
    except httpx.TransportError as error:
        return Postponed(f"the endpoint does not answer ({type(error).__name__})")
    if answer.is_success:
        return Sent()
    if answer.status_code == httpx.codes.GONE:
        return Dropped("the endpoint says that it is gone (410): connect the unit anew")
    return Postponed(f"the endpoint answered {answer.status_code}", _asked(answer))


def _asked(answer: httpx.Response) -> timedelta | None:
    after = answer.headers.get("retry-after", "")
    return timedelta(seconds=min(int(after), 3600)) if after.isdecimal() else None


async def _body(delivery: Delivery, case: Case) -> dict[str, Any]:
    data: dict[str, Any] = {
        "case_no": case.case_no,
        "task_id": delivery.task_id,
        "case_seq": delivery.case_seq,
        **delivery.data,
    }
    if delivery.type in FULL:
        data |= await _order(delivery, case)
    now: datetime = await ledger().now()
    return {"type": delivery.type, "schema": 1, "timestamp": now.isoformat(), "data": data}


async def _order(delivery: Delivery, case: Case) -> dict[str, Any]:
    """What a unit needs to begin: the citizen's words, the clocks, and its two links."""
    words = await ledger().cases.words(case.case_no)
    task_id, unit = delivery.task_id or "", delivery.addressee
    return {
        "text": words["text"],
        "place": words["place"],
        "item": {"code": case.item, "name": city().catalogue.item(case.item).name} if case.item else None,
        "grade": str(case.grade),
        "property": case.nature,
        "clocks": clocks_ahead(case.clocks),
        "ack_url": links().task(case.case_no, task_id, unit),
        "contact_url": links().contact(case.case_no, task_id, unit) if case.has_phone else None,
    }
