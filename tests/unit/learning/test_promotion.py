"""Which model stays, decided from who was right on which text."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from learning.promotion import FEWEST, Verdict, decide

PAIRS = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=FEWEST, max_size=400)


def flags(*runs: tuple[bool, int]) -> np.ndarray:
    return np.concatenate([np.full(n, value) for value, n in runs])


def test_a_model_that_gains_much_and_loses_little_is_promoted() -> None:
    decision = decide(flags((True, 60), (False, 40)), flags((True, 55), (False, 5), (True, 30), (False, 10)))
    assert decision.verdict is Verdict.PROMOTED
    assert (decision.n, decision.in_use, decision.new) == (100, 0.6, 0.85)


@pytest.mark.parametrize("gained", [0, 1, 5])
def test_as_many_won_as_lost_changes_nothing(gained: int) -> None:
    old = flags((True, gained), (False, gained), (True, 90))
    new = flags((False, gained), (True, gained), (True, 90))
    assert decide(old, new).verdict is Verdict.NOT_BETTER


def test_what_may_be_chance_is_no_gain() -> None:
    """22 won and 18 lost: four more right, where chance alone makes six."""
    old, new = flags((False, 22), (True, 18), (True, 160)), flags((True, 22), (False, 18), (True, 160))
    assert decide(old, new).verdict is Verdict.NOT_BETTER
    assert decide(flags((False, 30), (True, 10), (True, 160)), flags((True, 30), (False, 10), (True, 160))).verdict is (
        Verdict.PROMOTED
    )


def test_one_text_among_very_many_is_below_the_margin() -> None:
    assert decide(flags((False, 1), (True, 2000)), flags((True, 2001))).verdict is Verdict.NOT_BETTER
    assert decide(flags((False, 5), (True, 1996)), flags((True, 2001))).verdict is Verdict.PROMOTED


def test_a_few_texts_decide_nothing() -> None:
    n = FEWEST - 1
    assert decide(flags((False, n)), flags((True, n))).verdict is Verdict.TOO_FEW
    assert decide(flags((False, n)), flags((True, n)), fewest=n).verdict is Verdict.PROMOTED
    assert decide(np.array([], dtype=bool), np.array([], dtype=bool)).verdict is Verdict.TOO_FEW


@given(PAIRS)
def test_never_is_a_worse_model_promoted_nor_both_of_two(pairs: list[tuple[bool, bool]]) -> None:
    one, other = (np.array(column) for column in zip(*pairs, strict=True))
    there, back = decide(one, other), decide(other, one)
    assert (there.in_use, there.new) == (back.new, back.in_use)
    assert there.verdict is not Verdict.PROMOTED or there.new > there.in_use
    assert Verdict.NOT_BETTER in {there.verdict, back.verdict}
