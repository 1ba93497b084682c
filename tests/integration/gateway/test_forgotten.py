"""A forgotten case at every door; and what a careless sender puts where it does not belong is in no log."""

import logging

import pytest

from casework.events import Actor, Role
from tests.integration.gateway.hands import UNIT, Hands

JSON, HTML = {"accept": "application/json"}, {"accept": "text/html"}
NAME, PHONE, ID_CARD, PLATE = "王小明", "13800138000", "440307199001011234", "粤B12345"
CLEARED = "诉求内容与个人信息已按规定清除"


async def forgotten(hands: Hands) -> str:
    """A case that was completed, evaluated and forgotten."""
    case_no = await hands.completed()
    said = {"solved": True, "satisfaction": 5, "comment": f"谢谢，我叫{NAME}"}
    assert (await hands.client.post(f"{hands.receipt}/evaluate", json=said)).status_code == 200
    await hands.ledger.forgetting.forget(case_no, Actor(Role.ADMIN, "cli"), "本人要求")
    return case_no


async def test_the_citizens_page_says_that_the_words_are_gone(hands: Hands) -> None:
    await forgotten(hands)
    page = await hands.client.get(hands.receipt, headers=HTML)
    assert page.status_code == 200
    assert CLEARED in page.text
    assert "清除个人信息" in page.text  # in the timeline
    assert "垃圾堆了三天" not in page.text
    assert "/reopen" not in page.text
    assert (await hands.client.get(hands.receipt, headers=JSON)).json()["can"] == []
    again = await hands.client.post(f"{hands.receipt}/reopen", json={"reason": "又有了"})
    assert (again.status_code, again.json()["state"]) == (409, "closed")


async def test_the_units_links_open_nothing_any_more(hands: Hands) -> None:
    case_no = await forgotten(hands)
    link = await hands.task_link(case_no)
    page = await hands.client.get(link)
    assert page.status_code == 200
    assert "任务已不在您单位" in page.text
    assert (await hands.client.get(f"{link}/contact")).status_code == 200
    opened = await hands.client.post(f"{link}/contact", headers={**JSON, "content-type": "application/json"})
    assert opened.status_code == 409
    assert PHONE not in opened.text


async def test_staff_see_that_the_case_is_forgotten(hands: Hands) -> None:
    case_no = await forgotten(hands)
    auditor = await hands.bearer("auditor")
    case = (await hands.client.get(f"/api/cases/{case_no}", headers=auditor)).json()
    assert (case["text"], case["forgotten"], case["state"]) == (CLEARED, True, "closed")
    assert case["timeline"][-1]["event"] == "case.forgotten"
    (row,) = (await hands.client.get("/api/cases", headers=auditor)).json()
    assert row["text"] == CLEARED


async def test_a_units_late_word_is_refused_as_of_any_closed_case(hands: Hands) -> None:
    case_no = await forgotten(hands)
    late = await hands.say("task.progress", case_no, note="补充", message_id="late")
    assert (late.status_code, late.json()["state"]) == (409, "closed")


async def test_staff_see_masks_where_the_unit_wrote_the_citizens_name(hands: Hands) -> None:
    case_no = await hands.assigned()
    said = f"{NAME}您好，王先生的车{PLATE}已挪，身份证{ID_CARD}，回电{PHONE}，荷花里3栋502室"
    assert (await hands.say("task.acknowledged", case_no, handler="李工", feedback=said)).status_code == 200
    case = await hands.client.get(f"/api/cases/{case_no}", headers=await hands.bearer("dispatcher"))
    page = await hands.client.get(hands.receipt, headers=HTML)
    for shown in (case.text, page.text):
        assert "【姓名】您好，【姓名】先生的车【车牌】已挪" in shown
        assert not [secret for secret in (NAME, PHONE, ID_CARD, PLATE, "502室") if secret in shown]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/requests", {"district": "demo", "text": "", "contact": {"name": NAME, "phone": PHONE}}),
        ("/api/requests", {"district": "demo", "text": "x", "contact": {"phone": f"{PHONE}或{ID_CARD}"}}),
        ("/api/requests", {"district": "demo", "text": "x", PHONE: NAME}),
        ("/api/requests", {"district": f"{NAME}{PHONE}", "text": "x"}),
        (f"/api/requests/{PHONE}", {}),
        (f"/webhooks/demo/{UNIT}", {"type": NAME, "data": {"note": PHONE}}),
        ("RECEIPT/evaluate", {"solved": NAME, "satisfaction": PHONE}),
    ],
)
async def test_what_is_refused_is_in_no_log(
    hands: Hands, caplog: pytest.LogCaptureFixture, path: str, body: dict[str, object]
) -> None:
    await hands.received()
    with caplog.at_level(logging.DEBUG, logger="huiyin"):
        answer = await hands.client.post(path.replace("RECEIPT", hands.receipt), json=body)
    assert answer.status_code in (401, 404, 405, 422), answer.text
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records if "huiyin" in record.name)
    assert "POST" in logged
    assert not [secret for secret in (NAME, PHONE, ID_CARD, ascii(NAME)[1:-1]) if secret in logged]
