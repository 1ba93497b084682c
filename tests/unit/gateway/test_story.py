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
    quiet = [Kind.PINNED, Kind.CLASSIFIED, Kind.GRADED, Kind.NOTIFIED]
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


@pytest.mark.parametrize("action", [action for action in Action if action is not Action.REMIND])
def test_pressing_is_not_hidden(action: Action) -> None:
    lines = told([event(1, Kind.RUNG, action=str(action))])
    assert bool(lines) is (action not in (Action.ASK_CITIZEN, Action.CLOSE_UNRATED, Action.RESUME))
