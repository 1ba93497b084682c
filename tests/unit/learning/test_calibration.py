"""Confidence: ordered like the evidence, between 0 and 1."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from learning.calibration import BEST, Calibration, best, features

PLAIN = Calibration(nothing=2, coefficients=np.array([2.0, 3.0, 1.0]), intercept=-1.5)


def test_idle_talk_is_never_a_candidate() -> None:
    assert best(np.array([0.1, 0.3, 0.9, 0.2, 0.0]), nothing=2) == [1, 3, 0]
    assert best(np.array([0.1, 0.3]), nothing=None) == [1, 0]


def test_features_are_the_score_and_two_leads() -> None:
    rows = features(np.array([0.5, 0.8, 0.1]), [1, 0], nothing=2)
    np.testing.assert_allclose(rows, [[0.8, 0.3, 0.7], [0.5, -0.3, 0.4]])


def test_a_lead_over_idle_talk_counts_like_one_over_an_item() -> None:
    spoken = PLAIN.candidates(np.array([0.1, 0.8, 0.0]))[0]
    idle = PLAIN.candidates(np.array([0.1, 0.8, 0.7]))[0]
    assert spoken[0] == idle[0] == 1
    assert spoken[1] > idle[1]


@given(st.lists(st.floats(-1, 2), min_size=2, max_size=8))
def test_candidates_are_the_best_surest_first(written: list[float]) -> None:
    scores = np.array([*written[:2], -1.0, *written[2:]])
    candidates = PLAIN.candidates(scores)
    sure = [confidence for _, confidence in candidates]
    assert len(candidates) == min(BEST, len(written))
    assert sure == sorted(sure, reverse=True)
    assert all(0 < confidence < 1 for confidence in sure)
    assert scores[candidates[0][0]] == max(written)
