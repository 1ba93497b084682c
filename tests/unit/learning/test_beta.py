"""Bending probabilities to how often they are right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from learning.beta import FEWEST, Beta, fit_beta
from learning.scores import calibration_error

LOGITS = arrays.arrays(np.float64, st.tuples(st.integers(1, 8), st.integers(2, 5)), elements=st.floats(-20, 20))
POSITIVE = st.floats(0.01, 5)


def shares(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)


@given(LOGITS, POSITIVE, POSITIVE, st.floats(-5, 5))
def test_rows_stay_probabilities_and_the_likeliest_stays_so(
    logits: np.ndarray, rise: float, fall: float, shift: float
) -> None:
    before = shares(logits)
    after = Beta(rise, fall, shift).bent(before)
    assert after.sum(axis=1) == pytest.approx(np.ones(len(before)))
    assert (after >= 0).all()
    best = before.argmax(axis=1)
    assert after[np.arange(len(after)), best] == pytest.approx(after.max(axis=1))


def test_what_is_too_sure_becomes_honest() -> None:
    """Four labels; the likeliest is told with 0.97 and right nine times in ten, or told with 0.5 and right six."""
    chance = np.random.default_rng(0)
    sure = np.where(chance.random(4000) < 0.5, 0.97, 0.5)
    told = np.column_stack([sure, *[(1 - sure) / 3] * 3])
    owners = np.where(chance.random(4000) < np.where(sure > 0.9, 0.9, 0.6), 0, 1)
    bent = fit_beta(told, owners).bent(told)
    assert calibration_error(list(told.max(axis=1)), owners == 0) > 0.07
    assert calibration_error(list(bent.max(axis=1)), owners == 0) < 0.02


def test_from_a_few_texts_or_without_a_fault_nothing_is_concluded() -> None:
    chance = np.random.default_rng(1)
    sure = chance.uniform(0.5, 1.0, FEWEST)
    told, owners = np.column_stack([sure, 1 - sure]), (chance.random(FEWEST) < 0.3).astype(np.intp)
    assert fit_beta(told[1:], owners[1:]) == Beta()
    assert fit_beta(told, np.zeros(FEWEST, dtype=np.intp)) == Beta()
    unchanged = told[:5]
    assert Beta().bent(unchanged) is unchanged


def test_a_calibration_that_would_fall_is_not_used() -> None:
    sure = np.linspace(0.5, 0.99, 1000)
    told = np.column_stack([sure, 1 - sure])
    owners = (np.random.default_rng(2).random(1000) < sure).astype(np.intp)  # the surer, the more often wrong
    assert fit_beta(told, owners) == Beta()
