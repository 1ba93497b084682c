"""The staff API: who may see and do what, and what each act does."""

from datetime import timedelta
from typing import Any

import pytest

from casework.events import Kind
from tests.integration.gateway.hands import OTHER_UNIT, UNIT, Hands

FIELDS = {
    *("case_no", "district", "channel", "property", "state", "state_zh", "outcome", "grade", "item", "confidence"),
    *("department", "received_at", "next_due_at", "flow_run_id", "policy_version", "catalogue_version", "reopened"),
    *("merged_into", "referral", "clocks", "held", "precedent", "tasks", "whistles", "ownerships", "evaluations"),
    "timeline",
}


async def test_no_token_no_answer(hands: Hands) -> None:
    case_no = await hands.assigned()
    for path in ("/api/cases", f"/api/cases/{case_no}", "/api/units?district=demo"):
        for headers in ({}, {"authorization": "Bearer hy_x"}, {"authorization": "Basic eA=="}):
            answer = await hands.client.get(path, headers=headers)
            assert answer.status_code == 401
            assert answer.headers["www-authenticate"] == "Bearer"
    assert (await hands.client.post(f"/api/cases/{case_no}/dispatch", json={"unit": UNIT})).status_code == 401


async def test_a_case_as_contract_shapes_it(hands: Hands) -> None:
    case_no = await hands.assigned(text="我的电话13912345678，路灯坏了")
    told = (await hands.client.get(f"/api/cases/{case_no}", headers=await hands.bearer("auditor"))).json()
    assert told["department"] == {"code": UNIT, "name": "区城市管理局"}
    assert told["state_zh"] == "待签收"
    assert "13912345678" not in str(told)
    assert [line["seq"] for line in told["timeline"]] == [1, 2, 3]
    assert told.keys() >= FIELDS
    feedback = next(clock for clock in told["clocks"] if clock["kind"] == "feedback")
    assert [rung["n"] for rung in feedback["rungs"]] == [0, 1, 2, 3, 4]


async def test_operators_are_told_of_alerts_and_nobody_else(hands: Hands) -> None:
    await hands.ledger.alerts.raise_("case_quarantined", "SF2026112300001", "看日志")
    for role in ("admin", "supervisor", "auditor"):
        (told,) = (await hands.client.get("/api/alerts", headers=await hands.bearer(role))).json()
        assert (told["name"], told["subject"], told["words"]) == ("诉求无法推进", "SF2026112300001", "看日志")
    answer = await hands.client.get("/api/alerts", headers=await hands.bearer("callback"))
    assert answer.status_code == 403
    assert 'huiyin_alerts{kind="case_quarantined"} 1.0' in (await hands.client.get("/metrics")).text


async def test_a_dispatcher_is_told_whom_to_phone_in_the_district_and_nothing_else(hands: Hands) -> None:
    for kind, subject in (
        ("unit_to_phone", "demo:SF2026112300001:market"),
        ("unit_to_phone", "pingshan:PS2026112300001:transport"),
        ("unit_gone", "demo:market"),
    ):
        await hands.ledger.alerts.raise_(kind, subject, "请电话通知")
    told = (await hands.client.get("/api/alerts", headers=await hands.bearer("dispatcher"))).json()
    assert [one["subject"] for one in told] == ["demo:SF2026112300001:market"]


async def test_what_may_be_the_same_matter_is_shown_and_listed_until_it_is_merged(hands: Hands) -> None:
    other, case_no = await hands.assigned(), await hands.received()
    await hands.system(case_no, Kind.SUSPECTED, suspects=[{"case_no": other, "probability": 0.81}])
    await hands.system(case_no, Kind.ASSIGNED, unit=OTHER_UNIT)
    headers = await hands.bearer("dispatcher")

    listed = (await hands.client.get("/api/cases?suspected=true", headers=headers)).json()
    assert [(row["case_no"], row["suspect"]) for row in listed] == [(case_no, other)]
    told = (await hands.client.get(f"/api/cases/{case_no}", headers=headers)).json()
    assert told["suspects"] == [{"case_no": other, "probability": 0.81}]
    assert "疑似重复" in {line["event_zh"] for line in told["timeline"]}
    assert other not in (await hands.client.get(hands.receipt)).text

    assert (await hands.decide("merge", case_no, into=told["suspects"][0]["case_no"])).status_code == 200
    assert (await hands.client.get("/api/cases?suspected=true", headers=headers)).json() == []


async def test_lists(hands: Hands) -> None:
    numbers = [await hands.assigned(), await hands.assigned(OTHER_UNIT), await hands.received()]
    headers = await hands.bearer("dispatcher")

    async def listed(**query: Any) -> list[str]:
        answer = await hands.client.get("/api/cases", params=query, headers=headers)
        assert answer.status_code == 200, answer.text
        return [case["case_no"] for case in answer.json()]

    assert await listed() == numbers
    assert await listed(state="awaiting_ack") == numbers[:2]
    assert await listed(unit=OTHER_UNIT) == numbers[1:2]
    assert await listed(limit=1, after=numbers[0]) == numbers[1:2]
    assert await listed(due_before=(await hands.ledger.now()).isoformat()) == []
    assert await listed(due_before=(await hands.ledger.now() + timedelta(days=1)).isoformat()) == numbers
    for query in ({"due_before": "2026-11-22T10:00:00"}, {"state": "lost"}, {"limit": "0"}):
        answer = await hands.client.get("/api/cases", params=query, headers=headers)
        assert (answer.status_code, answer.json()["field"]) == (422, next(iter(query)))
    assert (await hands.client.get("/api/cases?after=%00", headers=headers)).status_code == 400


async def test_a_token_is_for_its_district(hands: Hands) -> None:
    case_no = await hands.assigned()
    stranger = await hands.bearer("dispatcher", "futian")
    assert (await hands.client.get("/api/cases", headers=stranger)).json() == []
    for path in ("/api/cases?district=demo", f"/api/cases/{case_no}", "/api/units?district=demo"):
        assert (await hands.client.get(path, headers=stranger)).status_code == 403
    seq = await hands.seq(case_no)
    moved = await hands.client.post(f"/api/cases/{case_no}/dispatch", json={"unit": OTHER_UNIT}, headers=stranger)
    assert (moved.status_code, await hands.seq(case_no)) == (403, seq)
    city = await hands.bearer("dispatcher", None)
    assert (await hands.client.get(f"/api/cases/{case_no}", headers=city)).status_code == 200


@pytest.mark.parametrize(
    ("role", "act", "status"),
    [
        ("leader", "dispatch", 403),
        ("auditor", "extend", 403),
        ("system", "dispatch", 403),
        ("citizen", "callback", 403),
        ("unit", "extend", 403),
        ("callback", "dispatch", 403),
        ("dispatcher", "callback", 403),
        ("dispatcher", "dispatch", 200),
        ("admin", "dispatch", 200),
        ("dispatcher", "extend", 200),
        ("callback", "callback", 409),
    ],
)
async def test_a_token_is_for_its_role(hands: Hands, role: str, act: str, status: int) -> None:
    case_no = await hands.assigned()
    bodies: dict[str, dict[str, Any]] = {
        "dispatch": {"unit": OTHER_UNIT},
        "extend": {"days": 2, "reason": "要招标"},
        "callback": {"solved": True, "satisfaction": 5},
    }
    answer = await hands.client.post(f"/api/cases/{case_no}/{act}", json=bodies[act], headers=await hands.bearer(role))
    assert answer.status_code == status, answer.text


async def test_a_units_token_is_for_it_and_those_under_it(hands: Hands) -> None:
    theirs, others = await hands.assigned("team-linjiang"), await hands.assigned(UNIT)
    street = await hands.bearer("street", unit="street-linjiang")
    listed = (await hands.client.get("/api/cases", headers=street)).json()
    assert [case["case_no"] for case in listed] == [theirs]
    assert (await hands.client.get(f"/api/cases/{theirs}", headers=street)).status_code == 200
    assert (await hands.client.get(f"/api/cases/{others}", headers=street)).status_code == 403
    assert await _dispatch(hands, others, "street-linjiang", street) == 403
    assert await _dispatch(hands, theirs, UNIT, street) == 403
    assert await _dispatch(hands, theirs, "street-linjiang", street) == 200
    assert await _dispatch(hands, others, "street-linjiang", await hands.bearer("street")) == 403


async def _dispatch(hands: Hands, case_no: str, unit: str, headers: dict[str, str]) -> int:
    answer = await hands.client.post(f"/api/cases/{case_no}/dispatch", json={"unit": unit}, headers=headers)
    return answer.status_code


async def test_dispatch_with_an_item_grades_by_it_but_never_below_an_emergency(hands: Hands) -> None:
    calm, danger = await hands.received("这里有个事情要反映"), await hands.received("燃气泄漏味道很大，快来人")
    headers = await hands.bearer("dispatcher")
    for case_no, grade in ((calm, "C"), (danger, "A")):
        item = next(item for item in hands.office.city.catalogue.items if item.grade == "C")
        body = {"unit": UNIT, "item": item.code, "reason": "人工判断"}
        answer = await hands.client.post(f"/api/cases/{case_no}/dispatch", json=body, headers=headers)
        assert answer.json() == {"status": "accepted", "state": "awaiting_ack"}
        case = (await hands.ledger.cases.load(case_no)).case
        assert (case.item, case.unit, str(case.grade)) == (item.code, UNIT, grade)


@pytest.mark.parametrize(
    ("act", "body", "field"),
    [
        ("dispatch", {"unit": "nobody"}, "unit"),
        ("dispatch", {"unit": OTHER_UNIT, "item": "SZ-9999"}, "item"),
        ("dispatch", {"units": OTHER_UNIT}, "unit"),
        ("extend", {"days": 0, "reason": "x"}, "days"),
        ("extend", {"days": 1000, "reason": "x"}, "days"),
        ("extend", {"days": 1}, "reason"),
        ("pause", {"review_at": "tomorrow", "reason": "x"}, "review_at"),
        ("callback", {"reached": True}, "body"),
        ("callback", {"solved": True, "satisfaction": 9}, "satisfaction"),
    ],
)
async def test_malformed_acts_name_the_field(hands: Hands, act: str, body: dict[str, Any], field: str) -> None:
    case_no = await hands.assigned()
    seq = await hands.seq(case_no)
    headers = await hands.bearer("admin")
    answer = await hands.client.post(f"/api/cases/{case_no}/{act}", json=body, headers=headers)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert await hands.seq(case_no) == seq


async def test_extend_pause_resume_refuse(hands: Hands) -> None:
    case_no = await hands.assigned()
    headers = await hands.bearer("dispatcher")

    async def decide(act: str, **body: Any) -> tuple[int, str]:
        answer = await hands.client.post(f"/api/cases/{case_no}/{act}", json=body, headers=headers)
        return answer.status_code, answer.json().get("state")

    assert await decide("refuse", reason="没有申请") == (409, "awaiting_ack")
    await hands.say("task.extension_requested", case_no, reason="要招标", days=3)
    assert await decide("refuse", reason="不够理由") == (200, "awaiting_ack")
    assert await decide("extend", days=3, reason="同意") == (200, "awaiting_ack")
    assert await decide("extend", days=3, reason="再来") == (409, "awaiting_ack")
    await hands.say("task.contacted", case_no, note="约好了")
    review_at = (await hands.ledger.now() + timedelta(days=1)).isoformat()
    assert await decide("pause", review_at=review_at, reason="等备件") == (200, "paused")
    assert await decide("resume") == (200, "in_progress")
    assert (await hands.client.post(f"/api/cases/{case_no}/resume", headers=headers)).status_code == 409


async def test_callback_by_phone(hands: Hands) -> None:
    case_no = await hands.completed()
    headers = await hands.bearer("callback")
    missed = await hands.client.post(f"/api/cases/{case_no}/callback", json={"reached": False}, headers=headers)
    assert missed.json() == {"status": "accepted", "state": "awaiting_callback"}
    said = {"solved": True, "satisfaction": 4, "comment": "还行"}
    answer = await hands.client.post(f"/api/cases/{case_no}/callback", json=said, headers=headers)
    assert answer.json() == {"status": "accepted", "state": "closed"}
    event = (await hands.ledger.cases.load(case_no)).events[-1]
    assert event.actor.startswith("callback:")
    again = await hands.client.post(f"/api/cases/{case_no}/callback", json=said, headers=headers)
    assert (again.status_code, again.json()["state"], again.json()["allowed"]) == (409, "closed", [])


async def test_no_such_case(hands: Hands) -> None:
    headers = await hands.bearer("dispatcher")
    assert (await hands.client.get("/api/cases/SF2020010100001", headers=headers)).status_code == 404
    assert await _dispatch(hands, "SF2020010100001", UNIT, headers) == 404


async def test_units(hands: Hands) -> None:
    headers = await hands.bearer("dispatcher")
    told = (await hands.client.get("/api/units?district=demo", headers=headers)).json()
    assert {"code": "team-linjiang", "name": "临江街道综合执法队", "kind": "team", "level": "street",
            "parent": "street-linjiang"} in told  # fmt: skip
    assert (await hands.client.get("/api/units?district=nowhere", headers=headers)).status_code == 404
