"""What units say of calls, ownership, disputes, delegation and referral; who is refused, and what it may say."""

from typing import Any

import pytest

from tests.integration.gateway.hands import UNIT, Hands, message

LEAD, CO, THIRD = "street-yunling", "market", "police"
IN_YUNLING = "松涛社区小区门口垃圾堆了三天没人清理"


async def test_a_whistle_call_told_by_webhooks(hands: Hands) -> None:
    case_no = await hands.called(LEAD, CO, THIRD)
    call = {"call_id": f"{case_no}-W1"}
    assert await hands.state(case_no) == "joint_handling"
    for kind, unit, task, data in (
        ("whistle.reported_in", LEAD, 2, {}),
        ("whistle.arrived", LEAD, 2, {"note": "到了"}),
        ("whistle.reported_in", CO, 3, {}),
        ("whistle.part_completed", CO, 3, {"note": "已查处"}),
        ("whistle.declined", THIRD, 4, {"reason": "不涉及治安"}),
    ):
        answer = await hands.say(kind, case_no, unit=unit, task=task, **call, **data)
        assert answer.status_code == 200, answer.text
    early = await hands.say("whistle.joint_result", case_no, unit=LEAD, task=2, **call, result="办好了")
    assert early.status_code == 409
    assert THIRD in early.json()["error"]
    assert early.json()["state"] == "joint_handling"
    assert "whistle.joint_result" not in early.json()["allowed"]
    assert "whistle.part_completed" in early.json()["allowed"]
    assert (await hands.decide("excuse", case_no, unit=THIRD, reason="同意")).status_code == 200
    filed = await hands.say("whistle.joint_result", case_no, unit=LEAD, task=2, **call, result="办好了")
    assert filed.status_code == 200, filed.text
    signed = await hands.decide("sign_off", case_no, ratings={LEAD: 5, CO: 4})
    assert signed.json() == {"status": "accepted", "state": "awaiting_callback"}


async def test_the_handler_is_told_that_the_joint_result_completes_the_case(hands: Hands) -> None:
    case_no = await hands.called(LEAD, CO)
    answer = await hands.say("task.completed", case_no, result="好了")
    assert answer.status_code == 409
    assert "joint result" in answer.json()["error"]
    assert "task.progress" in answer.json()["allowed"]
    assert "task.completed" not in answer.json()["allowed"]


async def test_who_is_not_called_does_not_speak_of_it(hands: Hands) -> None:
    case_no = await hands.called(LEAD, CO)
    call = {"call_id": f"{case_no}-W1"}
    stranger = await hands.say("whistle.reported_in", case_no, unit=THIRD, task=3, **call)
    assert (stranger.status_code, stranger.json()["state"]) == (409, None)
    other = await hands.say("whistle.reported_in", case_no, unit=LEAD, task=3, **call)
    assert other.status_code == 409
    co = await hands.say("whistle.joint_result", case_no, unit=CO, task=3, **call, result="我来报")
    assert (co.status_code, co.json()["state"]) == (409, "joint_handling")
    assert co.json()["allowed"][:2] == ["whistle.reported_in", "whistle.arrived"]
    signing = await hands.say("whistle.signed_off", case_no, unit=LEAD, task=None, **call, ratings={CO: 5})
    assert signing.status_code == 409
    assert "only who has called" in signing.json()["error"]


async def test_a_street_calls_for_what_lies_in_it_and_signs_off(hands: Hands) -> None:
    case_no = await hands.assigned(text=IN_YUNLING)
    said = {"units": [CO, UNIT], "lead": CO, "reason": "占道经营和垃圾要一起治"}
    foreign = await hands.say("whistle.requested", case_no, unit="street-linjiang", task=None, **said)
    assert (foreign.status_code, foreign.json()["state"]) == (409, None)
    handler = await hands.say("whistle.requested", case_no, unit=UNIT, **said)
    assert handler.status_code == 409
    assert (await hands.say("whistle.requested", case_no, unit=LEAD, task=None, **said)).status_code == 200
    call = {"call_id": f"{case_no}-W1"}
    case = await hands.case(case_no)
    assert case.whistle is not None
    assert (case.whistle.caller, case.whistle.call_id) == (LEAD, call["call_id"])
    again = await hands.say("whistle.requested", case_no, unit=LEAD, task=None, **said)
    assert (again.status_code, "whistle.excused" in again.json()["allowed"]) == (409, True)
    assert (
        await hands.say("whistle.part_completed", case_no, unit=UNIT, task=3, **call, note="清完")
    ).status_code == 200
    assert (await hands.say("whistle.joint_result", case_no, unit=CO, task=2, **call, result="完")).status_code == 200
    unrated = await hands.say("whistle.signed_off", case_no, unit=LEAD, task=None, **call, ratings={CO: 5})
    assert (unrated.status_code, unrated.json()["field"]) == (422, "data.ratings")
    ratings = {CO: 5, UNIT: 3}
    signed = await hands.say("whistle.signed_off", case_no, unit=LEAD, task=None, **call, ratings=ratings)
    assert signed.status_code == 200, signed.text
    assert await hands.state(case_no) == "awaiting_callback"


@pytest.mark.parametrize(
    ("kind", "data", "field"),
    [
        ("whistle.requested", {"units": ["nobody"], "lead": "nobody", "reason": "x"}, "units"),
        ("whistle.requested", {"units": [CO], "lead": UNIT, "reason": "x"}, "lead"),
        ("whistle.requested", {"units": [], "lead": UNIT, "reason": "x"}, "units"),
        ("task.declined", {"reason": "不归我们管", "proposed_unit": "nobody"}, "proposed_unit"),
        ("task.declined", {"reason": "不归我们管", "proposed_unit": LEAD}, "proposed_unit"),
        ("task.declined", {"reason": "不归我们管"}, "proposed_unit"),
        ("task.delegated", {"to": "nobody"}, "to"),
        ("task.delegated", {"to": CO}, "to"),
        ("whistle.reported_in", {}, "call_id"),
        ("ownership.dissolution_requested", {"disposition": "solved", "opinion": "x", "evidence": []}, "evidence"),
    ],
)
async def test_malformed_messages_name_the_field(hands: Hands, kind: str, data: dict[str, Any], field: str) -> None:
    case_no = await hands.assigned(LEAD, text=IN_YUNLING)
    seq = await hands.seq(case_no)
    answer = await hands.say(kind, case_no, unit=LEAD, **data)
    assert (answer.status_code, answer.json()["field"]) == (422, f"data.{field}"), answer.text
    assert await hands.seq(case_no) == seq


async def test_two_units_bounce_a_case(hands: Hands) -> None:
    case_no = await hands.assigned()
    no = {"reason": "不归我们管"}
    assert (await hands.say("task.declined", case_no, **no, proposed_unit=CO)).status_code == 200
    assert await hands.state(case_no) == "in_dispute"
    assert (await hands.decide("dispatch", case_no, unit=CO)).status_code == 200
    assert (await hands.say("task.declined", case_no, unit=CO, task=2, **no, proposed_unit=UNIT)).status_code == 200
    body = {"unit": UNIT, "reason": "城管部门负责保洁"}
    assert (await hands.decide("rule", case_no, **body)).status_code == 403
    assert (await hands.decide("rule", case_no, "adjudicator", **body)).status_code == 200
    again = await hands.say("task.declined", case_no, task=3, **no, proposed_unit=CO)
    assert again.status_code == 409
    assert "ruled" in again.json()["error"]
    assert "task.declined" not in again.json()["allowed"]


async def test_a_street_delegates_and_looks_at_it_again(hands: Hands) -> None:
    case_no = await hands.assigned("street-linjiang")
    below = {"unit": "team-linjiang", "task": 2}
    assert (await hands.say("task.delegated", case_no, unit="street-linjiang", to="team-linjiang")).status_code == 200
    assert (await hands.say("task.completed", case_no, **below, result="清了")).status_code == 200  # type: ignore[arg-type]
    assert await hands.state(case_no) == "awaiting_recheck"
    passed = await hands.say("task.completed", case_no, unit="street-linjiang", result="查过了")
    assert passed.status_code == 200
    assert await hands.state(case_no) == "awaiting_callback"


async def test_an_owner_speaks_through_his_office_until_it_is_dissolved(hands: Hands) -> None:
    case_no = await hands.owned(tier="unit")
    for kind, data in (
        ("ownership.accepted", {}),
        ("ownership.visited", {"note": "见了王先生"}),
        ("ownership.planned", {"note": "三天清完"}),
        ("ownership.reviewed", {"note": "已清一半"}),
    ):
        assert (await hands.say(kind, case_no, task=2, **data)).status_code == 200
    asked = {"disposition": "solved", "evidence": ["https://a.cn/1.jpg"], "opinion": "居民满意"}
    assert (await hands.say("ownership.dissolution_requested", case_no, task=2, **asked)).status_code == 200
    own = await hands.say("ownership.approved", case_no, task=2)
    assert (own.status_code, own.json()["allowed"]) == (409, [])
    above = {"unit": "party-office", "task": 3}
    refused = await hands.say("ownership.refused", case_no, **above, reason="再看一周")  # type: ignore[arg-type]
    assert refused.status_code == 200, refused.text
    assert (await hands.say("ownership.dissolution_requested", case_no, task=2, **asked)).status_code == 200
    approved = await hands.say("ownership.approved", case_no, unit="party-office", task=4)
    assert approved.status_code == 200
    assert await hands.state(case_no) == "awaiting_callback"


async def test_a_utility_confirms_what_is_referred_to_it(hands: Hands) -> None:
    case_no = await hands.assigned()
    assert (await hands.decide("refer", case_no, to="utilities", reason="燃气管线")).status_code == 200
    stranger = await hands.say("referral.confirmed", case_no, reference="R-1")
    assert stranger.status_code == 409
    assert (
        await hands.say("referral.confirmed", case_no, unit="utilities", task=2, reference="R-1")
    ).status_code == 200
    case = await hands.case(case_no)
    assert (str(case.state), str(case.outcome)) == ("closed", "referred_out")


async def test_a_call_that_comes_twice_counts_once_whatever_came_between(hands: Hands) -> None:
    case_no = await hands.owned(tier="unit")
    said = {"units": [CO], "lead": CO, "reason": "包案后一起办"}
    first = await hands.say("whistle.requested", case_no, message_id="once", task=None, **said)  # type: ignore[arg-type]
    assert first.json() == {"status": "accepted"}
    body = message("whistle.excused", {"case_no": case_no, "call_id": f"{case_no}-W1", "unit": CO, "reason": "先等等"})
    assert (await hands.post_signed(body)).status_code == 200
    asked = {"disposition": "solved", "evidence": ["https://a.cn/1.jpg"], "opinion": "居民满意"}
    assert (await hands.say("ownership.dissolution_requested", case_no, task=2, **asked)).status_code == 200
    again = await hands.say("whistle.requested", case_no, message_id="once", task=None, **said)  # type: ignore[arg-type]
    assert again.json() == {"status": "duplicate"}
