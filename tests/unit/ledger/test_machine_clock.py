"""How far this machine's clock is off, as far as one question and its answer can tell."""

from datetime import UTC, datetime, timedelta

import pytest

from ledger.machine_clock import Offset

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def seconds(n: float) -> timedelta:
    return timedelta(seconds=n)


def test_half_of_the_way_is_counted_back() -> None:
    offset = Offset.measured(NOON, NOON + seconds(0.5), NOON + seconds(1))
    assert offset == Offset(0.0, 0.5)
    assert Offset.measured(NOON + seconds(3), NOON + seconds(0.5), NOON + seconds(4)) == Offset(3.0, 0.5)


@pytest.mark.parametrize(
    ("offset", "exceeds", "keeps"),
    [
        (Offset(0.0, 0.01), False, True),
        (Offset(1.9, 0.01), False, True),
        (Offset(2.1, 0.01), True, False),
        (Offset(-2.1, 0.01), True, False),
        (Offset(3.0, 2.0), False, False),  # so slow an answer tells nothing
        (Offset(0.0, 2.5), False, False),
    ],
)
def test_what_a_measurement_can_say_of_two_seconds(offset: Offset, exceeds: bool, keeps: bool) -> None:
    assert (offset.exceeds(2.0), offset.keeps_within(2.0)) == (exceeds, keeps)
