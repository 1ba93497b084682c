"""Measured values are summed up as the standard library does it."""

import statistics
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.bench.spread import Spread

VALUES = st.lists(st.floats(0, 1e6), min_size=2, max_size=200)


def test_a_hundred_and_one_values_have_their_ranks() -> None:
    assert Spread.of([float(n) for n in range(101)]) == Spread(n=101, median=50, p95=95, p99=99)


def test_one_slow_value_moves_the_far_end_alone() -> None:
    spread = Spread.of([1.0] * 99 + [100.0])
    assert (spread.median, spread.p95) == (1.0, 1.0)
    assert spread.p99 > 1.0


@given(VALUES)
def test_it_rises_within_what_was_measured(values: list[float]) -> None:
    spread = Spread.of(values)
    points = [min(values), spread.median, spread.p95, spread.p99, max(values)]
    assert all(low <= high or low == pytest.approx(high) for low, high in pairwise(points))
    assert spread.n == len(values)


def test_one_value_does_not_spread() -> None:
    with pytest.raises(statistics.StatisticsError):
        Spread.of([1.0])


def test_it_is_told_rounded() -> None:
    spread = Spread(n=3, median=1.23456, p95=2.0, p99=3.0)
    assert spread.document(2) == {"n": 3, "median": 1.23, "p95": 2.0, "p99": 3.0}
    assert spread.line(".1f") == "1.2 / 2.0"
