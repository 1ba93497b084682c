"""`POST /api/requests`: durable before its receipt, once for each external_id, refused with the field's name."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from gateway.front_door import BODY_LIMIT
from gateway.rate_limit import RateLimit
from ledger.lists import Query
from tests.integration.gateway.hands import Hands, until

FORM = {"district": "demo", "text": "云岭街道路灯不亮，晚上看不见路", "place": "云岭街道石桥社区3号楼"}


async def keyed(hands: Hands, external_id: str, **more: Any) -> httpx.Response:
    key = await hands.ledger.access.channel_key("demo", "web")
    form = {**FORM, "channel": "web", "external_id": external_id, **more}
    return await hands.client.post("/api/requests", json=form, headers={"X-Channel-Key": key})


async def test_a_request_is_received(hands: Hands) -> None:
    answer = await hands.client.post("/api/requests", json=FORM)
    assert answer.status_code == 201
    case = (await hands.ledger.cases.load(answer.json()["case_no"])).case
    assert (case.district, case.street, case.community) == ("demo", "yunling", "shiqiao")
    page = await hands.client.get(answer.json()["receipt_url"].removeprefix(hands.office.settings.gateway_url))
    assert page.status_code == 200
    assert case.case_no in page.text


async def test_danger_alone_is_an_emergency(hands: Hands) -> None:
    lamp = await hands.client.post("/api/requests", json=FORM)
    gas = await hands.client.post("/api/requests", json={**FORM, "text": "厨房煤气泄漏，味道很大，怕爆炸"})
    cases = [(await hands.ledger.cases.load(answer.json()["case_no"])).case for answer in (lamp, gas)]
    assert [case.emergency for case in cases] == [False, True]


async def test_received_while_prefect_is_away_and_run_when_it_is_back(hands: Hands) -> None:
    hands.prefect.away = True
    case_no = await hands.received()
    assert hands.prefect.runs == {}
    hands.prefect.away = False
    await until(lambda: bool(hands.prefect.runs))
    (run,) = hands.prefect.runs.values()
    assert run.made_from.case_no == case_no


async def test_the_same_external_id_gives_the_first_answer(hands: Hands) -> None:
    first, again = await keyed(hands, "12345-1"), await keyed(hands, "12345-1", text="又说了一遍")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert len(await hands.ledger.lists.cases(Query())) == 1
    assert (await keyed(hands, "12345-2")).status_code == 201


async def test_the_same_external_id_at_the_same_moment(hands: Hands) -> None:
    answers = await asyncio.gather(*(keyed(hands, "12345-1") for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200] * 4 + [201]
    assert len({answer.text for answer in answers}) == 1


async def test_an_external_id_needs_the_key_of_its_channel(hands: Hands) -> None:
    form = {**FORM, "channel": "web", "external_id": "1"}
    other = await hands.ledger.access.channel_key("demo", "hotline")
    for headers in ({}, {"X-Channel-Key": "wrong"}, {"X-Channel-Key": other}):
        answer = await hands.client.post("/api/requests", json=form, headers=headers)
        assert answer.status_code == 401
    assert await hands.ledger.lists.cases(Query()) == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"text": "   "}, "text"),
        ({"text": None}, "text"),
        ({"text": "字" * 20_001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "\ud800"}, "text"),
        ({"district": "nowhere"}, "district"),
        ({"channel": "pigeon"}, "channel"),
        ({"longitude": 181}, "longitude"),
        ({"property": "rumour"}, "property"),
        ({"contact": {"phone": "call me"}}, "contact.phone"),
        ({"phone": "13800138000"}, "phone"),
    ],
)
async def test_what_is_malformed_is_named(hands: Hands, change: dict[str, Any], field: str) -> None:
    headers, body = {"content-type": "application/json"}, json.dumps({**FORM, **change})
    answer = await hands.client.post("/api/requests", content=body, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert "call me" not in answer.text
    assert await hands.ledger.lists.cases(Query()) == []


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
async def test_what_is_no_json_object_is_refused(hands: Hands, body: bytes) -> None:
    answer = await hands.client.post("/api/requests", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["error"]


async def test_bodies_over_a_mebibyte_are_refused_however_they_are_sent(hands: Hands) -> None:
    async def pieces() -> Any:
        for _ in range(BODY_LIMIT // 1024 + 1):
            yield b" " * 1024

    for path in ("/api/requests", "/webhooks/demo/market", "/healthz"):
        assert (await hands.client.post(path, content=b" " * (BODY_LIMIT + 1))).status_code == 413
        assert (await hands.client.post(path, content=pieces())).status_code == 413


async def test_without_a_key_so_many_a_minute(hands: Hands) -> None:
    limited = RateLimit(3)
    object.__setattr__(hands.office, "anonymous", limited)
    answers = [await hands.client.post("/api/requests", json=FORM) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert int(answers[-1].headers["retry-after"]) > 0
    assert (await keyed(hands, "with a key")).status_code == 201


async def test_the_vault_alone_knows_who_asked(hands: Hands) -> None:
    case_no = await hands.received("我的电话13912345678，路灯坏了", place="石桥社区3栋402")
    row = (await hands.ledger.cases.load(case_no)).row
    assert "13912345678" not in row.text
    async with hands.ledger.database.read() as session:
        opened = await hands.ledger.vault.take(session, case_no, "name", "phone", "place", "text")
    assert opened == {
        "name": "王小明",
        "phone": "13800138000",
        "place": "石桥社区3栋402",
        "text": "我的电话13912345678，路灯坏了",
    }
