"""A unit is heard once, however often it has to say it."""

import base64
import json

import httpx
import pytest
from standardwebhooks import Webhook

from deployments.demo import patience
from deployments.demo.patience import Unheard
from deployments.demo.voice import Voice

SECRET = f"whsec_{base64.b64encode(b'a secret of twenty-four b').decode()}"


class Gateway(httpx.AsyncBaseTransport):
    """Answers what it was told to, in order, and remembers what it was sent."""

    def __init__(self, *answers: int) -> None:
        self._answers = list(answers)
        self.heard: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.heard.append(request)
        status = self._answers.pop(0) if self._answers else 503
        if not status:
            raise httpx.ConnectError("nobody is there")
        return httpx.Response(status, json={})


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_WAIT", 0.001)
    monkeypatch.setattr(patience, "LONGEST_WAIT", 0.001)


def voice(gateway: Gateway) -> Voice:
    client = httpx.AsyncClient(transport=gateway, base_url="http://gateway")
    return Voice(client, "demo", {"eco-water": SECRET})


async def test_it_is_said_again_under_the_same_id_until_it_is_answered() -> None:
    gateway = Gateway(0, 503, 429, 200)
    answer = await voice(gateway).tell("eco-water", "task.progress", {"case_no": "SF1", "note": "正在施工"})
    assert answer.status_code == 200
    assert len(gateway.heard) == 4
    assert len({request.headers["webhook-id"] for request in gateway.heard}) == 1
    last = gateway.heard[-1]
    assert Webhook(SECRET).verify(last.content, dict(last.headers)) == json.loads(last.content)
    assert last.url.path == "/webhooks/demo/eco-water"


async def test_a_refusal_is_an_answer() -> None:
    gateway = Gateway(409)
    assert (await voice(gateway).tell("eco-water", "task.progress", {})).status_code == 409
    assert len(gateway.heard) == 1


async def test_it_gives_up_when_nobody_answers() -> None:
    gateway = Gateway()
    with pytest.raises(Unheard, match="503"):
        await voice(gateway).tell("eco-water", "task.progress", {})
    assert len(gateway.heard) == patience.TRIES
