"""Counts of outcomes that fade."""

from datetime import datetime, timedelta

import pytest

from catalog.working_time import SHANGHAI
from learning.assigning.counting import LATELY_HOURS, Counts

AT = datetime(2018, 9, 1, 9, tzinfo=SHANGHAI)
KEY = ("sub", "路灯")


def test_what_never_occurred_counts_nothing() -> None:
    assert Counts().of(KEY, AT, 3).tolist() == [[0, 0, 0], [0, 0, 0]]


def test_lately_fades_and_ever_does_not() -> None:
    counts = Counts()
    counts.add(KEY, 1, AT, 3)
    later = AT + timedelta(hours=LATELY_HOURS)
    assert counts.of(KEY, later, 3).tolist() == [[0, 1, 0], [0, 0.5, 0]]
    counts.add(KEY, 1, later, 3)
    assert counts.of(KEY, later + timedelta(hours=LATELY_HOURS), 3)[:, 1].tolist() == pytest.approx([2, 0.75])


def test_a_row_that_comes_late_never_makes_old_ones_grow() -> None:
    counts = Counts()
    counts.add(KEY, 0, AT, 2)
    counts.add(KEY, 1, AT - timedelta(days=400), 2)
    assert counts.of(KEY, AT - timedelta(days=400), 2).max() == 1
    assert counts.of(KEY, AT, 2).tolist() == [[1, 1], [1, 1]]


def test_new_outcomes_find_room() -> None:
    counts = Counts()
    counts.add(KEY, 0, AT, 1)
    counts.add(KEY, 4, AT, 5)
    assert counts.of(KEY, AT, 6)[0].tolist() == [1, 0, 0, 0, 1, 0]
