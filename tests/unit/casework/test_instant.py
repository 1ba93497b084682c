"""Which questions are answered at once, and what becomes of them: by example."""

from datetime import timedelta
from typing import Any

import pytest
from lives import DESK, DISPATCHER, START, Life, after

from casework.clocks import PROMISES, ClockKind
from casework.errors import NotAllowed
from casework.events import CITIZEN, SYSTEM, Kind
from casework.instant import LONGEST, Found, decided, own_matter, plain_question, to_look_up
from casework.states import Outcome, State
from casework.steps import Owed, Verb, next_step
from casework.view import Names, case_json
from catalog.policy import Policy

AT_ONCE = Policy(answer_threshold=0.7)
ANSWER = {"entry": "probation", "version": "abcd0123", "confidence": 0.9, "answer": "不超过六个月。", "source": "某法"}
FOUND = Found("probation", "abcd0123", 0.9, "不超过六个月。", "某法")


def graded(policy: Policy = AT_ONCE, grade: str = "C", **facts: Any) -> Life:
    """A question that has been classified and graded."""
    life = Life.begun(policy, **{"property": "question", **facts})
    life.act(Kind.CLASSIFIED, item="SZ-0802", confidence=0.9, candidates=[])
    life.act(Kind.GRADED, grade=grade, limit=None)
    return life


def answered(minutes: float = 0.0, **facts: Any) -> Life:
    life = graded(**facts)
    life.act(Kind.ANSWERED, SYSTEM, after(minutes), **ANSWER)
    return life


def test_a_plain_question_is_looked_up_before_it_is_assigned() -> None:
    life = graded()
    assert to_look_up(life.case, AT_ONCE)
    assert next_step(life.case, AT_ONCE, START, Owed()) is Verb.ANSWER


@pytest.mark.parametrize(
    ("policy", "facts", "grade"),
    [
        (Policy(), {}, "C"),  # the district does not answer at once
        (AT_ONCE, {"property": "complaint"}, "C"),
        (AT_ONCE, {"property": "help"}, "C"),
        (AT_ONCE, {"emergency": True}, "C"),
        (AT_ONCE, {}, "A"),
        (AT_ONCE, {"addressee_leader": "head"}, "C"),
        (AT_ONCE, {"recused": ["u1"]}, "C"),
    ],
)
def test_what_is_not_looked_up_is_assigned(policy: Policy, facts: dict[str, Any], grade: str) -> None:
    life = graded(policy, grade, **facts)
    assert next_step(life.case, policy, START, Owed()) is Verb.ASSIGN
    with pytest.raises(NotAllowed):
        life.act(Kind.ANSWERED, **ANSWER)


def test_nothing_is_looked_up_before_it_is_graded_nor_twice() -> None:
    life = Life.begun(AT_ONCE, property="question")
    assert not plain_question(life.case)
    life = graded()
    life.act(Kind.NO_ANSWER, because="unsure")
    assert next_step(life.case, AT_ONCE, START, Owed()) is Verb.ASSIGN


def test_less_confidence_than_the_policy_asks_is_refused() -> None:
    life = graded()
    with pytest.raises(NotAllowed, match=r"0\.7"):
        life.act(Kind.ANSWERED, **{**ANSWER, "confidence": 0.69})


def test_a_street_or_a_unit_does_not_answer_at_once() -> None:
    with pytest.raises(NotAllowed):
        graded().act(Kind.ANSWERED, DISPATCHER, **ANSWER)


def test_answered_at_once_the_citizen_judges_and_no_promise_runs() -> None:
    life = answered(minutes=1)
    case = life.case
    assert (case.state, case.unit, case.held.holder) == (State.AWAITING_CALLBACK, None, "citizen")
    assert case.clock(ClockKind.TRIAGE).met_at == after(1)  # type: ignore[union-attr]
    assert all(clock.paused for clock in case.clocks if clock.kind in PROMISES)
    assert [effect.type for effect in life.last] == ["citizen.answered"]
    assert life.last[0].data["answer"] == ANSWER["answer"]
    assert life.last[0].data["source"] == ANSWER["source"]
    assert next_step(case, life.policy, after(1), Owed()) is Verb.CALLBACK


def test_the_answers_own_message_asks_and_later_ones_ask_again() -> None:
    life = answered()
    life.act(Kind.ASKED, SYSTEM, after(1))
    assert life.last == []
    while not life.last:
        assert life.alarm is not None
        life.fire(life.alarm)
    again = life.last[0]
    assert (again.type, again.data["result"], again.data["at_once"]) == ("citizen.ask_again", ANSWER["answer"], True)


def test_answered_at_night_the_citizen_is_asked_in_the_morning() -> None:
    life = answered()
    life.act(Kind.ASKED, SYSTEM, after(9 * 60))
    assert [(effect.type, effect.data["at_once"]) for effect in life.last] == [("citizen.ask", True)]


def test_satisfied_it_is_explained() -> None:
    life = answered()
    case = life.act(Kind.EVALUATED, CITIZEN, after(60), solved=True, satisfaction=4)
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.EXPLAINED)
    assert [effect.type for effect in life.last] == ["citizen.closed"]
    assert set(case.held.seconds) == {"citizen"}
    assert not any(clock.breached(after(100_000)) for clock in case.clocks)


def test_never_judged_it_is_closed_unrated() -> None:
    life = answered()
    while life.case.open:
        assert life.alarm is not None
        if not life.case.asked:
            life.act(Kind.ASKED, SYSTEM, life.alarm)
        else:
            life.fire(life.alarm)
    assert life.case.outcome is Outcome.UNRATED


@pytest.mark.parametrize("actor", [CITIZEN, DESK])
def test_dissatisfied_it_goes_the_usual_way_with_the_promises_where_they_stood(actor: Any) -> None:
    life = answered(minutes=2)
    case = life.act(Kind.EVALUATED, actor, after(600), solved=False, satisfaction=1, comment="不是这个意思")
    assert (case.state, case.reopened, case.tasks, case.answered_at_once) == (State.RECEIVED, 0, (), False)
    assert [effect.type for effect in life.last] == ["citizen.turned_down"]
    feedback = case.clock(ClockKind.FEEDBACK)
    assert feedback is not None
    assert feedback.due_at == after(608)  # two of the ten minutes had been used
    assert next_step(case, life.policy, after(600), Owed()) is Verb.ASSIGN
    case = life.act(Kind.ASSIGNED, SYSTEM, after(600), unit="u1")
    completion = case.clock(ClockKind.COMPLETION)
    assert completion is not None
    assert completion.share == 1.0
    assert (case.state, case.tasks[0].unit, case.held.seconds["citizen"]) == (State.AWAITING_ACK, "u1", 598 * 60)


def test_what_a_unit_answers_afterwards_is_sent_back_to_it() -> None:
    life = answered()
    life.act(Kind.EVALUATED, CITIZEN, after(5), solved=False, satisfaction=1)
    life.act(Kind.ASSIGNED, SYSTEM, after(5), unit="u1")
    life.unit(Kind.COMPLETED, 20, result="已说明")
    case = life.act(Kind.EVALUATED, CITIZEN, after(30), solved=False, satisfaction=1)
    assert (case.state, case.reopened, case.unit) == (State.AWAITING_ACK, 1, "u1")
    assert "task.reopened" in [effect.type for effect in life.last]


def test_who_comes_back_after_the_end_gets_a_unit() -> None:
    life = answered()
    life.act(Kind.EVALUATED, CITIZEN, after(5), solved=True, satisfaction=5)
    case = life.act(Kind.REOPENED, CITIZEN, after(50), reason="还是不明白")
    assert (case.state, case.outcome, case.closed_at, case.reopened) == (State.RECEIVED, None, None, 0)
    assert next_step(case, life.policy, after(50), Owed()) is Verb.ASSIGN
    assert life.folded() == case


def test_withdrawn_while_it_is_judged() -> None:
    life = answered()
    assert life.act(Kind.WITHDREW, CITIZEN, after(5)).outcome is Outcome.WITHDRAWN


def test_the_case_in_json_says_what_was_answered() -> None:
    life = answered()
    life.act(Kind.EVALUATED, CITIZEN, after(5), solved=False, satisfaction=1)
    shown = case_json(life.case, Names(None, {}), after(6))["instant_answer"]
    assert (shown["entry"], shown["source"], shown["confidence"]) == ("probation", "某法", 0.9)
    assert shown["turned_down_at"] == (START + timedelta(minutes=5)).isoformat()
    assert case_json(graded().case, Names(None, {}), START)["instant_answer"] is None


@pytest.mark.parametrize(
    ("text", "found", "policy", "because"),
    [
        ("请问试用期最长多久", FOUND, Policy(), "off"),
        ("请问试用期最长多久", None, AT_ONCE, "unknown"),
        ("试用期过了三个月了还没转正，怎么办", FOUND, AT_ONCE, "own_matter"),
        ("请问" + "试用期" * LONGEST, FOUND, AT_ONCE, "own_matter"),
        ("请问试用期最长多久", Found("probation", "1", 0.6999, "", ""), AT_ONCE, "unsure"),
    ],
)
def test_why_not(text: str, found: Found | None, policy: Policy, because: str) -> None:
    kind, data = decided(text, found, policy)
    assert (kind, data["because"]) == (Kind.NO_ANSWER, because)


def test_sure_enough_is_answered_with_the_words_of_the_entry() -> None:
    kind, data = decided("请问试用期最长多久", FOUND, AT_ONCE)
    assert (kind, data) == (Kind.ANSWERED, ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        "公积金提取申请交了两个月了怎么还没批",
        "物业不给我装充电桩，该怎么办",
        "失业金没到账，怎么查",
        "为什么我的居住证被退回",
        "电话没人接，请问怎么办理护照",
        "公交车太慢了，能不能多开几班",
        "仲裁委不受理我的申请合理吗",
        "退休工资没发，该怎么办",
    ],
)
def test_ones_own_matter(text: str) -> None:
    assert own_matter(text)


@pytest.mark.parametrize(
    "text",
    ["请问公积金怎么提取", "被辞退可以领失业金吗", "12315怎么投诉", "两个人户口都不在本区能登记吗", "还不清楚怎么入户"],
)
def test_anybodys_question(text: str) -> None:
    assert own_matter(text) is None
