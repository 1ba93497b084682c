"""Whole lives of a question that the knowledge base knows, verb by verb as the flow does it, on a real ledger."""

from typing import Any

import pytest

from casework.case import Case
from casework.clocks import ClockKind
from casework.events import CITIZEN, Act, Kind
from casework.states import Outcome, State
from casework.telling import telling
from flows.request import VERBS
from ledger.intake import Contact, IntakeForm, understand
from ledger.ledger import Ledger
from ledger.questions import unsettled_questions
from tasks import desk
from tasks.desk import Claim, hold
from tasks.opening import next_verb
from tests.integration.tasks.at_work import AtWork

pytestmark = pytest.mark.usefixtures("clock")

KNOWN = "请问试用期最长可以约定几个月？我的电话 13800000009"
UNKNOWN = "请问采砂许可证怎么办理"


async def asked(work: AtWork, text: str, district: str = "demo", **more: Any) -> str:
    """The number of a fresh case in these words."""
    form = IntakeForm(district=district, text=text, contact=Contact(phone="13800000009"), **more)
    new = understand(form, desk.city().district(district), desk.city().catalogue)
    case_no, _ = await work.ledger.cases.receive(new, await work.ledger.now())
    return case_no


async def woken(work: AtWork, case_no: str) -> Case:
    """One run of the case: every verb until none is due."""
    epoch = await work.ledger.claims.claim(case_no)
    assert epoch is not None
    row = await work.ledger.cases.row(case_no)
    hold(Claim(case_no, epoch, row.seq, row.calls))
    try:
        while verb := await next_verb(case_no):
            await VERBS[verb].fn(case_no)
    finally:
        await work.ledger.claims.release(case_no, epoch, row.calls, None)
    return (await work.ledger.cases.load(case_no)).case


async def said(ledger: Ledger, case_no: str, kind: Kind, **data: Any) -> Case:
    case, _ = await ledger.cases.record(case_no, Act(kind, CITIZEN, await ledger.now(), data))
    return case


async def told(work: AtWork, case_no: str) -> list[str]:
    """What the citizen was told, in words."""
    messages = await work.ledger.deliveries.through(case_no, "citizen")
    return [telling(m.type, case_no, m.data, {"livelihood": "区民生保障局"}, m.created_at) for m in messages]


async def test_known_answered_asked_and_explained(work: AtWork) -> None:
    case_no = await asked(work, KNOWN)
    case = await woken(work, case_no)
    assert (case.state, case.unit, case.tasks, case.asked) == (State.AWAITING_CALLBACK, None, (), 1)
    assert case.instant is not None
    assert case.instant.entry == "probation"
    assert case.instant.confidence >= 0.7
    words = await told(work, case_no)
    assert [word[:6] for word in words] == ["您的诉求已收", "答复您的咨询"]
    assert "不超过一个月" in words[1]
    assert "劳动合同法》第十九条" in words[1]
    assert "转人工" in words[1]
    assert "评价" in words[1]
    case = await said(work.ledger, case_no, Kind.EVALUATED, solved=True, satisfaction=5)
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.EXPLAINED)
    assert set(case.held.seconds) <= {"system", "citizen"}
    now = await work.ledger.now()
    assert not any(clock.breached(now) for clock in case.clocks)
    assert await work.messages(case_no, "livelihood") == {}


async def test_turned_down_it_goes_to_the_unit_with_its_promises_where_they_stood(work: AtWork) -> None:
    case_no = await asked(work, KNOWN)
    before = (await woken(work, case_no)).clock(ClockKind.FEEDBACK)
    assert before is not None
    assert before.paused
    case = await said(work.ledger, case_no, Kind.EVALUATED, solved=False, satisfaction=1, comment="我们行业不一样")
    assert (case.state, case.reopened, case.tasks) == (State.RECEIVED, 0, ())
    case = await woken(work, case_no)
    kinds = await work.events(case_no)
    assert kinds.count(Kind.ANSWERED) == 1
    handed_on = State.AWAITING_ACK if case.unit else State.TRIAGE  # as any other: where the item is unsure, by hand
    assert case.state is handed_on
    feedback = case.clock(ClockKind.FEEDBACK)
    assert feedback is not None
    assert (feedback.id, feedback.started_at, feedback.ticking) == (before.id, case.received_at, True)
    assert feedback.used(feedback.started_at, feedback.pauses[0].end) < 60
    assert any("已转人工" in word for word in await told(work, case_no))
    since = case.received_at
    missed = await unsettled_questions(work.ledger.database, "demo", since)
    assert [(one.case_no, one.because, one.entry) for one in missed] == [(case_no, "turned_down", "probation")]
    assert "13800000009" not in missed[0].text


async def test_what_the_knowledge_base_does_not_know_goes_the_usual_way(work: AtWork) -> None:
    case_no = await asked(work, UNKNOWN)
    case = await woken(work, case_no)
    assert case.instant is None
    assert case.looked_up
    assert case.state in (State.AWAITING_ACK, State.TRIAGE)
    missed = await unsettled_questions(work.ledger.database, "demo", case.received_at)
    assert [(one.case_no, one.because) for one in missed] == [(case_no, "unsure")]


@pytest.mark.parametrize(
    "more",
    [
        {"property": "complaint"},
        {"addressee": "区长"},
    ],
)
async def test_what_is_no_plain_question_is_not_looked_up(work: AtWork, more: dict[str, Any]) -> None:
    case_no = await asked(work, KNOWN, **more)
    await woken(work, case_no)
    assert not {Kind.ANSWERED, Kind.NO_ANSWER} & set(await work.events(case_no))


async def test_a_citizens_words_are_not_in_the_record_of_the_answer(work: AtWork) -> None:
    case_no = await asked(work, KNOWN)
    await woken(work, case_no)
    rows = (await work.ledger.cases.load(case_no)).events
    answered = next(row for row in rows if row.kind == Kind.ANSWERED)
    assert "13800000009" not in answered.data
    assert "【" not in answered.data  # nor is anything masked in what we say ourselves
