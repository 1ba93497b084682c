"""A grade's own ladder, and a clock that comes to another one."""

from datetime import UTC, datetime, timedelta

import pytest

from casework.clocks import ClockKind, start_clock
from casework.new_ladders import with_ladder
from catalog.policy import Action, ClockPolicy, Clocks, Grade, Policy, Rung

START = datetime(2026, 11, 23, 2, tzinfo=UTC)
COMMON = (Rung(at_percent=50, action=Action.REMIND), Rung(at_percent=100, action=Action.URGE))
OF_A = (Rung(at_percent=10, action=Action.URGE), Rung(at_percent=60, action=Action.OWN))
FEEDBACK = ClockPolicy(a="10m", b="10m", c="10m", ladder=COMMON, ladder_a=OF_A)
POLICY = Policy(clocks=Clocks(feedback=FEEDBACK))


@pytest.mark.parametrize(("grade", "ladder"), [(Grade.A, OF_A), (Grade.B, COMMON), (Grade.C, COMMON)])
def test_a_grade_climbs_its_own_ladder_or_the_common_one(grade: Grade, ladder: tuple[Rung, ...]) -> None:
    assert start_clock(POLICY, ClockKind.FEEDBACK, grade, "x", START).ladder == ladder


def test_a_policy_without_such_ladders_is_written_as_it_always_was() -> None:
    assert "ladder_a" not in Policy().model_dump_json()
    assert Policy.model_validate_json(POLICY.model_dump_json()) == POLICY


def test_every_ladder_is_judged() -> None:
    down = (Rung(at_percent=50, action=Action.URGE), Rung(at_percent=40, action=Action.URGE))
    with pytest.raises(ValueError, match="later than the one before"):
        ClockPolicy(a="1h", b="1h", c="1h", ladder=COMMON, ladder_b=down)
    foreign = FEEDBACK.model_copy(update={"ladder_c": (Rung(at_percent=50, action=Action.CLOSE_UNRATED),)})
    with pytest.raises(ValueError, match="belongs to another clock"):
        Clocks(feedback=ClockPolicy.model_validate(foreign.model_dump()))


def test_on_another_ladder_nothing_fires_again_and_nothing_below_is_made_up_for() -> None:
    clock = start_clock(POLICY, ClockKind.FEEDBACK, Grade.C, "x", START).climb(0, START + timedelta(minutes=5))
    moved = with_ladder(clock, clock, OF_A, START + timedelta(minutes=5))
    assert moved.ladder == (COMMON[0], OF_A[1])
    assert moved.next_rung_at() == START + timedelta(minutes=6)
