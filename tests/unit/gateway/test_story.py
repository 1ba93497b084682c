"""The citizen's timeline: messages as they were sent, the rest in plain words, machinery left out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from casework.events import CITIZEN, SYSTEM, Actor, Event, Kind, Role
from catalog.policy import Action
from gateway.story import story
from ledger.deliveries import Delivery

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)
UNITS = {"market": "区市场监督管理局"}
UNIT = Actor(Role.UNIT, "market")


def event(seq: int, kind: Kind, actor: Actor = SYSTEM, **data: Any) -> Event:
    return Event(seq, kind, actor, NOW + timedelta(minutes=seq), data)


def sent(seq: int, kind: str, **data: Any) -> Delivery:
    return Delivery(f"SF1:{kind}:{seq}", "SF1", seq, "citizen", "citizen", f"citizen.{kind}", None, data, 0, NOW)


def told(events: list[Event], messages: list[Delivery] | None = None) -> list[tuple[str, str]]:
    return [(chapter.title, chapter.words) for chapter in story("SF1", events, messages or [], UNITS)]


def test_a_message_is_shown_as_it_was_sent() -> None:
    events = [event(1, Kind.RECEIVED, CITIZEN), event(2, Kind.ASSIGNED, unit="market")]
    messages = [sent(1, "receipt"), sent(2, "assigned", unit="market", due_at=NOW.isoformat())]
    (receipt, assigned) = told(events, messages)
    assert "编号 SF1" in receipt[1]
    assert assigned == ("派单", "您的诉求已交由区市场监督管理局办理，对方应向您反馈，最迟 10:30:00。")


def test_machinery_is_left_out() -> None:
    quiet = [Kind.PINNED, Kind.CLASSIFIED, Kind.GRADED, Kind.NO_ANSWER, Kind.NOTIFIED]
    assert told([event(n, kind) for n, kind in enumerate(quiet, 1)]) == []
    assert told([event(1, Kind.RUNG, action="remind")]) == []


def test_facts_are_told_with_the_units_name_and_words() -> None:
    events = [
        event(1, Kind.ASSIGNED, unit="market"),
        event(2, Kind.VISITED, UNIT, task_id="SF1-T1", note="店铺已停业"),
        event(3, Kind.COMPLETED, UNIT, task_id="SF1-T1", result="已退款"),
    ]
    assert told(events)[-2:] == [
        ("现场查看", "区市场监督管理局到现场查看：店铺已停业"),
        ("办结", "区市场监督管理局报告已办结：已退款"),
    ]


def test_an_acknowledgement_is_told_once() -> None:
    events = [
        event(1, Kind.ASSIGNED, unit="market"),
        event(2, Kind.ACKNOWLEDGED, UNIT, handler="李工", feedback="今天去"),
    ]
    (line,) = told(events, [sent(2, "acknowledged", unit="market", feedback="今天去")])
    assert line == ("签收", "区市场监督管理局已签收您的诉求，答复您：今天去")


def test_a_verdict_and_what_came_of_it_stand_together() -> None:
    events = [event(1, Kind.ASSIGNED, unit="market"), event(2, Kind.EVALUATED, CITIZEN, solved=False, satisfaction=1)]
    ((_, words),) = told(events, [sent(2, "reopened", unit="market")])
    assert words.splitlines()[0] == "您的评价：没有解决，满意度 1 分。"
    assert "重新办理" in words.splitlines()[1]


def test_what_was_done_late_before_anybody_was_pressed_is_told_as_that() -> None:
    met = {"met_at": NOW.isoformat()}
    assert told([event(1, Kind.RUNG, action="urge", **met)]) == []
    ((_, words),) = told([event(1, Kind.RUNG, action="supervise", **met)])
    assert "已办理" in words


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.REMIND])
def test_pressing_is_not_hidden(action: Action) -> None:
    lines = told([event(1, Kind.RUNG, action=str(action))])
    assert bool(lines) is (action not in (Action.ASK_CITIZEN, Action.CLOSE_UNRATED, Action.RESUME))


def test_a_called_unit_speaks_for_itself_and_the_handler_stays_the_handler() -> None:
    events = [
        event(1, Kind.ASSIGNED, unit="market"),
        event(2, Kind.ARRIVED, Actor(Role.UNIT, "police"), task_id="SF1-T2", note="到了"),
        event(3, Kind.EXCUSED, Actor(Role.DISPATCHER, "x"), unit="police", reason="不需要"),
        event(4, Kind.RESUMED),
        event(5, Kind.COMPLETED, UNIT, task_id="SF1-T1", result="已退款"),
    ]
    names = {**UNITS, "police": "公安分局"}
    lines = [chapter.words for chapter in story("SF1", events, [], names)]
    assert lines == [
        "公安分局已到现场。到了",
        "公安分局不必再参加联合处置：不需要",
        "区市场监督管理局报告已办结：已退款",
    ]


def test_what_an_owner_does_is_told_as_the_leaders() -> None:
    office = Actor(Role.UNIT, "party-office")
    asked = {"disposition": "solved", "opinion": "认可", "evidence": []}
    events = [event(1, Kind.ACCEPTED, office), event(2, Kind.DISSOLUTION, office, **asked)]
    assert told(events) == [
        ("接案", "包案领导已接案。"),
        ("申请销案", "包案领导申请销案（诉求合理，解决到位），由上一级审批。"),
    ]


def test_a_merged_case_tells_what_was_done_on_the_other() -> None:
    followed = {"seq": 7, "by": "market", "result": "已退款"}
    done = Event(1, Kind.FOLLOWED, SYSTEM, NOW, {"kind": "task.completed", **followed})
    assert told([done]) == [("随主件更新", "区市场监督管理局报告已办结：已退款")]
    assert told([Event(1, Kind.FOLLOWED, SYSTEM, NOW, {"kind": "task.progress", "seq": 7})]) == []
