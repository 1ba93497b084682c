"""What citizens and staff are told has words, the right ones, and never only "in process"."""

import re
from typing import Any

import pytest
from lives import DISPATCHER, START, Life, after

from casework.case import Outcome
from casework.effects import Door
from casework.events import CITIZEN, SYSTEM, Kind
from casework.telling import telling
from catalog.policy import Policy
from catalog.texts import all_texts

PLAIN = Policy(calendar="none", quiet_hours=None)
NO = "PS2026112300001"
UNITS = {"cg": "区城管局", "sw": "区水务局"}
NOT_MESSAGES = {"until", "no_result"}  # parts of others


def every_life() -> list[Life]:
    """Lives that between them owe every message there is."""
    thanks = Life.begun(PLAIN, property="thanks").assigned()
    hazard = Life.begun(PLAIN, grade="A").assigned("A")
    hazard.act(Kind.WITHDREW, CITIZEN, after(2))
    long = Life.begun(PLAIN).assigned().notified().handled()
    long.act(Kind.EXTENDED, DISPATCHER, after(8), days=2)
    long.unit(Kind.PAUSE_REQUESTED, 9, review_at=after(99).isoformat(), reason="等配件")
    long.paused(9, 99)
    long.fire(after(100))
    long.completed(200)
    long.act(Kind.ASKED, SYSTEM, after(200))
    long.fire(after(200 + 2 * 24 * 60))
    long.judged(200 + 3 * 24 * 60, solved=False, satisfaction=1)
    triaged = Life.begun(PLAIN)
    triaged.act(Kind.CLASSIFIED, item=None, confidence=0.0, candidates=[])
    triaged.act(Kind.GRADED, grade="C")
    triaged.act(Kind.TRIAGED)
    triaged.fire(after(25))
    return [
        thanks,
        hazard,
        long,
        triaged,
        Life.begun(PLAIN).assigned().completed(5).judged(6, solved=True, satisfaction=5),
    ]


def owed(door: Door) -> dict[str, Any]:
    """An example of each type of message through a door."""
    return {effect.type: effect for life in every_life() for effect in life.owed if effect.door is door}


def tell(kind: str, **data: Any) -> str:
    return telling(kind, NO, data, UNITS, START)


def test_every_message_to_a_citizen_has_words_and_all_words_are_used() -> None:
    written = {key.removeprefix("telling.") for key in all_texts() if key.startswith("telling.")} - NOT_MESSAGES
    assert {kind.removeprefix("citizen.") for kind in owed(Door.CITIZEN)} == written


def test_every_message_to_staff_has_words_and_names_a_role() -> None:
    for kind, effect in owed(Door.STAFF).items():
        assert f"telling_staff.{kind.removeprefix('staff.')}" in all_texts()
        assert f"role.{effect.addressee}" in all_texts()


def test_every_message_is_told_in_whole_sentences() -> None:
    for kind, effect in owed(Door.CITIZEN).items():
        if kind == "citizen.acknowledged":  # ends in the unit's own words
            continue
        words = telling(kind, NO, effect.data, UNITS, START)
        assert words.endswith(("。", "？", "！")), words
        assert not re.search(r"[{}]|None|，。|，，|：。|（）", words), words


def test_nobody_is_told_that_it_is_in_process() -> None:
    empty_words = re.compile("处理中|正在办理|正在处理")
    assert [key for key, words in all_texts().items() if empty_words.search(words)] == []


def test_the_receipt_names_the_case() -> None:
    assert NO in tell("citizen.receipt")


def test_an_assignment_says_who_and_until_when() -> None:
    words = tell("citizen.assigned", unit="cg", due_at=after(10).isoformat())
    assert words == "您的诉求已交由区城管局办理，对方应向您反馈，最迟 10:10。"


def test_without_a_date_none_is_said() -> None:
    assert "最迟" not in tell("citizen.assigned", unit="cg", due_at=None)


def test_a_date_is_said_as_from_the_day_it_is_told() -> None:
    words = telling("citizen.extended", NO, {"unit": "cg", "due_at": after(3000).isoformat()}, UNITS, START)
    assert "11月25日 12:00" in words


def test_the_units_own_words_are_told() -> None:
    assert "马上派人" in tell("citizen.acknowledged", unit="sw", feedback="马上派人")
    assert "已换灯泡" in tell("citizen.ask", unit="cg", result="已换灯泡")


def test_braces_in_somebodys_words_are_only_words() -> None:
    assert "{unit} {0}" in tell("citizen.acknowledged", unit="cg", feedback="{unit} {0}")


def test_an_answer_without_words_is_still_asked_about() -> None:
    assert "承办单位已报办结" in tell("citizen.ask", unit="cg", result="")


def test_a_pause_says_why_and_when_it_is_looked_at_again() -> None:
    words = tell("citizen.paused", unit="cg", reason="等配件", review_at=after(99).isoformat())
    assert "等配件" in words
    assert "11:39" in words


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_end_says_how_it_ended(outcome: Outcome) -> None:
    assert all_texts()[f"outcome.{outcome}"] in tell("citizen.closed", outcome=str(outcome))


def test_a_hazard_without_a_unit_yet_goes_on_as_well() -> None:
    life = Life.begun(PLAIN, grade="A")
    life.act(Kind.WITHDREW, CITIZEN, after(1))
    words = telling("citizen.hazard_goes_on", NO, life.last[0].data, UNITS, START)
    assert words == "您撤回了诉求；但此事关系安全，会继续处理到隐患消除。"
