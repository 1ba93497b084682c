"""The citizen's page: what it shows in each state, and the citizen's word, by form and by JSON."""

import asyncio
import re
from datetime import timedelta

import pytest

from casework.events import Kind
from tests.integration.gateway.hands import Hands

JSON, HTML = {"accept": "application/json"}, {"accept": "text/html"}


def once_in(page: str) -> str:
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


async def test_a_get_shows_and_never_acts(hands: Hands) -> None:
    case_no = await hands.completed()
    seq = await hands.seq(case_no)
    page = await hands.client.get(hands.receipt)
    assert page.status_code == 200
    assert "请您评价" in page.text
    assert "垃圾已清运，加设了两个垃圾桶" in page.text
    assert (await hands.client.get(f"{hands.receipt}/evaluate")).status_code == 405
    assert await hands.seq(case_no) == seq


async def test_the_page_keeps_its_link_to_itself(hands: Hands) -> None:
    await hands.received()
    page = await hands.client.get(hands.receipt)
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "<script" not in page.text
    assert not re.findall(r'(?:src|href)="(?!/)[^"]*"', page.text)


async def test_every_state_has_its_words(hands: Hands) -> None:
    case_no = await hands.received()
    seen = []

    async def look() -> None:
        told = (await hands.client.get(hands.receipt, headers=JSON)).json()
        page = (await hands.client.get(hands.receipt, headers=HTML)).text
        assert told["headline"] in page
        assert "处理中" not in page
        seen.append(told["state"])

    await look()
    await hands.system(case_no, Kind.TRIAGED)
    await look()
    await hands.system(case_no, Kind.ASSIGNED, unit="market")
    await look()
    dispatcher = await hands.bearer("dispatcher")
    await hands.client.post(f"/api/cases/{case_no}/dispatch", json={"unit": "urban-management"}, headers=dispatcher)
    await hands.say("task.acknowledged", case_no, task=2, handler="李工", feedback="上午到")
    await look()
    await hands.say("task.contacted", case_no, task=2, note="约好了")
    await look()
    review = {"review_at": (await hands.ledger.now() + timedelta(days=1)).isoformat(), "reason": "等备件"}
    await hands.client.post(f"/api/cases/{case_no}/pause", json=review, headers=dispatcher)
    await look()
    await hands.client.post(f"/api/cases/{case_no}/resume", json={}, headers=dispatcher)
    await hands.say("task.completed", case_no, task=2, result="好了")
    await look()
    await hands.client.post(f"{hands.receipt}/evaluate", json={"solved": True, "satisfaction": 5})
    await look()
    states = "received triage awaiting_ack awaiting_contact in_progress paused awaiting_callback closed"
    assert seen == states.split()


async def test_satisfied_by_form(hands: Hands) -> None:
    case_no = await hands.completed()
    form = {"solved": "yes", "satisfaction": "5", "comment": "谢谢，我的电话13912345678"}
    answer = await hands.client.post(f"{hands.receipt}/evaluate", data=form)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{hands.receipt}?done=evaluate")
    case = (await hands.ledger.cases.load(case_no)).case
    assert (str(case.state), str(case.outcome)) == ("closed", "resolved")
    page = (await hands.client.get(answer.headers["location"])).text
    assert "评价已收到" in page
    assert "13912345678" not in page


@pytest.mark.parametrize("said", [{"solved": False, "satisfaction": 5}, {"solved": True, "satisfaction": 2}])
async def test_dissatisfied_by_json_is_done_again(hands: Hands, said: dict[str, object]) -> None:
    case_no = await hands.completed()
    answer = await hands.client.post(f"{hands.receipt}/evaluate", json=said)
    assert (answer.status_code, answer.json()["state"]) == (200, "awaiting_ack")
    case = (await hands.ledger.cases.load(case_no)).case
    assert (case.reopened, case.tasks[-1].task_id) == (1, f"{case_no}-T2")


async def test_reopened_after_the_end(hands: Hands) -> None:
    case_no = await hands.completed()
    await hands.client.post(f"{hands.receipt}/evaluate", json={"solved": True, "satisfaction": 4})
    assert "要求重新办理" in (await hands.client.get(hands.receipt)).text
    answer = await hands.client.post(f"{hands.receipt}/reopen", json={"reason": "又堆满了"})
    assert answer.json()["state"] == "awaiting_ack"
    assert await hands.state(case_no) == "awaiting_ack"


async def test_an_instant_answer_is_shown_and_turned_down_by_form(hands: Hands) -> None:
    case_no = await hands.received("请问试用期最长多久")
    await hands.system(case_no, Kind.GRADED, grade="C", limit=None)
    said = {"answer": "不超过六个月。", "source": "《中华人民共和国劳动合同法》"}
    policy = (await hands.ledger.cases.load(case_no)).policy
    assert policy.answer_threshold is not None
    await hands.system(case_no, Kind.ANSWERED, entry="probation", version="1", confidence=0.9, **said)
    page = (await hands.client.get(hands.receipt)).text
    assert "已即时答复您的咨询，请您评价" in page
    assert "不超过六个月。（依据：《中华人民共和国劳动合同法》）" in page
    assert "会转人工" in page
    assert "我们的承诺" not in page
    answer = await hands.client.post(f"{hands.receipt}/evaluate", data={"solved": "no", "satisfaction": "2"})
    assert await hands.state(case_no) == "received"
    page = (await hands.client.get(answer.headers["location"])).text
    assert "正在为您转人工办理" in page
    assert "已转人工，正在确定由谁办理" in page
    assert "我们的承诺" in page


async def test_withdrawn_with_no_word_at_all(hands: Hands) -> None:
    case_no = await hands.received()
    answer = await hands.client.post(f"{hands.receipt}/withdraw", headers=JSON)
    assert (answer.json()["state"], answer.json()["outcome"]) == ("closed", "withdrawn")
    assert await hands.state(case_no) == "closed"


async def test_an_impatient_finger_counts_once(hands: Hands) -> None:
    case_no = await hands.completed()
    once = once_in((await hands.client.get(hands.receipt)).text)
    form = {"solved": "no", "satisfaction": "1", "once": once}
    taps = [hands.client.post(f"{hands.receipt}/evaluate", data=form) for _ in range(3)]
    assert [answer.status_code for answer in await asyncio.gather(*taps)] == [303, 303, 303]
    assert (await hands.ledger.cases.load(case_no)).case.reopened == 1


async def test_what_makes_no_sense_is_said_in_words_and_in_json(hands: Hands) -> None:
    case_no = await hands.assigned()
    seq = await hands.seq(case_no)
    said = {"solved": True, "satisfaction": 5}
    told = await hands.client.post(f"{hands.receipt}/evaluate", json=said)
    assert (told.status_code, told.json()["state"]) == (409, "awaiting_ack")
    assert told.json()["allowed"] == ["citizen.withdrew"]
    page = await hands.client.post(f"{hands.receipt}/evaluate", data=said)
    assert page.status_code == 409
    assert "待签收" in page.text
    assert f'href="{hands.receipt}"' in page.text
    assert await hands.seq(case_no) == seq


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "solved"),
        ({"solved": "maybe", "satisfaction": "3"}, "solved"),
        ({"solved": "yes"}, "satisfaction"),
        ({"solved": "yes", "satisfaction": "6"}, "satisfaction"),
        ({"solved": "yes", "satisfaction": "3", "comment": "x" * 5001}, "comment"),
    ],
)
async def test_malformed(hands: Hands, said: dict[str, str], field: str) -> None:
    await hands.completed()
    told = await hands.client.post(f"{hands.receipt}/evaluate", json=said)
    assert (told.status_code, told.json()["field"]) == (422, field)
    page = await hands.client.post(f"{hands.receipt}/evaluate", data=said, headers=HTML)
    if said:
        assert page.status_code == 422
        assert "返回" in page.text


async def test_links_that_are_not_ours_or_too_old(hands: Hands) -> None:
    case_no = await hands.received()
    old = hands.office.links.citizen(case_no, await hands.ledger.now() - timedelta(days=366))
    task = (await hands.task_link(case_no)).replace("/t/", "/c/")
    old = old.removeprefix(hands.office.settings.gateway_url)
    for path, status in (("/c/x", 404), (hands.receipt[:-2], 404), (task, 404), (old, 410)):
        page = await hands.client.get(path, headers=HTML)
        assert (page.status_code, page.headers["content-type"][:9]) == (status, "text/html")
        told = await hands.client.get(path, headers=JSON)
        assert told.status_code == status
        assert told.json()["error"]


async def test_somebody_elses_words_are_escaped(hands: Hands) -> None:
    await hands.received("<script>alert(1)</script>路灯坏了")
    page = await hands.client.get(hands.receipt)
    assert "<script>" not in page.text
    assert "&lt;script&gt;" in page.text
