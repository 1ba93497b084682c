"""A unit's page: one task, for as long as the unit holds it."""

import re
from datetime import datetime, timedelta

from sqlalchemy import select

from casework.events import Kind
from casework.messages import MESSAGES
from gateway.task_forms import BY_ACTION
from ledger.tables import UnmaskingRow
from tests.integration.gateway.hands import OTHER_UNIT, UNIT, Hands

HTML = {"accept": "text/html"}


KNOWN_FROM_THE_LINK = {"case_no", "task_id", "call_id"}


def test_every_message_has_a_form_with_its_fields() -> None:
    assert {form.kind for form in BY_ACTION.values()} == set(MESSAGES)
    for form in BY_ACTION.values():
        fields = MESSAGES[form.kind].model_fields
        asked = {field.name: field.required for field in form.fields}
        told = {name: field.is_required() for name, field in fields.items() if name not in KNOWN_FROM_THE_LINK}
        if form.kind is Kind.PART_DECLINED:  # either of two fields says why
            told = {"reason": True}
        assert asked == told


async def test_a_life_told_by_the_page(hands: Hands) -> None:
    case_no = await hands.assigned(place="松涛社区南门")
    link = await hands.task_link(case_no)
    page = (await hands.client.get(link)).text
    assert "松涛社区南门" in page
    assert "13800138000" not in page
    for action, form, state in (
        ("acknowledge", {"handler": "李工", "feedback": "上午到场"}, "awaiting_contact"),
        ("contacted", {"note": "约好了", "appointment": "明早九点"}, "in_progress"),
        ("first_round", {"responsible_person": "张科长", "note": "已清运"}, "in_progress"),
        ("visited", {"note": "到场"}, "in_progress"),
        ("progress", {"note": "正在加设"}, "in_progress"),
        ("completed", {"result": "清运完毕", "evidence": "https://a.cn/1\r\nhttps://a.cn/2"}, "awaiting_callback"),
    ):
        assert f'action="{link}/{action}"' in (await hands.client.get(link)).text
        answer = await hands.client.post(f"{link}/{action}", data=form)
        assert (answer.status_code, answer.headers["location"]) == (303, f"{link}?done=done")
        assert await hands.state(case_no) == state
    events = (await hands.ledger.cases.load(case_no)).events
    assert '"evidence":["https://a.cn/1","https://a.cn/2"]' in events[-1].data
    assert events[-1].actor == f"unit:{UNIT}"
    assert "等待群众评价" in (await hands.client.get(link)).text


async def test_extension_and_pause_are_asked_for(hands: Hands) -> None:
    case_no = await hands.assigned()
    link = await hands.task_link(case_no)
    await hands.client.post(f"{link}/contacted", data={"note": "约好了"})
    asked = await hands.client.post(f"{link}/extension", data={"days": "3", "reason": "要招标"})
    assert asked.status_code == 303
    page = (await hands.client.get(link)).text
    assert "等待分拨员审批" in page
    assert f'action="{link}/extension"' not in page
    wall = (datetime.now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")  # noqa: DTZ005  as a browser sends it
    assert (await hands.client.post(f"{link}/pause", data={"review_at": wall, "reason": "等备件"})).status_code == 303
    case = (await hands.ledger.cases.load(case_no)).case
    assert case.extension_requested is not None
    assert case.pause_requested is not None
    assert case.pause_requested["review_at"] == f"{wall}:00+08:00"


async def test_a_form_sent_twice_counts_once(hands: Hands) -> None:
    case_no = await hands.assigned()
    link = await hands.task_link(case_no)
    found = re.search(r'name="once" value="([^"]+)"', (await hands.client.get(link)).text)
    assert found
    form = {"note": "到场", "once": found[1]}
    first = await hands.client.post(f"{link}/visited", data=form)
    again = await hands.client.post(f"{link}/visited", data=form)
    told = [answer.headers["location"].partition("?")[2] for answer in (first, again)]
    assert told == ["done=done", "done=done_duplicate"]
    kinds = [row.kind for row in (await hands.ledger.cases.load(case_no)).events]
    assert kinds.count(Kind.VISITED) == 1


async def test_the_number_is_shown_on_request_and_each_opening_is_logged(hands: Hands) -> None:
    case_no = await hands.assigned(text="我手机13912345678，垃圾没人清")
    contact = f"{await hands.task_link(case_no)}/contact"
    asked = (await hands.client.get(contact)).text
    assert "13800138000" not in asked
    assert await _unmaskings(hands) == []
    shown = (await hands.client.post(contact)).text
    assert "13800138000" in shown
    assert "王小明" in shown
    assert "13912345678" in shown
    told = await hands.client.post(contact, headers={"accept": "application/json"})
    assert told.json()["phone"] == "13800138000"
    assert told.headers["cache-control"] == "no-store"
    logged = await _unmaskings(hands)
    assert sorted(logged) == sorted([(case_no, field, f"unit:{UNIT}") for field in ("name", "phone", "text")] * 2)


async def test_a_task_that_has_passed_on_shows_and_does_nothing(hands: Hands) -> None:
    case_no = await hands.assigned(text="松涛社区门口垃圾成山", place="南门")
    link = await hands.task_link(case_no)
    dispatcher = await hands.bearer("dispatcher")
    await hands.client.post(f"/api/cases/{case_no}/dispatch", json={"unit": OTHER_UNIT}, headers=dispatcher)
    page = (await hands.client.get(link)).text
    assert "任务已不在您单位" in page
    assert "垃圾成山" not in page
    assert "南门" not in page
    seq = await hands.seq(case_no)
    for path, form in ((f"{link}/acknowledge", {"handler": "李工", "feedback": "好"}), (f"{link}/contact", {})):
        refused = await hands.client.post(path, data=form, headers=HTML)
        assert refused.status_code == 409
        assert "13800138000" not in refused.text
    assert await hands.seq(case_no) == seq
    assert await _unmaskings(hands) == []
    mine = await hands.task_link(case_no, 2, OTHER_UNIT)
    assert "垃圾成山" in (await hands.client.get(mine)).text


async def test_malformed_and_unknown(hands: Hands) -> None:
    case_no = await hands.assigned()
    link = await hands.task_link(case_no)
    missing = await hands.client.post(f"{link}/acknowledge", data={"handler": "李工"}, headers=HTML)
    assert missing.status_code == 422
    assert "给诉求人的答复" in missing.text
    assert (await hands.client.post(f"{link}/explode", data={})).status_code == 404
    days = await hands.client.post(f"{link}/extension", json={"days": "soon", "reason": "x"})
    assert (days.status_code, days.json()["field"]) == (422, "days")
    assert await hands.state(case_no) == "awaiting_ack"


async def _unmaskings(hands: Hands) -> list[tuple[str, str, str]]:
    async with hands.ledger.database.read() as session:
        rows = await session.scalars(select(UnmaskingRow).order_by(UnmaskingRow.id))
        return [(row.case_no, row.field, row.actor) for row in rows]
