"""What citizens and staff are told has words, the right ones, and never only "in process"."""

import re
from typing import Any

import pytest
from lives import DISPATCHER, START, Life, after

from casework.events import CITIZEN, SYSTEM, Act, Kind
from casework.owing import Door, Effect
from casework.states import Outcome
from casework.telling import telling, told_as
from catalog.policy import Policy
from catalog.texts import all_texts

PLAIN = Policy(calendar="none", quiet_hours=None)
NO = "PS2026112300001"
UNITS = {"cg": "区城管局", "sw": "区水务局", "jt": "区交通局", "deputy": "分管副区长", "head": "区长"}
NOT_MESSAGES = {"until", "no_result", "because", "reference", "leader_of"}  # parts of others


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
    moved = Life.begun(PLAIN).assigned()
    moved.move(Policy(), after(5))  # with days off
    triaged = Life.begun(PLAIN)
    triaged.act(Kind.CLASSIFIED, item=None, confidence=0.0, candidates=[])
    triaged.act(Kind.GRADED, grade="C")
    triaged.act(Kind.TRIAGED)
    triaged.fire(after(25))
    return [
        thanks,
        hazard,
        long,
        moved,
        triaged,
        *beside(),
        *at_once(),
        Life.begun(PLAIN).assigned().completed(5).judged(6, solved=True, satisfaction=5),
    ]


def beside() -> list[Life]:
    """Lives with what may be open beside the handling, and what ends them otherwise."""
    joint = Life.begun(PLAIN).assigned().handled().whistled("sw", "jt")
    joint.say(joint.part("jt"), Kind.PART_DECLINED, 11, reason="用不着")
    joint.act(Kind.EXCUSED, DISPATCHER, after(12), unit="jt", reason="用不着")
    joint.say(joint.part("sw"), Kind.JOINT_RESULT, 13, result="已整治")
    owned = Life.begun(PLAIN).assigned().handled().owned().dissolved(20)
    owned.judged(30, solved=False, satisfaction=1).owned(31, trigger="hearing").dissolved(40)
    disputed = Life.begun(PLAIN).assigned()
    disputed.unit(Kind.DECLINED, 2, reason="不归我管", proposed_unit="sw")
    line = Life.begun(PLAIN).assigned()
    line.act(Kind.REFERRED, DISPATCHER, after(2), to="119", name="消防救援", phone="119", reason="燃气泄漏")
    line.act(Kind.REFERRAL_CONFIRMED, DISPATCHER, after(3), reference="119-7")
    elsewhere = Life.begun(PLAIN).assigned()
    elsewhere.act(Kind.REFERRED, DISPATCHER, after(2), to="futian", name="福田区", reason="不在我区")
    elsewhere.act(Kind.REFERRAL_RETURNED, DISPATCHER, after(3), reason="不在该区")
    refused = Life.begun(PLAIN).assigned()
    refused.act(Kind.NOT_ACCEPTED, DISPATCHER, after(2), reason="法院已受理")
    merged = Life.begun(PLAIN).assigned()
    merged.act(Kind.MERGED, DISPATCHER, after(2), into="PS2026112300002", unit="sw")
    step = {"kind": "task.first_round", "seq": 7, "note": "已到现场"}
    merged.admitted(Act(Kind.FOLLOWED, SYSTEM, after(3), step))
    merged.act(Kind.UNMERGED, DISPATCHER, after(4), **{"from": "PS2026112300002"})
    graver = Life.begun(PLAIN).assigned()
    graver.act(Kind.GRADED, DISPATCHER, after(2), grade="A", merged="PS2026112300003")
    leader = Life.begun(PLAIN, addressee_leader="head").assigned()
    leader.completed(5).judged(6, solved=True, satisfaction=5)
    return [joint, owned, disputed, line, elsewhere, refused, merged, graver, leader]


def at_once() -> list[Life]:
    """Questions answered at once: one turned down, one at night and never judged."""
    lives = []
    for _ in range(2):
        life = Life.begun(PLAIN.model_copy(update={"answer_threshold": 0.7}), property="question")
        life.act(Kind.GRADED, grade="C", limit=None)
        words = {"answer": "不超过六个月。", "source": "《中华人民共和国劳动合同法》"}
        life.act(Kind.ANSWERED, SYSTEM, after(1), entry="probation", version="1", confidence=0.9, **words)
        lives.append(life)
    down, night = lives
    down.judged(5, solved=False, satisfaction=1)
    night.act(Kind.ASKED, SYSTEM, after(9 * 60))
    night.fire(after(9 * 60 + 3 * 24 * 60))
    return lives


def owed(door: Door) -> list[Effect]:
    """What lives owe through a door."""
    return [effect for life in every_life() for effect in life.owed if effect.door is door]


def tell(kind: str, **data: Any) -> str:
    return telling(kind, NO, data, UNITS, START)


def test_every_message_to_a_citizen_has_words_and_all_words_are_used() -> None:
    written = {key.removeprefix("telling.") for key in all_texts() if key.startswith("telling.")} - NOT_MESSAGES
    assert {told_as(effect.type.removeprefix("citizen."), effect.data) for effect in owed(Door.CITIZEN)} == written


def test_every_message_to_staff_has_words_and_names_a_role() -> None:
    for effect in owed(Door.STAFF):
        assert f"telling_staff.{effect.type.removeprefix('staff.')}" in all_texts()
        assert f"role.{effect.addressee}" in all_texts()


def test_every_message_is_told_in_whole_sentences() -> None:
    for effect in owed(Door.CITIZEN):
        if effect.type in ("citizen.acknowledged", "citizen.followed"):  # ends in the unit's own words
            continue
        words = telling(effect.type, NO, effect.data, UNITS, START)
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


OWN_WORDS = {
    Outcome.NOT_ACCEPTED: "不予受理（法院已受理）",
    Outcome.REFERRED_OUT: "已由消防救援受理，对方编号 119-7，",
    Outcome.CONCLUDED: "经第三方评理，已按程序终结",
}
ENDED = {"reason": "法院已受理", "name": "消防救援", "reference": "119-7"}


@pytest.mark.parametrize("outcome", list(Outcome))
def test_the_end_says_how_it_ended(outcome: Outcome) -> None:
    words = OWN_WORDS.get(outcome, all_texts()[f"outcome.{outcome}"])
    assert words in tell("citizen.closed", outcome=str(outcome), **(ENDED if outcome in OWN_WORDS else {}))


def test_an_owner_is_named_by_title_else_by_his_office() -> None:
    assert "由区长包案督办" in tell("citizen.owned", owner="head", office="party-office")
    assert "由区城管局负责人包案督办" in tell("citizen.owned", owner="cg-leader", office="cg")


def test_a_joint_handling_names_every_unit() -> None:
    assert "区城管局、区水务局" in tell("citizen.joint", unit="cg", units=["cg", "sw"])


def test_an_emergency_line_is_told_with_its_number_and_nobody_else_is() -> None:
    assert "119" in tell("citizen.referred", name="消防救援", phone="119")
    assert "拨打" not in tell("citizen.referred", name="福田区", phone=None)


def test_a_hazard_without_a_unit_yet_goes_on_as_well() -> None:
    life = Life.begun(PLAIN, grade="A")
    life.act(Kind.WITHDREW, CITIZEN, after(1))
    words = telling("citizen.hazard_goes_on", NO, life.last[0].data, UNITS, START)
    assert words == "您撤回了诉求；但此事关系安全，会继续处理到隐患消除。"
