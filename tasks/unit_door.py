"""The door to a unit: one signed webhook (Standard Webhooks), its id the delivery's key."""

import json
from datetime import datetime
from typing import Any

from prefect.logging import get_logger

from casework.case import Case
from casework.delivering import RESTS_AFTER, Hope
from casework.effects import overtaken
from casework.owing import ORDERS
from casework.states import TaskRole
from casework.strands import MAIN, clocks_of
from casework.view import clocks_ahead
from catalog.texts import text
from ledger.deliveries import Delivery
from ledger.receivers import Receiver
from ledger.settings import settings
from tasks.desk import city, ledger, links
from tasks.lines import Lines
from tasks.outcomes import Dropped, Failed, Outcome, Sent
from tasks.posting import Parcel, post
from tasks.unit_alerts import is_gone, is_unreachable, refuses

LINES = Lines()


async def send_to_unit(delivery: Delivery) -> Outcome:
    """Deliver one message to its unit's endpoint, if it may be sent there now.

    What has lost its meaning meanwhile is dropped.
    """
    case = (await ledger().cases.load(delivery.case_no)).case
    if overtaken(delivery.type, delivery.task_id, case, delivery.data, carried=delivery.via is not None):
        return Dropped("the unit no longer holds the task")
    if delivery.behind:
        return Failed(text("delivery.behind"), Hope.NONE, tried=False)
    receiver = await ledger().receivers.of(case.district, delivery.addressee)
    if receiver is None:
        return Failed(text("delivery.unconnected"), Hope.NONE, tried=False)
    if receiver.gone:
        return Failed(text("delivery.gone"), Hope.NONE, tried=False)
    outcome = await _send(receiver, delivery.key, json.dumps(await _body(delivery, case), ensure_ascii=False))
    await _remember(receiver, outcome)
    if isinstance(outcome, Failed):
        get_logger("huiyin.deliveries").warning("%s not delivered: %s", delivery.key, outcome.why)
    return outcome


async def _send(receiver: Receiver, key: str, body: str) -> Outcome:
    """Post it, unless the endpoint is busy or rests."""
    async with LINES.hand(receiver.name) as busy:
        if busy is not None:
            return Failed(text("delivery.busy"), asked=busy, tried=False)
        away = await ledger().receivers.keeps_away(receiver)
        if away is not None:
            return Failed(text("delivery.rests"), asked=away, tried=False)
        parcel = Parcel(receiver.endpoint.url, key, body, receiver.endpoint.secrets, await ledger().now())
        return await post(parcel, allow_private=settings().allow_private_webhooks)


async def _remember(receiver: Receiver, outcome: Outcome) -> None:
    """What this try has taught of the endpoint."""
    match outcome:
        case Failed(tried=False):
            pass
        case Sent() if receiver.failures or receiver.rests_until:
            await ledger().receivers.answered(receiver)
        case Failed(hope=Hope.NONE):
            await is_gone(receiver)
            await ledger().receivers.gone(receiver)
        case Failed():
            failures = await ledger().receivers.failed(receiver, outcome.asked)
            if outcome.hope is Hope.REFUSED:
                await refuses(receiver, outcome.why)
            elif failures >= RESTS_AFTER:
                await is_unreachable(receiver, failures, outcome.why)


async def _body(delivery: Delivery, case: Case) -> dict[str, Any]:
    data: dict[str, Any] = {
        "case_no": case.case_no,
        "task_id": delivery.task_id,
        "case_seq": delivery.case_seq,
    }
    if delivery.type in ORDERS:
        data |= await _order(delivery, case)
    elif delivery.task_id is None and "call_id" in delivery.data:  # a caller without work of its own: its page
        data["ack_url"] = links().task(case.case_no, delivery.data["call_id"], delivery.addressee)
    data |= delivery.data  # what the order itself says of its clocks goes before the request's own
    now: datetime = await ledger().now()
    return {"type": delivery.type, "schema": 1, "timestamp": now.isoformat(), "data": data}


async def _order(delivery: Delivery, case: Case) -> dict[str, Any]:
    """What a unit needs to begin: the citizen's words, the clocks, and its two links."""
    words = await ledger().cases.words(case.case_no)
    task_id, unit = delivery.task_id or "", delivery.addressee
    task = case.given(task_id)
    reachable = case.has_phone and task is not None and task.role is not TaskRole.APPROVER
    order = {
        "text": words["text"],
        "place": words["place"],
        "item": {"code": case.item, "name": city().catalogue.item(case.item).name} if case.item else None,
        "grade": str(case.grade),
        "property": case.nature,
        "clocks": clocks_ahead(clocks_of(case, MAIN)),
        "ack_url": links().task(case.case_no, task_id, unit),
        "contact_url": links().contact(case.case_no, task_id, unit) if reachable else None,
    }
    return {**order, "precedent": dict(case.precedent)} if case.precedent else order
