"""Delivering to a unit's endpoint: signed, and each way in which the other side may answer."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from casework.delivering import Hope
from casework.events import Kind
from ledger.deliveries import Delivery
from tasks import desk
from tasks.outcomes import Dropped, Failed, Sent
from tasks.posting import PATIENCE
from tasks.unit_door import send_to_unit
from tests.integration.tasks.at_work import TEXT, UNIT, AtWork


async def test_an_order_arrives_signed_with_all_that_the_unit_needs(work: AtWork, endpoint: Any) -> None:
    secret = await work.ledger.access.connect("demo", UNIT, endpoint.url)
    order = await work.order()
    assert await send_to_unit(order) == Sent("webhook")
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


async def test_a_caller_without_work_of_its_own_is_given_the_page_to_sign_off_on(work: AtWork, endpoint: Any) -> None:
    secret = await work.ledger.access.connect("demo", "street-yunling", endpoint.url)
    order = await work.order()
    told = {"request": "joint_result", "granted": None, "call_id": f"{order.case_no}-W1", "result": "围挡已整改"}
    word = replace(order, type="task.decided", addressee="street-yunling", task_id=None, data=told)
    assert await send_to_unit(word) == Sent("webhook")
    data = Webhook(secret).verify(endpoint.bodies[0].decode(), endpoint.headers[0])["data"]
    link = desk.links().read_task(data["ack_url"].rpartition("/")[2], await work.ledger.now())
    assert (link.case_no, link.task_id, link.unit) == (order.case_no, told["call_id"], "street-yunling")
    assert "text" not in data


async def test_while_secrets_rotate_either_one_verifies(work: AtWork, endpoint: Any) -> None:
    secrets = [await work.ledger.access.connect("demo", UNIT, endpoint.url) for _ in range(2)]
    assert await send_to_unit(await work.order()) == Sent("webhook")
    for secret in secrets:
        assert Webhook(secret).verify(endpoint.bodies[0].decode(), endpoint.headers[0])


async def test_a_unit_without_an_endpoint_waits_for_one(work: AtWork) -> None:
    outcome = await send_to_unit(await work.order())
    assert isinstance(outcome, Failed)
    assert (outcome.hope, outcome.tried) == (Hope.NONE, False)
    assert "huiyin department connect" in outcome.why


async def test_a_passing_fault_is_tried_again_at_once(work: AtWork, endpoint: Any) -> None:
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    endpoint.answers = [(503, {}), (429, {"retry-after": "1"}), (200, {})]
    assert await send_to_unit(await work.order()) == Sent("webhook")
    assert len({headers["webhook-id"] for headers in endpoint.headers}) == 1
    assert len(endpoint.headers) == 3


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
async def test_what_may_pass_is_tried_a_few_times_and_then_left(work: AtWork, endpoint: Any, status: int) -> None:
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    endpoint.answers = [(status, {})]
    outcome = await send_to_unit(await work.order())
    assert isinstance(outcome, Failed)
    assert (outcome.hope, outcome.status) == (Hope.PASSING, status)
    assert len(endpoint.bodies) == PATIENCE.tries


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308, 304, 400, 401, 403, 404, 409, 413, 422])
async def test_a_refusal_is_not_tried_again_and_told_to_operators(work: AtWork, endpoint: Any, status: int) -> None:
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    endpoint.answers = [(status, {"location": f"{endpoint.url}/elsewhere"})]
    outcome = await send_to_unit(await work.order())
    assert isinstance(outcome, Failed)
    assert (outcome.hope, outcome.status) == (Hope.REFUSED, status)
    assert len(endpoint.bodies) == 1
    alerts = await work.alerts()
    assert str(status) in alerts["unit_refuses"]
    assert ("最终网址" in alerts["unit_refuses"]) == (status < 400)


async def test_the_receiver_may_say_when_to_come_again(work: AtWork, endpoint: Any) -> None:
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    endpoint.answers = [(429, {"retry-after": "90"})]
    outcome = await send_to_unit(await work.order())
    assert isinstance(outcome, Failed)
    assert outcome.asked == timedelta(seconds=90)
    assert len(endpoint.bodies) == 1
    again = await send_to_unit(await work.order())  # another case's: the endpoint rests for all
    assert isinstance(again, Failed)
    assert not again.tried
    assert timedelta(seconds=80) < again.asked <= timedelta(seconds=90)
    assert len(endpoint.bodies) == 1


async def test_an_endpoint_that_is_gone_is_left_alone_until_connected_anew(work: AtWork, endpoint: Any) -> None:
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    endpoint.answers = [(410, {})]
    for tried in (True, False):
        outcome = await send_to_unit(await work.order())
        assert isinstance(outcome, Failed)
        assert (outcome.hope, outcome.tried) == (Hope.NONE, tried)
    assert len(endpoint.bodies) == 1
    assert "huiyin department connect demo urban-management" in (await work.alerts())["unit_gone"]
    endpoint.answers = [(204, {})]
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    assert await send_to_unit(await work.order()) == Sent("webhook")
    assert await work.alerts() == {}


async def test_an_endpoint_that_nobody_serves_may_be_served_later(work: AtWork, closed_port: Callable[[], int]) -> None:
    await work.ledger.access.connect("demo", UNIT, f"http://127.0.0.1:{closed_port()}/")
    outcome = await send_to_unit(await work.order())
    assert isinstance(outcome, Failed)
    assert outcome.hope is Hope.PASSING
    assert "ConnectError" in outcome.why


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://10.0.0.1/", "http://169.254.169.254/", "ftp://x/"])
async def test_private_addresses_are_refused_unless_allowed(
    work: AtWork, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    await work.ledger.access.connect("demo", UNIT, url)
    order = await work.order()
    monkeypatch.setenv("HUIYIN_ALLOW_PRIVATE_WEBHOOKS", "0")
    desk.settings.cache_clear()
    outcome = await send_to_unit(order)
    assert isinstance(outcome, Failed)
    assert outcome.hope is Hope.REFUSED
    assert "address" in outcome.why


async def test_a_reminder_for_work_that_is_done_is_dropped(work: AtWork, endpoint: Any) -> None:
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    order = await work.order()
    await work.unit(order.case_no, Kind.COMPLETED, result="已装好")
    reminder = Delivery("k", order.case_no, 9, "unit", UNIT, "task.urged", order.task_id, {}, 0, order.created_at)
    assert isinstance(await send_to_unit(reminder), Dropped)
    assert endpoint.bodies == []
