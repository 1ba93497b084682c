"""The step that assigns a case looks whether it is another's matter first: says so, and where set joins that one."""

from datetime import timedelta
from typing import Any

import pytest

from casework.case import Case
from casework.events import Act, Actor, Kind, Role
from catalog.policy import Policy
from ledger.intake import Contact, IntakeForm, understand
from ledger.ledger import Ledger
from tasks import desk
from tasks.assign import assign
from tasks.classify import classify
from tasks.desk import Claim, hold
from tasks.grade import grade
from tasks.suspecting import joined

BIKES = "荷园雅居大门口堆满了共享单车，人行道都堵死了，没有人来清理。"
AGAIN = "共享单车在荷园雅居门口乱停乱放，把人行道堵死了，请来清理。"
HOME, GATE = "新湖街道荷园社区荷园雅居", "新湖街道荷园社区荷园雅居门口"
ELSEWHERE = "临江街道柳岸社区柳岸新村"


@pytest.fixture
async def merging(ledger: Ledger) -> Policy:
    """The district joins by itself what is more likely the same than not."""
    policy = desk.city().district("demo").policy.model_copy(update={"merge_threshold": 0.5})
    await ledger.policies.pin("demo", policy, "file")
    return policy


async def come_in(ledger: Ledger, text: str, place: str, phone: str, ago: timedelta = timedelta(0)) -> str:
    """A new request's number."""
    form = IntakeForm(district="demo", text=text, place=place, contact=Contact(phone=phone))
    new = understand(form, desk.city().district("demo"), desk.city().catalogue)
    case_no, _ = await ledger.cases.receive(new, await ledger.now() - ago)
    return case_no


async def opened(ledger: Ledger, text: str, place: str, phone: str, **more: Any) -> Case:
    """The case after the first steps of its run."""
    case_no = await come_in(ledger, text, place, phone, **more)
    epoch = await ledger.claims.claim(case_no)
    assert epoch is not None
    hold(Claim(case_no, epoch))
    for step in (classify, grade, assign):
        await step.fn(case_no)
    return (await ledger.cases.load(case_no)).case


async def kinds(ledger: Ledger, case_no: str) -> list[str]:
    return [row.kind for row in (await ledger.cases.load(case_no)).events]


async def test_another_citizens_word_for_the_same_is_suspected_and_goes_its_own_way(ledger: Ledger) -> None:
    first = await opened(ledger, BIKES, HOME, "13800000001")
    second = await opened(ledger, AGAIN, GATE, "13800000002")
    (suspect,) = second.suspects
    assert suspect["case_no"] == first.case_no
    assert 0.5 <= suspect["probability"] <= 1
    assert (second.merged_into, second.unit) == (None, first.unit)
    assert await kinds(ledger, second.case_no) == [
        *("request.received", "case.classified", "case.graded", "case.suspected", "case.assigned")
    ]
    assert "case.suspected" not in await kinds(ledger, first.case_no)


async def test_the_same_words_for_another_place_are_not(ledger: Ledger) -> None:
    await opened(ledger, BIKES.replace("荷园雅居", "小区"), HOME, "13800000001")
    second = await opened(ledger, BIKES.replace("荷园雅居", "小区"), ELSEWHERE, "13800000002")
    assert second.suspects == ()


async def test_what_came_in_before_the_policys_days_is_another_time(ledger: Ledger) -> None:
    await opened(ledger, BIKES, HOME, "13800000001", ago=timedelta(days=16))
    assert (await opened(ledger, AGAIN, GATE, "13800000002")).suspects == ()


async def test_a_closed_case_is_over(ledger: Ledger) -> None:
    first = await opened(ledger, BIKES, HOME, "13800000001")
    withdrew = Act(Kind.NOT_ACCEPTED, Actor(Role.DISPATCHER, "li"), await ledger.now(), {"reason": "重复"})
    await ledger.cases.record(first.case_no, withdrew)
    assert (await opened(ledger, AGAIN, GATE, "13800000002")).suspects == ()


@pytest.mark.usefixtures("merging")
async def test_where_the_policy_says_so_it_joins_at_once_and_a_third_joins_the_same(ledger: Ledger) -> None:
    first = await opened(ledger, BIKES, HOME, "13800000001")
    second = await opened(ledger, AGAIN, GATE, "13800000002")
    third = await opened(ledger, AGAIN, GATE, "13800000003")
    for case in (second, third):
        assert (case.merged_into, case.unit) == (first.case_no, first.unit)
        assert (await kinds(ledger, case.case_no))[-2:] == ["case.suspected", "case.merged"]
        merged = (await ledger.cases.load(case.case_no)).events[-1]
        assert "自动并案" in merged.data
    assert await ledger.lists.merged_into(first.case_no) == [second.case_no, third.case_no]


@pytest.mark.usefixtures("merging")
async def test_what_one_citizen_says_again_waits_for_somebody_to_read_it(ledger: Ledger) -> None:
    first = await opened(ledger, BIKES, HOME, "13800000001")
    second = await opened(ledger, AGAIN, GATE, "13800000001")
    assert [suspect["case_no"] for suspect in second.suspects] == [first.case_no]
    assert second.merged_into is None
    assert second.unit is not None


@pytest.mark.usefixtures("merging")
async def test_a_step_that_is_done_again_suspects_once(ledger: Ledger) -> None:
    first = await opened(ledger, BIKES, HOME, "13800000001")
    case_no = await come_in(ledger, AGAIN, GATE, "13800000001")
    epoch = await ledger.claims.claim(case_no)
    assert epoch is not None
    hold(Claim(case_no, epoch))
    await classify.fn(case_no)
    await grade.fn(case_no)
    assert not await joined(await ledger.cases.load(case_no))
    await assign.fn(case_no)  # as after a crash between the two
    assert (await kinds(ledger, case_no)).count("case.suspected") == 1
    assert [one["case_no"] for one in (await ledger.cases.load(case_no)).case.suspects] == [first.case_no]
