"""Whose time it is while the system cannot carry a case on: never the unit's."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from lives import Life, after

from casework.case import Held
from casework.events import Kind

UNIT = "department:cg"
MINUTE = 60.0


def quarantined(minutes: float) -> Life:
    life = Life.begun().assigned().notified(1)
    life.act(Kind.QUARANTINED, at=after(minutes), failures=5, error="KeyError")
    return life


def test_a_quarantined_case_is_the_systems_time() -> None:
    life = quarantined(3)
    life.act(Kind.RECOVERED, at=after(63))
    life.unit(Kind.ACKNOWLEDGED, 65, handler="老陈", feedback="马上派人")
    assert life.seconds == {"system": 61 * MINUTE, UNIT: 4 * MINUTE}
    assert not life.case.quarantined


def test_an_act_received_in_quarantine_counts_and_the_time_stays_the_systems() -> None:
    life = quarantined(3)
    life.unit(Kind.ACKNOWLEDGED, 5, handler="老陈", feedback="马上派人")
    assert life.case.quarantined
    life.act(Kind.RECOVERED, at=after(20))
    life.unit(Kind.CONTACTED, 21, note="已约见")
    assert life.seconds == {"system": 18 * MINUTE, UNIT: 3 * MINUTE}


@given(st.lists(st.tuples(st.integers(0, 90), st.integers(0, 90), st.booleans()), max_size=12))
def test_every_second_has_one_holder_however_often_the_service_is_away(steps: list[tuple[int, int, bool]]) -> None:
    held = Held("a", after(0))
    at = after(0)
    for n, (pause, away, stands_in) in enumerate(steps):
        at += timedelta(minutes=pause)
        since, at = at, at + timedelta(minutes=away)
        held = held.interrupted(since, at, "system").to(f"holder-{n}").stood_in_by("system" if stands_in else None)
    assert sum(held.until(at).seconds.values()) == (at - after(0)).total_seconds()
    assert held.holder == (f"holder-{len(steps) - 1}" if steps else "a")
