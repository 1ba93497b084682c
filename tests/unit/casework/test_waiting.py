"""The badge of a waiting case, in the words of the operations desk."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from lives import START, Life, after

from casework.clocks import ClockKind
from casework.events import Kind
from casework.states import State
from casework.waiting import awaited_clock, spoken, waits_for
from catalog.policy import Policy
from catalog.working_time import SHANGHAI

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=SHANGHAI)


def at(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (at(2026, 11, 23, 18, 5), "18:05"),
        (at(2026, 11, 23, 0, 0), "00:00"),
        (at(2026, 11, 24, 10, 30), "11月24日 10:30"),
        (at(2026, 11, 22, 23, 59), "11月22日 23:59"),
        (at(2027, 3, 2, 9, 0), "2027年3月2日 09:00"),
        (NOON + timedelta(seconds=119), "12:01:59"),
        (NOON - timedelta(seconds=30), "11:59:30"),
        (NOON + timedelta(seconds=120), "12:02"),
    ],
)
def test_a_time_is_said_as_people_say_it(when: datetime, words: str) -> None:
    assert spoken(when, NOON) == words


def test_the_day_is_shanghais_not_greenwichs() -> None:
    late = at(2026, 11, 24, 0, 30)  # still the 23rd in UTC
    assert spoken(late, at(2026, 11, 24, 8, 0)) == "00:30"
    assert spoken(late, NOON) == "11月24日 00:30"


def test_seconds_are_said_even_across_midnight() -> None:
    assert spoken(at(2026, 11, 24, 0, 0, 20), at(2026, 11, 23, 23, 59, 50)) == "11月24日 00:00:20"


def acknowledged() -> Life:
    life = Life.begun().assigned()
    life.unit(Kind.ACKNOWLEDGED, 5)
    return life


def sent_back() -> Life:
    return Life.begun().assigned().completed(5).judged(6, solved=False, satisfaction=5)


def in_hand() -> Life:
    life = Life.begun().assigned().handled()
    life.unit(Kind.FIRST_ROUND, 30)
    return life


@pytest.mark.parametrize(
    ("life", "label"),
    [
        (Life.begun, "已收 10:30前"),
        (lambda: Life.begun().assigned(), "待签收 10:10前"),
        (acknowledged, "待联系 10:30前"),
        (lambda: Life.begun().assigned().handled(), "办理中 11月24日 10:00前"),
        (in_hand, "办理中 11月30日 10:00前"),
        (lambda: Life.begun().assigned().handled().paused(6, 26 * 60), "挂起 11月24日 12:00前"),
        (lambda: Life.begun().assigned().completed(5), "待回访 11月28日 10:05前"),
        (lambda: Life.begun().assigned().completed(5).judged(6, solved=True, satisfaction=5), "已结案"),
        (sent_back, "待签收 11月24日 10:06前"),
    ],
)  # fmt: skip
def test_a_badge_says_what_for_and_until_when(life: Callable[[], Life], label: str) -> None:
    assert waits_for(life().case, after(5)).label == label


def test_a_deadline_that_has_passed_says_so() -> None:
    assert waits_for(Life.begun().assigned().case, after(13)).label == "待签收 10:10前（已超时）"


def test_the_badge_carries_the_state_and_the_deadline_apart() -> None:
    badge = waits_for(Life.begun().assigned().case, START)
    assert (badge.state, badge.due_at) == ("待签收", after(10))


def test_a_citizen_who_cannot_be_phoned_is_not_waited_for() -> None:
    case = Life.begun(has_phone=False).assigned().case
    assert awaited_clock(case) is case.clock(ClockKind.FEEDBACK)
    life = Life.begun(has_phone=False).assigned()
    life.unit(Kind.ACKNOWLEDGED, 5)
    assert life.case.state is State.IN_PROGRESS


def test_a_demonstrations_deadlines_are_told_to_the_second() -> None:
    clocks = Policy().clocks
    quick = clocks.feedback.model_copy(update={"c": "8s"})
    life = Life.begun(Policy(clocks=clocks.model_copy(update={"feedback": quick}))).assigned()
    assert waits_for(life.case, START).label == "待签收 10:00:08前"


def test_every_open_state_but_none_else_has_a_deadline() -> None:
    assert awaited_clock(Life.begun().assigned().completed(5).judged(6, solved=True, satisfaction=5).case) is None
