"""Who is told beside the unit: its deputy while it is off duty, a leader's office; and to whom a case is not sent."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from prefect.logging import get_logger

from casework.events import Kind
from casework.recusing import recused
from ledger.intake import IntakeForm, understand
from tasks import desk
from tasks.assign import assign
from tasks.desk import Claim, hold
from tasks.message_door import Message
from tasks.outcomes import Failed, Sent
from tests.integration.tasks.at_work import AtWork

LIVELIHOOD = "livelihood"  # off duty from 18:00, with the command centre as its deputy
DESK = "wecom:command-centre-duty"


@dataclass
class Phone:
    """A message door that remembers; it may refuse."""

    deduplicates: bool = False
    reaches: bool = True
    sent: list[Message] = field(default_factory=list)
    answers: bool = True

    async def send(self, message: Message) -> Sent | Failed:
        if not self.answers:
            return Failed("the gateway is away")
        self.sent.append(message)
        return Sent("message")


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    made = Phone()
    monkeypatch.setattr("tasks.unit_message.DOOR", made)
    return made


@pytest.fixture
def off_duty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever hour the test runs at: units with hours are off duty, others on."""
    monkeypatch.setattr("casework.off_duty.on_duty", lambda unit, at, policy: unit.hours is None)


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    logger = get_logger("huiyin.messages")
    logger.addHandler(caplog.handler)
    with caplog.at_level(logging.INFO):
        yield caplog
    logger.removeHandler(caplog.handler)


async def received(work: AtWork, text: str, **more: str) -> str:
    form = IntakeForm(district="demo", text=text, **more)
    new = understand(form, desk.city().district("demo"), desk.city().catalogue)
    case_no, _ = await work.ledger.cases.receive(new, await work.ledger.now())
    return case_no


async def assigned_by_the_run(work: AtWork, case_no: str, item: str) -> None:
    await work.system(case_no, Kind.CLASSIFIED, item=item, confidence=0.99, candidates=[])
    await work.system(case_no, Kind.GRADED, grade="C")
    epoch = await work.ledger.claims.claim(case_no)
    assert epoch is not None
    row = await work.ledger.cases.row(case_no)
    hold(Claim(case_no, epoch, row.seq, row.calls))
    await assign.fn(case_no)


# The deputy


async def test_off_duty_the_deputys_desk_is_told_once_and_the_work_stays_the_units(
    work: AtWork, phone: Phone, off_duty: None
) -> None:
    case_no = await work.assigned(LIVELIHOOD)
    await work.wake(case_no)
    await work.wake(case_no)
    (message,) = [message for message in phone.sent if message.to == DESK]
    assert "区民生保障局" in message.words
    assert case_no in message.words
    assert message.link is None  # the page is the unit's
    assert (await work.ledger.cases.load(case_no)).case.unit == LIVELIHOOD


async def test_the_deputy_hears_of_a_rung_too(work: AtWork, phone: Phone, off_duty: None) -> None:
    case_no = await work.assigned(LIVELIHOOD)
    await work.wake(case_no)
    await work.reminded(case_no)
    await work.wake(case_no)
    assert sum(message.to == DESK for message in phone.sent) == 2


async def test_who_has_no_hours_has_nobody_told(work: AtWork, phone: Phone, off_duty: None) -> None:
    case_no = await work.assigned()
    await work.wake(case_no)
    assert [message.to for message in phone.sent] == ["wecom:urban-management-duty"]


async def test_a_deputys_desk_that_cannot_be_reached_holds_nothing_up(
    work: AtWork, phone: Phone, off_duty: None
) -> None:
    phone.answers = False
    case_no = await work.assigned(LIVELIHOOD)
    await work.wake(case_no)
    assert (await work.messages(case_no, LIVELIHOOD))["task.assigned"].state == "pending"


# The leader to whom it is written


async def test_the_leaders_office_is_told_first_and_last(work: AtWork, said: pytest.LogCaptureFixture) -> None:
    case_no = await received(work, "区长您好，村口的路灯坏了", addressee="区长", channel="leader")
    assert (await work.ledger.cases.load(case_no)).case.addressee == "head"
    await work.wake(case_no)
    assert "区委办公室：诉求" in said.text
    assert "是写给区长的，请先送阅" in said.text
    await work.system(case_no, Kind.ASSIGNED, unit="market", item="SZ-0601", grade="A")
    await work.unit(case_no, Kind.COMPLETED, "market", result="已修好", evidence=[])
    await work.wake(case_no)
    assert "已有结果，请送阅" not in said.text


async def test_through_the_offices_desk_where_it_has_one(work: AtWork, phone: Phone) -> None:
    case_no = await received(work, "区里的小事", addressee="民生诉求工作领导小组")
    await work.wake(case_no)
    assert [message.to for message in phone.sent] == [DESK]


# Whom it is about


async def test_a_case_about_the_unit_that_has_the_duty_goes_to_the_dispatcher(work: AtWork) -> None:
    text = "投诉城管局不作为，路边垃圾半个月没人清"
    assert recused(desk.city().district("demo"), text) == ("urban-management",)
    case_no = await received(work, text)
    item = next(
        one.code
        for one in desk.city().catalogue.items
        if desk.city().district("demo").roles[one.role].default == "urban-management"
    )
    await assigned_by_the_run(work, case_no, item)
    loaded = await work.ledger.cases.load(case_no)
    assert (loaded.case.state, loaded.case.unit) == ("triage", None)
    assert "按回避规定" in str(loaded.events[-1].data)


async def test_a_case_about_another_unit_goes_where_it_belongs(work: AtWork) -> None:
    case_no = await received(work, "投诉市场监管局推诿，路边垃圾半个月没人清")
    await assigned_by_the_run(work, case_no, "SZ-0501")
    case = (await work.ledger.cases.load(case_no)).case
    assert case.recused == ("market",)
    assert case.unit not in (None, "market")
