"""The units' receiver: only what is signed is heard, and each delivery once."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from deployments.demo.inbox import free_port, inbox, listening

SECRET = f"whsec_{base64.b64encode(b'a secret of twenty-four b').decode()}"
MESSAGE = {"type": "task.assigned", "schema": 1, "data": {"case_no": "SF1"}}


class Ear:
    """Remembers what was heard."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, dict[str, Any]]] = []

    def hear(self, unit: str, message: dict[str, Any]) -> None:
        self.heard.append((unit, message))


def signed(delivery: str, secret: str = SECRET) -> tuple[str, dict[str, str]]:
    body, now = json.dumps(MESSAGE), datetime.now(UTC)
    return body, {
        "webhook-id": delivery,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(delivery, now, body),
    }


@pytest.fixture
def ear() -> Ear:
    return Ear()


@pytest.fixture
async def unit(ear: Ear) -> Any:
    app = inbox({"eco-water": SECRET}, ear.hear)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://unit") as client:
        yield client


async def test_a_signed_message_is_heard_once(unit: httpx.AsyncClient, ear: Ear) -> None:
    body, headers = signed("msg_1")
    answers = [await unit.post("/eco-water", content=body, headers=headers) for _ in range(2)]
    assert [answer.json()["status"] for answer in answers] == ["accepted", "duplicate"]
    assert ear.heard == [("eco-water", MESSAGE)]


async def test_every_delivery_is_noted_also_when_it_is_not_heard(ear: Ear) -> None:
    noted: list[tuple[str, str]] = []
    app = inbox({"eco-water": SECRET}, ear.hear, lambda unit, delivery, message: noted.append((unit, delivery)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://unit") as unit:
        for delivery in ("msg_1", "msg_1", "msg_2"):
            body, headers = signed(delivery)
            await unit.post("/eco-water", content=body, headers=headers)
        await unit.post("/eco-water", content=body)
    assert noted == [("eco-water", "msg_1"), ("eco-water", "msg_1"), ("eco-water", "msg_2")]
    assert len(ear.heard) == 2


async def test_a_stranger_is_not_heard(unit: httpx.AsyncClient, ear: Ear) -> None:
    body, headers = signed("msg_1", f"whsec_{base64.b64encode(b'somebody else entirely').decode()}")
    assert (await unit.post("/eco-water", content=body, headers=headers)).status_code == 401
    assert (await unit.post("/eco-water", content=body)).status_code == 401
    assert (await unit.post("/no-such-unit", content=body, headers=headers)).status_code == 404
    assert ear.heard == []


async def test_it_listens_on_a_free_port(ear: Ear) -> None:
    body, headers = signed("msg_1")
    with free_port() as place:
        url = f"http://127.0.0.1:{place.getsockname()[1]}/eco-water"
        async with listening(inbox({"eco-water": SECRET}, ear.hear), place), httpx.AsyncClient() as client:
            assert (await client.post(url, content=body, headers=headers)).is_success
    assert len(ear.heard) == 1
