"""Whether it lives, whether it can serve, and what it says of itself."""

import logging

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from tests.integration.gateway.hands import Hands


async def test_ready_with_and_without_prefect(hands: Hands) -> None:
    assert (await hands.client.get("/healthz")).json() == {"status": "ok"}
    ready = await hands.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ledger": "ok", "prefect": "ok", "rungs": "ok"})
    hands.prefect.away = True
    ready = await hands.client.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ledger": "ok", "prefect": "unreachable", "rungs": "ok"})


async def test_without_its_ledger_it_is_not_ready_and_says_so(hands: Hands) -> None:
    database = hands.ledger.database
    working, database.engine = database.engine, create_async_engine("postgresql+asyncpg://127.0.0.1:9/nowhere")
    assert (await hands.client.get("/readyz")).status_code == 503
    lost = await hands.client.post("/api/requests", json={"district": "demo", "text": "路灯坏了"})
    assert lost.status_code == 503
    assert "try again" in lost.json()["error"]
    await database.engine.dispose()
    database.engine = working
    assert (await hands.client.get("/readyz")).status_code == 200


async def test_the_openapi_document_names_the_doors(hands: Hands) -> None:
    paths = (await hands.client.get("/openapi.json")).json()["paths"]
    for path in (
        "/api/requests",
        "/webhooks/{district}/{unit}",
        "/c/{token}/evaluate",
        "/api/cases/{case_no}/dispatch",
    ):
        assert "post" in paths[path]
    assert "requestBody" in paths["/webhooks/{district}/{unit}"]["post"]


async def test_the_access_log_keeps_no_key_to_a_case(hands: Hands, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "huiyin.access")
    case_no = await hands.assigned()
    link = await hands.task_link(case_no)
    for path in (hands.receipt, link, f"{link}/contact", "/api/cases?unit=x"):
        await hands.client.get(path)
    said = [record.message for record in caplog.records if record.name == "huiyin.access"]
    assert [line.split()[1] for line in said[-4:]] == ["/c/***", "/t/***", "/t/***/contact", "/api/cases"]
    assert hands.receipt.split("/")[2] not in caplog.text


async def test_what_went_wrong_is_told_in_one_sentence(hands: Hands) -> None:
    for method, path, status in (("GET", "/nothing", 404), ("DELETE", "/api/cases", 405), ("GET", "/api/x%00", 400)):
        answer = await hands.client.request(method, path)
        assert answer.status_code == status
        assert list(answer.json()) == ["error"]


async def test_a_gateway_that_starts_seeds_each_districts_policy(hands: Hands) -> None:
    for district in hands.office.city.districts.values():
        async with hands.ledger.database.read() as session:
            version = await hands.ledger.policies.latest(session, district.code)
            assert await hands.ledger.policies.get(session, version) == district.policy
