"""Who is counted late."""

from lives import Life, after

from casework.charging import charged_to
from casework.clocks import Clock, ClockKind
from casework.events import Kind

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
