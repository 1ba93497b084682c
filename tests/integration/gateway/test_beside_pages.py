"""The pages of called units, callers, owners, approvers, and those to whom work is passed on or referred."""

import json

from casework.events import Kind
from gateway.task_forms import FORMS
from tests.integration.gateway.hands import UNIT, Hands

LEAD, CO, STREET = "construction", "market", "street-yunling"
HTML = {"accept": "text/html"}
ASKED = {"disposition": "solved", "evidence": "https://a.cn/1.jpg\nhttps://a.cn/2.jpg", "opinion": "居民签字认可"}


async def shown(hands: Hands, link: str) -> tuple[str, set[str]]:
    """The page, and the actions that it offers."""
    page = (await hands.client.get(link)).text
    return page, {form.action for form in FORMS if f'action="{link}/{form.action}"' in page}


async def post(hands: Hands, link: str, action: str, **form: str) -> None:
    assert action in (await shown(hands, link))[1], f"the page does not offer {action}"
    answer = await hands.client.post(f"{link}/{action}", data=form)
    assert (answer.status_code, answer.headers.get("location")) == (303, f"{link}?done=done"), answer.text


async def test_a_call_told_by_the_pages(hands: Hands) -> None:
    case_no = await hands.called(LEAD, CO, "police")
    lead, co = await hands.task_link(case_no, 2, LEAD), await hands.task_link(case_no, 3, CO)
    page, may = await shown(hands, lead)
    assert "您单位牵头，请报到" in page
    assert "区市场监督管理局（协办）" in page
    assert "还差这些单位的分工：区市场监督管理局、示范公安分局" in page
    assert may == {"report_in", "arrive", "part_completed", "not_needed"}
    await post(hands, lead, "report_in")
    await post(hands, lead, "arrive", note="到了")
    await post(hands, co, "report_in", note="十分钟到")
    assert "请到现场" in (await shown(hands, co))[0]
    await post(hands, co, "arrive")
    await post(hands, co, "part_completed", note="已查处占道摊位")
    assert "您单位的分工已报办结" in (await shown(hands, co))[0]
    early = await hands.client.post(f"{lead}/joint_result", data={"result": "完"}, headers=HTML)
    assert early.status_code == 409
    await post(hands, await hands.task_link(case_no, 4, "police"), "not_needed", reason="不涉及治安")
    await hands.decide("excuse", case_no, unit="police", reason="同意")
    assert "任务已不在您单位" in (await shown(hands, await hands.task_link(case_no, 4, "police")))[0]
    await post(hands, lead, "joint_result", result="围挡已整改，摊位已清")
    assert "您单位的分工已报办结" in (await shown(hands, lead))[0]
    handler = (await shown(hands, await hands.task_link(case_no)))[0]
    assert "正在联合处置" in handler
    assert "围挡已整改" in handler


async def test_the_caller_signs_off_on_a_page_of_its_own(hands: Hands) -> None:
    case_no = await hands.assigned()
    said = {"units": [LEAD, CO], "lead": LEAD, "reason": "夜间施工"}
    assert (await hands.say("whistle.requested", case_no, unit=STREET, task=None, **said)).status_code == 200
    url = hands.office.links.task(case_no, f"{case_no}-W1", STREET)
    link = url.removeprefix(hands.office.settings.gateway_url)
    page, may = await shown(hands, link)
    assert may == {"excuse"}
    assert "夜间施工" in page
    assert "13800138000" not in page
    assert (await hands.client.post(f"{link}/contact", headers=HTML)).status_code == 409
    await post(hands, link, "excuse", unit=CO, reason="不需要")
    call = {"call_id": f"{case_no}-W1"}
    filed = await hands.say("whistle.joint_result", case_no, unit=LEAD, task=2, **call, result="停了")
    assert filed.status_code == 200
    page, may = await shown(hands, link)
    assert may == {"sign_off"}
    assert "停了" in page
    missing = await hands.client.post(f"{link}/sign_off", data={}, headers=HTML)
    assert (missing.status_code, "评分" in missing.text) == (422, True)
    await post(hands, link, "sign_off", **{f"ratings.{LEAD}": "4"})
    assert dict((await hands.case(case_no)).whistles[0].ratings) == {LEAD: 4}
    assert "任务已不在您单位" in (await shown(hands, link))[0]


async def test_a_street_that_handles_it_calls_from_its_page(hands: Hands) -> None:
    case_no = await hands.assigned(STREET)
    link = await hands.task_link(case_no, unit=STREET)
    await post(hands, link, "whistle", **{f"units.{LEAD}": "yes", f"units.{CO}": "yes"}, lead=CO, reason="一起办")
    case = await hands.case(case_no)
    assert case.whistle is not None
    assert case.whistle.caller == STREET
    assert {part.unit: str(part.role) for part in case.parts(case.whistle.call_id)} == {CO: "lead", LEAD: "co"}
    assert "excuse" in (await shown(hands, link))[1]


async def test_a_department_cannot_call(hands: Hands) -> None:
    case_no = await hands.assigned()
    link = await hands.task_link(case_no)
    assert "whistle" not in (await shown(hands, link))[1]
    said = {"units": [CO], "lead": CO, "reason": "一起办"}
    assert (await hands.client.post(f"{link}/whistle", json=said)).status_code == 409


async def test_an_ownership_told_by_the_pages(hands: Hands) -> None:
    case_no = await hands.owned(tier="unit")
    owner, above = await hands.task_link(case_no, 2), await hands.task_link(case_no, 3, "party-office")
    page, may = await shown(hands, owner)
    assert "请领导接案" in page
    assert "领导或分拨员指定" in page
    assert "accept" in may
    await post(hands, owner, "accept")
    await post(hands, owner, "visit_home", note="见了王先生")
    await post(hands, owner, "plan", note="三天清完", review_at="2030-01-01T09:00")
    await post(hands, owner, "review", note="清了一半")
    await post(hands, owner, "dissolve", **ASKED)
    assert "销案申请已提交" in (await shown(hands, owner))[0]
    page, may = await shown(hands, above)
    assert may == {"approve", "refuse"}
    for words in ("请审批销案申请", "居民签字认可", "诉求合理，解决到位", "https://a.cn/2.jpg"):
        assert words in page
    assert f'action="{above}/contact"' not in page
    assert (await hands.client.post(f"{above}/contact", headers=HTML)).status_code == 409
    await post(hands, above, "refuse", reason="再看一周")
    assert "请推动化解" in (await shown(hands, owner))[0]
    await post(hands, owner, "dissolve", **ASKED)
    again = await hands.task_link(case_no, 4, "party-office")
    await post(hands, again, "approve")
    assert await hands.state(case_no) == "awaiting_callback"
    for link in (owner, above, again):
        assert "任务已不在您单位" in (await shown(hands, link))[0]


async def test_a_unit_declines_and_keeps_it_meanwhile(hands: Hands) -> None:
    case_no = await hands.assigned()
    link = await hands.task_link(case_no)
    page = (await shown(hands, link))[0]
    assert '<option value="market">区市场监督管理局</option>' in page
    assert f'<option value="{UNIT}">' not in page
    await post(hands, link, "decline", reason="不归我们管", proposed_unit=CO)
    page, may = await shown(hands, link)
    assert "等待裁决" in page
    assert "acknowledge" in may
    assert "decline" not in may
    nobody = await hands.client.post(f"{link}/decline", data={"reason": "x", "proposed_unit": "no"}, headers=HTML)
    assert nobody.status_code == 422


async def test_work_is_passed_on_and_looked_at_again(hands: Hands) -> None:
    case_no = await hands.assigned("street-linjiang")
    giver = await hands.task_link(case_no, 1, "street-linjiang")
    page = (await shown(hands, giver))[0]
    assert '<option value="team-linjiang">' in page
    await post(hands, giver, "delegate", to="team-linjiang")
    page, may = await shown(hands, giver)
    assert "已转派下级单位" in page
    assert "completed" not in may
    worker = await hands.task_link(case_no, 2, "team-linjiang")
    await post(hands, worker, "completed", result="三堆都清了")
    assert "等待上级单位复查" in (await shown(hands, worker))[0]
    page, may = await shown(hands, giver)
    assert "三堆都清了" in page
    assert {"completed", "delegate"} <= may
    await post(hands, giver, "completed", result="已复查")
    assert await hands.state(case_no) == "awaiting_callback"


async def test_a_referral_is_confirmed_or_returned_on_the_page(hands: Hands) -> None:
    case_no = await hands.assigned()
    await hands.decide("refer", case_no, to="utilities", reason="燃气管线")
    link = await hands.task_link(case_no, 2, "utilities")
    assert (await shown(hands, link))[1] == {"confirm", "return_referral"}
    await post(hands, link, "return_referral", reason="不是我们的管线")
    assert await hands.state(case_no) == "triage"
    await hands.decide("refer", case_no, to="utilities", reason="再核")
    await post(hands, await hands.task_link(case_no, 3, "utilities"), "confirm", reference="R-9")
    assert await hands.state(case_no) == "closed"


async def test_a_get_never_acts(hands: Hands) -> None:
    case_no = await hands.called(LEAD, CO)
    link, seq = await hands.task_link(case_no, 2, LEAD), await hands.seq(case_no)
    for form in FORMS:
        assert (await hands.client.get(f"{link}/{form.action}")).status_code in (404, 405)
    assert await hands.seq(case_no) == seq


async def test_opinions_are_masked_like_all_words(hands: Hands) -> None:
    case_no = await hands.owned(tier="unit")
    link = await hands.task_link(case_no, 2)
    await post(hands, link, "dissolve", **{**ASKED, "opinion": "王先生13912345678认可"})
    (row,) = [row for row in (await hands.ledger.cases.load(case_no)).events if row.kind == Kind.DISSOLUTION]
    assert "13912345678" not in row.data
    assert "13912345678" not in json.dumps((await hands.case(case_no)).ownerships[0].opinion)


async def test_the_citizen_reads_it_in_plain_words(hands: Hands) -> None:
    case_no = await hands.called(LEAD, CO)
    call = {"call_id": f"{case_no}-W1"}
    await hands.say("whistle.arrived", case_no, unit=CO, task=3, **call, note="在门口")
    page = (await hands.client.get(hands.receipt)).text
    assert "几家单位正在联合处置" in page
    assert "区市场监督管理局已到现场。在门口" in page
    await hands.decide("order", case_no, reason="久拖不决", tier="district")
    page = (await hands.client.get(hands.receipt)).text
    assert "已由领导包案督办" in page
    assert "分管城建副区长包案督办" in page
    assert "处理中" not in page
    told = await hands.client.get(hands.receipt, headers={"accept": "application/json"})
    assert told.json()["state"] == "owned"


async def test_what_is_open_beside_is_counted(hands: Hands) -> None:
    await hands.called(LEAD, CO)
    await hands.owned(tier="head")
    counted = (await hands.client.get("/metrics")).text
    assert 'huiyin_beside{district="demo",flow="whistle",state="awaiting_report_in"} 2.0' in counted
    assert 'huiyin_beside{district="demo",flow="ownership",state="awaiting_acceptance"} 1.0' in counted
