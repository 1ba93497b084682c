"""What looking up identical requests reaches, counted by hand."""

import pytest

from learning.assigning.look_up import look_up


def test_shares_are_those_counted_by_hand() -> None:
    rows = [("k", "a"), ("k", "a"), ("l", "b"), ("k", "b"), ("k", "a"), ("m", "c"), ("m", "d")]
    found = look_up(rows)
    assert found.hindsight_top1 == pytest.approx((3 + 1 + 1) / 7)
    assert found.hindsight_top3 == 1
    assert found.alike == pytest.approx(6 / 7)
    assert found.others_top1 == pytest.approx(3 / 6)  # the three of unit a; neither of two that differ
    assert found.others_top3 == pytest.approx(3 / 6)
    assert found.twins_agree == pytest.approx(1 / 4)
    assert found.first_of_kind == pytest.approx(3 / 7)


def test_requests_that_are_all_different_are_right_in_hindsight_alone() -> None:
    found = look_up([(n, "a") for n in range(5)])
    assert (found.hindsight_top1, found.alike, found.others_top1, found.first_of_kind) == (1, 0, 0, 1)
