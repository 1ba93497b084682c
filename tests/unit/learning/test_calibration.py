"""Confidence: ordered like the evidence, between 0 and 1."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from learning.calibration import BEST, Calibration, Logit, best, features, kin_features

PLAIN = Logit(np.array([2.0, 3.0, 1.0, 0.5]), -1.5)
STRANGERS = Calibration(nothing=2, kin=np.arange(10), item=PLAIN, consequences=PLAIN)
COUSINS = Calibration(nothing=2, kin=np.array([0, 0, 1, 2]), item=PLAIN, consequences=PLAIN)


def test_idle_talk_is_never_a_candidate() -> None:
    assert best(np.array([0.1, 0.3, 0.9, 0.2, 0.0]), nothing=2) == [1, 3, 0]
    assert best(np.array([0.1, 0.3]), nothing=None) == [1, 0]


def test_features_are_the_score_two_leads_and_how_much_was_said() -> None:
    rows = features(np.array([0.5, 0.8, 0.1]), 9, [1, 0], nothing=2)
    np.testing.assert_allclose(rows, [[0.8, 0.3, 0.7, np.log(10)], [0.5, -0.3, 0.4, np.log(10)]])


def test_an_item_of_the_same_consequences_is_no_rival() -> None:
    scores = np.array([0.7, 0.8, 0.1, 0.2])
    np.testing.assert_allclose(kin_features(scores, 9, 1, 2, COUSINS.kin)[0][:3], [0.8, 0.6, 0.7])
    np.testing.assert_allclose(kin_features(scores, 9, 1, 2, np.arange(4))[0][:3], [0.8, 0.1, 0.7])
    assert COUSINS.sure(scores, 9) > COUSINS.candidates(scores, 9)[0][1]


def test_where_all_are_kin_the_rival_is_idle_talk() -> None:
    np.testing.assert_allclose(kin_features(np.array([0.7, 0.8, 0.3]), 0, 1, 2, np.array([0, 0, 1]))[0][1], 0.5)
    np.testing.assert_allclose(kin_features(np.array([0.7, 0.8]), 0, 1, None, np.array([0, 0]))[0][1], 0.8)


def test_a_lead_over_idle_talk_counts_like_one_over_an_item() -> None:
    spoken = STRANGERS.candidates(np.array([0.1, 0.8, 0.0]), 9)[0]
    idle = STRANGERS.candidates(np.array([0.1, 0.8, 0.7]), 9)[0]
    assert spoken[0] == idle[0] == 1
    assert spoken[1] > idle[1]


@given(st.lists(st.floats(-1, 2), min_size=2, max_size=8))
def test_candidates_are_the_best_surest_first(written: list[float]) -> None:
    scores = np.array([*written[:2], -1.0, *written[2:]])
    candidates = STRANGERS.candidates(scores, 9)
    sure = [confidence for _, confidence in candidates]
    assert len(candidates) == min(BEST, len(written))
    assert sure == sorted(sure, reverse=True)
    assert all(0 < confidence < 1 for confidence in sure)
    assert scores[candidates[0][0]] == max(written)
