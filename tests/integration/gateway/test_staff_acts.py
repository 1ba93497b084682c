"""What the staff decides, each act once with what it needs: who may, who may not, and what comes of it."""

import json
from datetime import timedelta
from typing import Any

import pytest

from casework.events import Kind
from tests.integration.gateway.hands import OTHER_UNIT, UNIT, Hands

LEAD, CO = "street-yunling", "market"
EVIDENCE = ["https://a.cn/1.jpg"]
ASKED = {"disposition": "solved", "evidence": EVIDENCE, "opinion": "居民满意"}
BODIES: dict[str, dict[str, Any]] = {
    "dispatch": {"unit": CO},
    "delegate": {"to": "team-linjiang"},
    "rule": {"unit": UNIT, "reason": "归它管"},
    "extend": {"days": 2, "reason": "要招标"},
    "pause": {"review_at": "2999-01-01T09:00:00+08:00", "reason": "等备件"},
    "resume": {},
    "order": {"reason": "久拖不决"},
    "excuse": {"unit": CO, "reason": "不需要"},
    "sign_off": {"ratings": {CO: 5}},
    "whistle": {"units": [CO], "lead": CO, "reason": "一起办"},
    "approve": {},
    "refuse": {"reason": "不够"},
    "recheck": {"passed": True},
    "callback": {"solved": True, "satisfaction": 5},
    "refer": {"to": "119", "reason": "有火情"},
    "confirm_referral": {"reference": "R-1"},
    "return_referral": {"reason": "不归他们"},
    "merge": {"into": "SF2020010100001"},
    "unmerge": {},
    "conclude": {"opinion": "评理团意见", "evidence": EVIDENCE},
    "not_accept": {"reason": "已在法院诉讼"},
}
DECIDES = {"dispatcher", "admin"}
MAY: dict[str, set[str]] = {
    **dict.fromkeys(BODIES, DECIDES),
    "dispatch": DECIDES | {"supervisor"},
    "rule": {"adjudicator", "admin"},
    "order": DECIDES | {"leader", "supervisor"},
    "excuse": DECIDES | {"leader", "supervisor"},
    "sign_off": DECIDES | {"leader", "supervisor"},
    "approve": {"leader", "admin"},
    "refuse": DECIDES | {"leader"},
    "callback": {"callback", "admin"},
    "conclude": DECIDES | {"leader"},
}
ROLES = (
    "dispatcher",
    "leader",
    "adjudicator",
    "supervisor",
    "callback",
    "admin",
    "clerk",
    "handler",
    "head",
    "auditor",
)


@pytest.mark.parametrize("act", BODIES)
async def test_an_act_is_for_its_roles(hands: Hands, act: str) -> None:
    """Who may is told that it makes no sense in a closed case (or whom he names is not there); who may not, nothing."""
    case_no = await hands.completed()
    await hands.client.post(f"{hands.receipt}/evaluate", json={"solved": True, "satisfaction": 5})
    seq = await hands.seq(case_no)
    for role in ROLES:
        answer = await hands.decide(act, case_no, role, **BODIES[act], by="party-office" if role == "leader" else None)
        expected = {409, 422} if role in MAY[act] else {403}
        assert answer.status_code in expected, (role, answer.text)
    assert await hands.seq(case_no) == seq


async def test_every_act_is_in_the_openapi_document(hands: Hands) -> None:
    told = (await hands.client.get("/openapi.json")).json()
    for act in BODIES:
        act_told = told["paths"][f"/api/cases/{{case_no}}/{act}"]["post"]
        assert act_told["summary"]
        assert "application/json" in act_told["requestBody"]["content"]


@pytest.mark.parametrize(
    ("act", "body", "field"),
    [
        ("delegate", {"to": CO}, "to"),
        ("delegate", {"to": "nobody"}, "to"),
        ("rule", {"unit": "nobody", "reason": "x"}, "unit"),
        ("rule", {"unit": CO}, "reason"),
        ("whistle", {"units": [CO, "nobody"], "lead": CO, "reason": "x"}, "units"),
        ("whistle", {"units": [CO], "lead": UNIT, "reason": "x"}, "lead"),
        ("order", {"reason": "x", "tier": "group"}, "tier"),
        ("recheck", {"passed": False}, "body"),
        ("dispatch", {"unit": CO, "item": "SZ-0101", "no_item": True}, "body"),
        ("refer", {"to": "999", "reason": "x"}, "to"),
        ("refer", {"to": "market", "reason": "x"}, "to"),
        ("refer", {"to": "demo", "reason": "x"}, "to"),
        ("refer", {"to": "119", "reason": "x", "due_at": "2020-01-01T00:00:00Z"}, "due_at"),
        ("merge", {"into": "SF2020010100001"}, "into"),
        ("conclude", {"opinion": "x", "evidence": []}, "evidence"),
        ("sign_off", {"ratings": {CO: 6}}, f"ratings.{CO}"),
    ],
)
async def test_malformed_acts_name_the_field(hands: Hands, act: str, body: dict[str, Any], field: str) -> None:
    case_no = await hands.assigned("street-linjiang")
    seq = await hands.seq(case_no)
    answer = await hands.decide(act, case_no, "admin", **body)
    assert (answer.status_code, answer.json()["field"]) == (422, field), answer.text
    assert await hands.seq(case_no) == seq


async def test_a_dispatchers_call_is_his_to_end(hands: Hands) -> None:
    case_no = await hands.called(LEAD, CO)
    for role, by in (("street", LEAD), ("leader", "party-office")):
        answer = await hands.decide("excuse", case_no, role, by=by, unit=CO, reason="不需要")
        assert answer.status_code == 403, (role, answer.text)
    assert (await hands.decide("excuse", case_no, unit=UNIT, reason="不需要")).json()["field"] == "unit"
    early = await hands.decide("sign_off", case_no, ratings={LEAD: 5, CO: 5})
    assert (early.status_code, CO in early.json()["error"]) == (409, True)
    assert (await hands.decide("excuse", case_no, unit=CO, reason="不需要")).status_code == 200
    assert (await hands.decide("excuse", case_no, unit=LEAD, reason="都不需要")).json()["state"] == "awaiting_ack"
    assert (await hands.decide("excuse", case_no, unit=LEAD, reason="再来")).status_code == 409


async def test_a_street_calls_with_its_token_and_ends_its_own_call(hands: Hands) -> None:
    case_no = await hands.assigned()  # in 云岭街道
    said = {"units": [CO], "lead": CO, "reason": "占道经营"}
    assert (await hands.decide("whistle", case_no, "street", by="street-linjiang", **said)).status_code == 403
    assert (await hands.decide("whistle", case_no, "street", by=LEAD, **said)).status_code == 200
    case = await hands.case(case_no)
    assert case.whistle is not None
    assert case.whistle.caller == LEAD
    shown = await hands.client.get(f"/api/cases/{case_no}", headers=await hands.bearer("street", unit=LEAD))
    assert shown.json()["whistles"][0]["caller"] == LEAD
    call = {"call_id": f"{case_no}-W1"}
    assert (await hands.say("whistle.joint_result", case_no, unit=CO, task=2, **call, result="好了")).status_code == 200
    assert (await hands.decide("sign_off", case_no, ratings={CO: 5})).status_code == 403
    assert (await hands.decide("sign_off", case_no, "street", by=LEAD, ratings={CO: 5})).status_code == 200


async def test_a_leader_orders_and_the_tier_above_decides(hands: Hands) -> None:
    case_no = await hands.assigned()
    assert (await hands.decide("order", case_no, "leader", reason="要办")).status_code == 403
    ordered = await hands.decide("order", case_no, "leader", by="party-office", reason="要办", tier="unit")
    assert ordered.json() == {"status": "accepted", "state": "owned"}
    again = await hands.decide("order", case_no, reason="要办")
    assert again.status_code == 409
    nothing = await hands.decide("approve", case_no, "admin")
    assert (nothing.status_code, "销案" in nothing.json()["error"]) == (409, True)
    assert (await hands.say("ownership.dissolution_requested", case_no, task=2, **ASKED)).status_code == 200
    for act, body in (("approve", {}), ("refuse", {"reason": "不够"})):
        assert (await hands.decide(act, case_no, "leader", by=UNIT, **body)).status_code == 403
    refused = await hands.decide("refuse", case_no, "leader", by="party-office", reason="再看一周")
    assert refused.json()["state"] == "owned"
    assert (await hands.say("ownership.dissolution_requested", case_no, task=2, **ASKED)).status_code == 200
    approved = await hands.decide("approve", case_no, "leader", by="party-office", note="同意")
    assert approved.json()["state"] == "awaiting_callback"


@pytest.mark.parametrize(("tier", "owner"), [("district", "deputy-city"), ("head", "head")])
async def test_an_order_names_the_tier(hands: Hands, tier: str, owner: str) -> None:
    case = await hands.case(await hands.owned(tier=tier))
    assert case.ownership is not None
    assert (case.ownership.trigger, case.ownership.at.tier, case.ownership.at.owner) == ("order", tier, owner)


async def test_an_owner_ends_the_call_of_a_silent_caller(hands: Hands) -> None:
    case_no = await hands.assigned()
    said = {"units": [CO], "lead": CO, "reason": "占道经营"}
    assert (await hands.decide("whistle", case_no, "street", by=LEAD, **said)).status_code == 200
    assert (await hands.decide("order", case_no, reason="无人签认", tier="district")).status_code == 200
    call = {"call_id": f"{case_no}-W1"}
    assert (await hands.say("whistle.joint_result", case_no, unit=CO, task=2, **call, result="好了")).status_code == 200
    signed = await hands.decide("sign_off", case_no, "leader", by="party-office", ratings={CO: 4})
    assert signed.json() == {"status": "accepted", "state": "owned"}


async def test_after_dissolution_a_hearing_is_concluded(hands: Hands) -> None:
    case_no = await hands.owned(tier="unit")
    early = await hands.decide("conclude", case_no, opinion="评理团意见", evidence=EVIDENCE)
    assert (early.status_code, "评理" in early.json()["error"]) == (409, True)
    await hands.say("ownership.dissolution_requested", case_no, task=2, **ASKED)
    await hands.decide("approve", case_no, "admin")
    await hands.client.post(f"{hands.receipt}/evaluate", json={"solved": False, "satisfaction": 1})
    tiers = {"tier": "head", "owner": "head", "office": "party-office", "top": True}
    await hands.system(case_no, Kind.OWNED, trigger="hearing", **tiers, above=tiers)
    assert "评理" in (await hands.client.get(hands.receipt, headers={"accept": "text/html"})).text
    opinion = {"opinion": "评理团认为处置合法合理", "evidence": EVIDENCE}
    assert (await hands.decide("conclude", case_no, "supervisor", **opinion)).status_code == 403
    assert (await hands.decide("conclude", case_no, **opinion)).json()["state"] == "owned"
    ended = await hands.decide("approve", case_no, "leader", by="party-office")
    assert ended.json()["state"] == "closed"
    assert str((await hands.case(case_no)).outcome) == "concluded"


async def test_what_a_unit_has_asked_for_is_refused(hands: Hands) -> None:
    case_no = await hands.assigned()
    await hands.say("task.declined", case_no, reason="不归我们管", proposed_unit=CO)
    assert await hands.state(case_no) == "in_dispute"
    assert (await hands.decide("refuse", case_no, "admin", reason="归你管")).json()["state"] == "awaiting_ack"


async def test_rulings_leave_precedents_and_gaps(hands: Hands) -> None:
    case_no = await hands.assigned()
    item = hands.office.city.catalogue.items[0]
    dispatched = await hands.decide("dispatch", case_no, unit=CO, item=item.code, reason="门前三包")
    assert dispatched.status_code == 200
    await hands.say("task.declined", case_no, unit=CO, task=2, reason="不归我们管", proposed_unit=UNIT)
    await hands.decide("dispatch", case_no, unit=UNIT)
    await hands.say("task.declined", case_no, task=3, reason="不归我们管", proposed_unit=CO)
    ruled = await hands.decide("rule", case_no, "adjudicator", unit=CO, reason="归市场监管")
    assert ruled.status_code == 200, ruled.text
    headers = await hands.bearer("adjudicator")
    (one,) = (await hands.client.get("/api/precedents?district=demo", headers=headers)).json()
    assert (one["unit"]["code"], one["item"]["code"], one["live"], one["case_no"]) == (CO, item.code, True, case_no)
    unfit = await hands.assigned()
    assert (await hands.decide("dispatch", unfit, unit=CO, no_item=True, reason="没有这一项")).status_code == 200
    (gap,) = (await hands.client.get("/api/gaps?district=demo", headers=headers)).json()
    assert (gap["case_no"], gap["unit"]["code"], gap["reason"]) == (unfit, CO, "没有这一项")
    for path in ("precedents", "gaps"):
        stranger = await hands.client.get(f"/api/{path}?district=demo", headers=await hands.bearer("admin", "futian"))
        assert stranger.status_code == 403
        assert (await hands.client.get(f"/api/{path}?district=x", headers=headers)).status_code == 404


async def test_delegate_and_recheck(hands: Hands) -> None:
    case_no = await hands.assigned("street-linjiang")
    street = {"role": "street", "by": "street-linjiang"}
    assert (await hands.decide("delegate", case_no, to="team-linjiang", **street)).status_code == 200
    await hands.say("task.completed", case_no, unit="team-linjiang", task=2, result="清了")
    back = await hands.decide("recheck", case_no, passed=False, reason="还有一堆", **street)
    assert back.json()["state"] == "awaiting_ack"
    await hands.say("task.completed", case_no, unit="team-linjiang", task=3, result="都清了")
    assert (await hands.decide("recheck", case_no, passed=True, **street)).json()["state"] == "awaiting_callback"
    assert (await hands.decide("recheck", case_no, passed=True)).status_code == 409


@pytest.mark.parametrize(
    ("to", "name", "phone", "unit"),
    [
        ("119", "119 消防救援", "119", None),
        ("gas", "示范公用事业公司燃气抢修", None, None),
        ("utilities", "示范公用事业公司", None, "utilities"),
        ("futian", "福田区", None, None),
        ("市交通运输局", "市交通运输局", None, None),
    ],
)
async def test_refer_to_who_can_act(hands: Hands, to: str, name: str, phone: str | None, unit: str | None) -> None:
    case_no = await hands.assigned()
    due_at = (await hands.ledger.now() + timedelta(days=1)).isoformat()
    referred = await hands.decide("refer", case_no, to=to, reason="不归本区", due_at=due_at)
    assert referred.json() == {"status": "accepted", "state": "awaiting_referral"}, referred.text
    said = json.loads((await hands.ledger.cases.load(case_no)).events[-1].data)
    assert (said["name"], said.get("phone"), said.get("unit")) == (name, phone, unit)
    page = (await hands.client.get(hands.receipt)).text
    assert name in page
    assert "处理中" not in page
    assert (await hands.decide("return_referral", case_no, reason="不归他们")).json()["state"] == "triage"
    await hands.decide("refer", case_no, to=to, reason="再转")
    assert (await hands.decide("confirm_referral", case_no)).json()["field"] == "reference"
    assert (await hands.decide("confirm_referral", case_no, reference="R-7")).json()["state"] == "closed"
    assert "R-7" in (await hands.client.get(hands.receipt)).text


async def test_not_accepted_with_the_reason(hands: Hands) -> None:
    case_no = await hands.assigned()
    ended = await hands.decide("not_accept", case_no, reason="此事已由法院受理")
    assert ended.json()["state"] == "closed"
    page = (await hands.client.get(hands.receipt)).text
    assert "此事已由法院受理" in page
    assert "不属于本平台受理范围" in page


async def test_merge_and_unmerge(hands: Hands) -> None:
    into, case_no = await hands.assigned(), await hands.assigned(CO)
    receipt = hands.receipt
    assert (await hands.decide("merge", case_no, into=case_no)).json()["field"] == "into"
    merged = await hands.decide("merge", case_no, into=into, reason="同一堆垃圾")
    assert merged.status_code == 200, merged.text
    case = await hands.case(case_no)
    assert (case.merged_into, case.unit) == (into, UNIT)
    page = (await hands.client.get(receipt)).text
    assert "同一件事" in page
    assert into not in page
    assert (await hands.decide("merge", into, into=await hands.assigned())).status_code == 409
    third = await hands.assigned()
    assert (await hands.decide("merge", third, into=case_no)).json()["field"] == "into"
    assert (await hands.decide("unmerge", case_no)).json()["state"] == "triage"
    assert (await hands.decide("unmerge", case_no)).status_code == 409


async def test_the_graver_grade_wins(hands: Hands) -> None:
    into, danger = await hands.assigned(), await hands.assigned(text="松涛社区燃气泄漏味道很大，快来人")
    assert (await hands.case(danger)).grade < (await hands.case(into)).grade
    merged = await hands.decide("merge", danger, into=into)
    assert merged.status_code == 200, merged.text
    assert (await hands.case(into)).grade == (await hands.case(danger)).grade == "A"


async def test_a_unit_neither_sees_nor_gets_what_is_said_about_it(hands: Hands) -> None:
    case_no = await hands.received("投诉临江街道办事处工作人员不作为，推诿扯皮")
    assert (await hands.case(case_no)).recused == ("street-linjiang",)
    for act, body in (("dispatch", {"unit": "street-linjiang"}),):
        assert (await hands.decide(act, case_no, **body)).json()["field"] == "unit"
    assert (await hands.decide("dispatch", case_no, unit="team-linjiang")).status_code == 200
    street = await hands.bearer("street", unit="street-linjiang")
    assert (await hands.client.get("/api/cases", headers=street)).json() == []
    assert (await hands.client.get(f"/api/cases/{case_no}", headers=street)).status_code == 403
    for act, body in (("delegate", {"to": "team-linjiang"}), ("order", {"reason": "x"})):
        assert (await hands.decide(act, case_no, "street", by="street-linjiang", **body)).status_code == 403
    said = {"units": [CO], "lead": CO, "reason": "x"}
    assert (await hands.say("whistle.requested", case_no, unit="street-linjiang", task=None, **said)).status_code == 409
    proposed = {"reason": "不归我们管", "proposed_unit": "street-linjiang"}
    declined = await hands.say("task.declined", case_no, unit="team-linjiang", **proposed)
    assert (declined.status_code, declined.json()["field"]) == (422, "data.proposed_unit")


async def test_a_called_street_sees_what_it_is_called_to_and_decides_nothing_of_it(hands: Hands) -> None:
    case_no = await hands.called(LEAD, CO)
    street = await hands.bearer("street", unit=LEAD)
    listed = (await hands.client.get("/api/cases", headers=street)).json()
    assert [one["case_no"] for one in listed] == [case_no]
    assert await _status(hands, case_no, street) == 200
    for act, body in (("dispatch", {"unit": LEAD}), ("extend", BODIES["extend"])):
        assert (await hands.decide(act, case_no, "street", by=LEAD, **body)).status_code == 403
    assert await _status(hands, case_no, await hands.bearer("street", unit="street-xinhu")) == 403


async def _status(hands: Hands, case_no: str, headers: dict[str, str]) -> int:
    return (await hands.client.get(f"/api/cases/{case_no}", headers=headers)).status_code


async def test_a_leader_sees_his_district_and_an_owner_what_he_owns(hands: Hands) -> None:
    numbers = [await hands.assigned(OTHER_UNIT), await hands.owned(tier="unit")]
    leader = await hands.bearer("leader", unit="party-office")
    assert [one["case_no"] for one in (await hands.client.get("/api/cases", headers=leader)).json()] == numbers
    owned = await hands.client.get("/api/cases", params={"state": "owned"}, headers=leader)
    assert [one["case_no"] for one in owned.json()] == numbers[1:]
    head = await hands.bearer("head", unit="market")
    assert (await hands.client.get(f"/api/cases/{numbers[0]}", headers=head)).status_code == 403
