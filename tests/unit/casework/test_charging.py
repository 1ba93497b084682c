"""Who is counted late."""

from datetime import timedelta

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from lives import START, Life, after

from casework.case import Interruption
from casework.charging import charged_to, interrupted
from casework.clocks import Clock, ClockKind
from casework.events import SYSTEM, Kind
from catalog.policy import Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
UNIT = "department:cg"


def _feedback(life: Life) -> Clock:
    clock = life.case.clock(ClockKind.FEEDBACK)
    assert clock is not None
    return clock


def test_nobody_is_late_before_the_limit() -> None:
    life = Life.begun().assigned().notified(0.5)
    life.unit(Kind.ACKNOWLEDGED, 9)
    assert charged_to(life.case, _feedback(life), after(60)) is None


def test_a_unit_that_had_the_notice_in_time_and_was_late_is_charged() -> None:
    life = Life.begun().assigned().notified(0.5)
    life.unit(Kind.ACKNOWLEDGED, 11)
    assert charged_to(life.case, _feedback(life), after(60)) == UNIT


def test_a_unit_that_is_reached_late_has_half_of_the_limit() -> None:
    prompt = Life.begun().assigned().notified(9)
    prompt.unit(Kind.ACKNOWLEDGED, 13)
    assert _feedback(prompt).breached(after(60))
    assert charged_to(prompt.case, _feedback(prompt), after(60)) == "system"
    slow = Life.begun().assigned().notified(9)
    slow.unit(Kind.ACKNOWLEDGED, 15)
    assert charged_to(slow.case, _feedback(slow), after(60)) == UNIT


def test_a_unit_that_was_never_reached_is_not_charged() -> None:
    life = Life.begun().assigned()
    assert charged_to(life.case, _feedback(life), after(60)) == "system"


def test_a_dispatcher_who_lets_a_case_lie_is_charged() -> None:
    life = Life.begun()
    triage = life.case.clock(ClockKind.TRIAGE)
    assert triage is not None
    assert charged_to(life.case, triage, after(31)) == "dispatcher"


# The service was away


def away(life: Life, since: float, until: float) -> Life:
    life.act(Kind.INTERRUPTED, SYSTEM, after(until), since=after(since).isoformat())
    return life


def test_a_unit_that_would_have_been_in_time_is_not_charged_for_an_outage() -> None:
    life = away(Life.begun(PLAIN).assigned().notified(0.5), 4, 184)
    assert charged_to(life.case, _feedback(life), after(184.5)) == "system"
    life.unit(Kind.ACKNOWLEDGED, 189.5)
    assert _feedback(life).breached(after(200))  # the citizen's promise was broken all the same
    assert charged_to(life.case, _feedback(life), after(200)) == "system"


def test_a_unit_that_took_too_long_besides_is_charged() -> None:
    life = away(Life.begun(PLAIN).assigned().notified(0.5), 4, 184)
    life.unit(Kind.ACKNOWLEDGED, 190.5)
    assert charged_to(life.case, _feedback(life), after(200)) == UNIT


def test_half_of_the_limit_does_not_count_an_outage_either() -> None:
    life = away(Life.begun(PLAIN).assigned().notified(9), 9.5, 12)
    life.unit(Kind.ACKNOWLEDGED, 16)
    assert charged_to(life.case, _feedback(life), after(60)) == "system"
    slow = away(Life.begun(PLAIN).assigned().notified(9), 9.5, 12)
    slow.unit(Kind.ACKNOWLEDGED, 17)
    assert charged_to(slow.case, _feedback(slow), after(60)) == UNIT


def test_an_outage_that_was_over_before_the_clock_began_excuses_nobody() -> None:
    life = away(Life.begun(PLAIN), 1, 3)
    life.assigned("A").notified(4).handled(5).completed(200)
    completion = life.clock(ClockKind.COMPLETION)
    assert completion.started_at == after(3)
    assert charged_to(life.case, completion, after(300)) == UNIT


def test_neither_dispatcher_nor_citizen_is_charged_for_an_outage() -> None:
    life = away(Life.begun(PLAIN), 10, 40)
    assert charged_to(life.case, life.clock(ClockKind.TRIAGE), after(41)) == "system"
    assert charged_to(life.case, life.clock(ClockKind.TRIAGE), after(61)) == "dispatcher"


def test_only_time_that_the_clock_counts_is_given_back() -> None:
    """The quiet hours' outage is no excuse for the minutes after them: nothing was counted in it."""
    night = Life.begun(Policy(calendar="none")).assigned().notified(0.5)  # 10:00, quiet from 22:00 to 07:00
    night.unit(Kind.ACKNOWLEDGED, 4, handler="陈", feedback="到")
    contact = night.clock(ClockKind.CONTACT)
    away(night, 12 * 60, 21 * 60)
    assert charged_to(night.case, contact, after(21 * 60)) == UNIT


def test_the_time_of_an_outage_is_the_systems() -> None:
    life = away(Life.begun(PLAIN).assigned().notified(1), 4, 184)
    life.unit(Kind.ACKNOWLEDGED, 190)
    assert life.seconds == {"system": pytest.approx(181 * 60), UNIT: pytest.approx(9 * 60)}


MINUTES = st.integers(0, 40)


@given(MINUTES, MINUTES, st.lists(st.tuples(MINUTES, MINUTES), max_size=4))
def test_any_outages(notified: int, took: int, outages: list[tuple[int, int]]) -> None:
    """Against a count minute by minute."""
    life = Life.begun(PLAIN).assigned().notified(notified)
    done = notified + took
    life.unit(Kind.ACKNOWLEDGED, done)
    case = life.case
    for since, length in outages:
        case = interrupted(case, Interruption(after(since), after(since) + timedelta(minutes=length)))
    lived = [m for m in range(done) if not any(since <= m < since + length for since, length in outages)]
    if done <= 10:
        expected = None
    elif len(lived) <= 10 or sum(m >= notified for m in lived) <= 5:
        expected = "system"
    else:
        expected = UNIT
    event(f"charged to {expected}")
    assert charged_to(case, _feedback(life), START + timedelta(days=1)) == expected
