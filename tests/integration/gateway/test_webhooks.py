"""`POST /webhooks/{district}/{unit}`: what CONTRACT promises a department, each refusal changing nothing."""

from datetime import timedelta
from typing import Any

import pytest

from casework.events import Kind
from tests.integration.gateway.hands import OTHER_UNIT, UNIT, Hands, message

ACK = {"handler": "李工", "feedback": "已安排今天上午清运"}


async def test_a_life_told_by_webhooks(hands: Hands) -> None:
    case_no = await hands.assigned()
    for kind, data, state in (
        ("task.acknowledged", ACK, "awaiting_contact"),
        ("task.contacted", {"note": "电话说明了安排"}, "in_progress"),
        ("task.visited", {"note": "已到现场"}, "in_progress"),
        ("task.first_round", {"responsible_person": "张科长", "note": "已清运"}, "in_progress"),
        ("task.progress", {"note": "正在加设垃圾桶"}, "in_progress"),
        ("task.completed", {"result": "已清运", "evidence": ["https://example.org/1.jpg"]}, "awaiting_callback"),
    ):
        answer = await hands.say(kind, case_no, **data)
        assert (answer.status_code, answer.json()) == (200, {"status": "accepted"}), answer.text
        assert await hands.state(case_no) == state


async def test_a_later_fact_implies_the_earlier_acknowledgement(hands: Hands) -> None:
    case_no = await hands.assigned()
    assert (await hands.say("task.completed", case_no, result="已清运")).status_code == 200
    assert (await hands.say("task.acknowledged", case_no, **ACK)).json() == {"status": "accepted"}
    assert await hands.state(case_no) == "awaiting_callback"


async def test_a_delivery_counts_once_whatever_came_between(hands: Hands) -> None:
    case_no = await hands.assigned()
    body = message("task.acknowledged", {"case_no": case_no, "task_id": f"{case_no}-T1", **ACK})
    first = await hands.post_signed(body, message_id="once")
    await hands.say("task.completed", case_no, result="已清运")
    seq = await hands.seq(case_no)
    again = await hands.post_signed(body, message_id="once")
    assert (first.json(), again.json()) == ({"status": "accepted"}, {"status": "duplicate"})
    other = await hands.post_signed(body.replace("李工", "王工"), message_id="once")
    assert other.status_code == 409
    assert other.json()["state"] == "awaiting_callback"
    assert "task.progress" in other.json()["allowed"]
    assert await hands.seq(case_no) == seq


async def test_signatures(hands: Hands) -> None:
    case_no = await hands.assigned()
    body = message("task.acknowledged", {"case_no": case_no, "task_id": f"{case_no}-T1", **ACK})
    seq, now = await hands.seq(case_no), await hands.ledger.now()
    unconnected = await hands.client.post(f"/webhooks/demo/{UNIT}", content=body)
    assert unconnected.status_code == 401
    assert "huiyin department connect" in unconnected.json()["error"]
    stolen = "whsec_" + "A" * 32
    for answer in (
        await hands.post_signed(body, secret=stolen),
        await hands.post_signed(body, at=now - timedelta(minutes=6)),
        await hands.post_signed(body, at=now + timedelta(minutes=6)),
        await hands.client.post(f"/webhooks/demo/{UNIT}", content=body),
        await _with(hands, body, "webhook-signature", "v1"),
        await _with(hands, body, "webhook-signature", "v1,*"),
        await _with(hands, body, "webhook-timestamp", "soon"),
        await _with(hands, body, "webhook-id", ""),
        await hands.post_signed(body, unit=OTHER_UNIT, secret=hands.secrets[UNIT]),
    ):
        assert answer.status_code == 401, answer.text
    assert await hands.seq(case_no) == seq
    assert (await hands.post_signed(body)).status_code == 200


async def _with(hands: Hands, body: str, name: str, value: str) -> Any:
    headers = {"webhook-id": "1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA", name: value}
    return await hands.client.post(f"/webhooks/demo/{UNIT}", content=body, headers=headers)


async def test_two_secrets_live_while_they_rotate(hands: Hands) -> None:
    case_no = await hands.assigned()
    await hands.say("task.acknowledged", case_no, **ACK)
    old = hands.secrets[UNIT]
    hands.secrets[UNIT] = await hands.ledger.access.connect("demo", UNIT, "http://127.0.0.1:9/hook")
    body = message("task.progress", {"case_no": case_no, "task_id": f"{case_no}-T1", "note": "换班"})
    assert (await hands.post_signed(body, secret=old)).status_code == 200
    assert (await hands.post_signed(body)).status_code == 200


@pytest.mark.parametrize("path", ["/webhooks/demo/nobody", f"/webhooks/nowhere/{UNIT}"])
async def test_unknown_units_come_before_signatures(hands: Hands, path: str) -> None:
    assert (await hands.client.post(path, content="{")).status_code == 404


async def test_malformed_messages_name_the_field(hands: Hands) -> None:
    case_no = await hands.assigned()
    seq, task = await hands.seq(case_no), {"case_no": case_no, "task_id": f"{case_no}-T1"}
    for body, field in (
        ("{", "body"),
        ("[]", "body"),
        ('{"type": "task.acknowledged", "timestamp": "2026-11-22T10:30:00Z"}', "data"),
        ('{"timestamp": "2026-11-22T10:30:00Z", "data": {}}', "type"),
        (message("task.acknowledged", {**task, **ACK}, timestamp="yesterday"), "timestamp"),
        (message("task.acknowledged", {**task, **ACK}, schema=2), "schema"),
        (message("task.exploded", task), "type"),
        (message("citizen.evaluated", task), "type"),
        (message("task.acknowledged", {"task_id": task["task_id"], **ACK}), "data.case_no"),
        (message("task.acknowledged", {**task, "handler": "李工"}), "data.feedback"),
        (message("task.acknowledged", {**task, "handler": " ", "feedback": "好"}), "data.handler"),
        (message("task.acknowledged", {**task, "handler": "李\x00工", "feedback": "好"}), "data.handler"),
        (message("task.extension_requested", {**task, "reason": "要招标", "days": "ten"}), "data.days"),
        (message("task.extension_requested", {**task, "reason": "要招标", "days": 10**30}), "data.days"),
        (message("task.completed", {**task, "result": "好了", "evidence": ["not a url"]}), "data.evidence.0"),
        (message("task.completed", {**task, "result": "好了", "evidence": ["ftp://h/x"]}), "data.evidence.0"),
    ):
        answer = await hands.post_signed(body)
        assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert await hands.seq(case_no) == seq


async def test_a_review_needs_a_zone_and_a_future(hands: Hands) -> None:
    case_no = await hands.assigned()
    await hands.say("task.acknowledged", case_no, **ACK)
    await hands.say("task.contacted", case_no, note="约好了")
    for review_at in ("2026-12-01T09:00:00", "2020-01-01T09:00:00+08:00", "2999-01-01T09:00:00+08:00", 5):
        answer = await hands.say("task.pause_requested", case_no, reason="等备件", review_at=review_at)
        assert (answer.status_code, answer.json()["field"]) == (422, "data.review_at"), answer.text
    review_at = (await hands.ledger.now() + timedelta(days=2)).isoformat()
    answer = await hands.say("task.pause_requested", case_no, reason="等备件", review_at=review_at)
    assert answer.json() == {"status": "accepted"}


async def test_a_case_of_another_unit_is_as_good_as_none(hands: Hands) -> None:
    case_no = await hands.assigned()
    foreign = await hands.say("task.acknowledged", case_no, unit=OTHER_UNIT, **ACK)
    missing = await hands.say("task.acknowledged", "SF2020010100001", unit=OTHER_UNIT, **ACK)
    assert foreign.status_code == missing.status_code == 409
    assert foreign.json() == missing.json()
    assert foreign.json()["state"] is None
    assert foreign.json()["allowed"] == []


async def test_who_held_the_task_before_holds_it_no_more(hands: Hands) -> None:
    case_no = await hands.assigned()
    token = await hands.bearer("dispatcher")
    moved = await hands.client.post(f"/api/cases/{case_no}/dispatch", json={"unit": OTHER_UNIT}, headers=token)
    assert moved.status_code == 200
    late = await hands.say("task.acknowledged", case_no, **ACK)
    assert (late.status_code, late.json()["state"], late.json()["allowed"]) == (409, "awaiting_ack", [])
    wrong_task = await hands.say("task.acknowledged", case_no, unit=OTHER_UNIT, task=1, **ACK)
    assert wrong_task.status_code == 409
    assert (await hands.say("task.acknowledged", case_no, unit=OTHER_UNIT, task=2, **ACK)).status_code == 200


async def test_what_makes_no_sense_says_what_would(hands: Hands) -> None:
    case_no = await hands.assigned()
    answer = await hands.say("task.pause_requested", case_no, reason="等", review_at="2026-12-01T09:00:00+08:00")
    assert (answer.status_code, answer.json()["state"]) == (409, "awaiting_ack")
    assert "task.acknowledged" in answer.json()["allowed"]
    await hands.say("task.completed", case_no, result="好了")
    await hands.client.post(f"{hands.receipt}/evaluate", json={"solved": True, "satisfaction": 5})
    closed = await hands.say("task.progress", case_no, note="还有一句")
    assert (closed.status_code, closed.json()["state"], closed.json()["allowed"]) == (409, "closed", [])


async def test_words_are_masked_and_the_act_has_its_time(hands: Hands) -> None:
    case_no = await hands.assigned()
    await hands.say("task.acknowledged", case_no, handler="李工", feedback="请打我手机13912345678")
    (row,) = [row for row in (await hands.ledger.cases.load(case_no)).events if row.kind == Kind.ACKNOWLEDGED]
    assert "13912345678" not in row.data
    assert "【手机号】" in row.data


async def test_results_are_counted(hands: Hands) -> None:
    case_no = await hands.assigned()
    await hands.say("task.acknowledged", case_no, **ACK)
    await hands.post_signed("{")
    counted = (await hands.client.get("/metrics")).text
    assert 'huiyin_webhooks_total{result="accepted"} 1.0' in counted
    assert 'huiyin_webhooks_total{result="malformed"} 1.0' in counted
    assert 'huiyin_cases{district="demo",state="awaiting_contact"} 1.0' in counted
