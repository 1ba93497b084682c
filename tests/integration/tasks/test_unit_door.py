"""Delivering to a unit's endpoint: signed, and each way in which the other side may answer."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from casework.events import SYSTEM, Act, Actor, Kind, Role
from ledger.deliveries import Delivery
from ledger.intake import Contact, IntakeForm, understand
from ledger.ledger import Ledger
from tasks import desk
from tasks.outcomes import Dropped, Postponed, Sent
from tasks.unit_door import send_to_unit

UNIT = "urban-management"
TEXT = "翠湖路的井盖不见了，请尽快处理，我的电话 13800000009"


async def _order(ledger: Ledger) -> Delivery:
    """The order of a fresh case, as the outbox has it."""
    district = desk.city().district("demo")
    form = IntakeForm(district="demo", text=TEXT, place="翠湖路 1 号", contact=Contact(phone="13800000009"))
    at = await ledger.now()
    case_no, _ = await ledger.cases.receive(understand(form, district, desk.city().catalogue), at)
    await ledger.cases.record(case_no, Act(Kind.ASSIGNED, SYSTEM, at, {"unit": UNIT, "item": "SZ-0601", "grade": "A"}))
    return next(one for one in await ledger.deliveries.ready(case_no) if one.door == "unit")


async def test_an_order_arrives_signed_with_all_that_the_unit_needs(ledger: Ledger, endpoint: Any) -> None:
    secret = await ledger.access.connect("demo", UNIT, endpoint.url)
    order = await _order(ledger)
    assert await send_to_unit(order) == Sent()
    said = Webhook(secret).verify(endpoint.bodies[0].decode(), endpoint.headers[0])
    assert endpoint.headers[0]["webhook-id"] == order.key
    assert (said["type"], said["schema"]) == ("task.assigned", 1)
    data = said["data"]
    assert data["text"] == TEXT  # whole: the unit cannot work without it
    assert {clock["kind"] for clock in data["clocks"]} >= {"feedback", "contact", "first_round", "completion"}
    assert data["case_seq"] == order.case_seq
    assert data["ack_url"].startswith("http")
    assert data["contact_url"].endswith("/contact")
    assert "phone" not in json.dumps(data)


async def test_a_unit_without_an_endpoint_waits_and_is_served_once_connected(ledger: Ledger, endpoint: Any) -> None:
    order = await _order(ledger)
    outcome = await send_to_unit(order)
    assert isinstance(outcome, Postponed)
    assert "huiyin department connect" in outcome.why
    await ledger.deliveries.postponed(order.key, outcome.why, 0, outcome.after)
    assert order.key not in [one.key for one in await ledger.deliveries.ready(order.case_no)]
    await ledger.access.connect("demo", UNIT, endpoint.url)
    assert order.key in [one.key for one in await ledger.deliveries.ready(order.case_no)]
    assert [ringing.case_no for ringing in await ledger.alarms.ringing(5)] == [order.case_no]


async def test_a_passing_fault_is_tried_again_at_once(ledger: Ledger, endpoint: Any) -> None:
    await ledger.access.connect("demo", UNIT, endpoint.url)
    endpoint.answers = [(503, {}), (200, {})]
    assert await send_to_unit(await _order(ledger)) == Sent()
    assert endpoint.headers[0]["webhook-id"] == endpoint.headers[1]["webhook-id"]


@pytest.mark.parametrize("status", [301, 302, 400, 404, 500, 503])
async def test_what_is_not_taken_is_postponed(ledger: Ledger, endpoint: Any, status: int) -> None:
    await ledger.access.connect("demo", UNIT, endpoint.url)
    endpoint.answers = [(status, {"location": "http://127.0.0.1:1/elsewhere"})]
    outcome = await send_to_unit(await _order(ledger))
    assert isinstance(outcome, Postponed)
    assert str(status) in outcome.why


async def test_the_receiver_may_say_when_to_come_again(ledger: Ledger, endpoint: Any) -> None:
    await ledger.access.connect("demo", UNIT, endpoint.url)
    endpoint.answers = [(429, {"retry-after": "90"})]
    outcome = await send_to_unit(await _order(ledger))
    assert isinstance(outcome, Postponed)
    assert outcome.after == timedelta(seconds=90)
    assert len(endpoint.bodies) == 1


async def test_an_endpoint_that_is_gone_is_left_alone(ledger: Ledger, endpoint: Any) -> None:
    await ledger.access.connect("demo", UNIT, endpoint.url)
    endpoint.answers = [(410, {})]
    assert isinstance(await send_to_unit(await _order(ledger)), Dropped)


async def test_an_endpoint_that_nobody_serves_is_postponed(ledger: Ledger, closed_port: Callable[[], int]) -> None:
    await ledger.access.connect("demo", UNIT, f"http://127.0.0.1:{closed_port()}/")
    outcome = await send_to_unit(await _order(ledger))
    assert isinstance(outcome, Postponed)
    assert "does not answer" in outcome.why


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://10.0.0.1/", "http://169.254.169.254/", "ftp://x/"])
async def test_private_addresses_are_refused_unless_allowed(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    await ledger.access.connect("demo", UNIT, url)
    order = await _order(ledger)
    monkeypatch.setenv("HUIYIN_ALLOW_PRIVATE_WEBHOOKS", "0")
    desk.settings.cache_clear()
    outcome = await send_to_unit(order)
    assert isinstance(outcome, Postponed)
    assert "address" in outcome.why


async def test_a_reminder_for_work_that_is_done_is_dropped(ledger: Ledger, endpoint: Any) -> None:
    await ledger.access.connect("demo", UNIT, endpoint.url)
    order = await _order(ledger)
    data = {"task_id": order.task_id, "result": "已装好"}
    await ledger.cases.record(order.case_no, Act(Kind.COMPLETED, Actor(Role.UNIT, UNIT), await ledger.now(), data))
    reminder = Delivery("k", order.case_no, 9, "unit", UNIT, "task.urged", order.task_id, {}, 0, order.created_at)
    assert isinstance(await send_to_unit(reminder), Dropped)
    assert endpoint.bodies == []
