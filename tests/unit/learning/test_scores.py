"""Scores, compared with scikit-learn's and with what can be counted by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score

from learning.scores import automatic, calibration_error, rights, scores, threshold_for

LABELS = st.sampled_from(["城乡建设", "环境保护", "交通运输", ""])
ANSWERS = st.lists(st.tuples(LABELS, LABELS, st.floats(0, 1)), min_size=1, max_size=60)


@given(ANSWERS)
def test_the_figures_are_those_of_scikit_learn(answers: list[tuple[str, str, float]]) -> None:
    truth, said, confidence = (list(column) for column in zip(*answers, strict=True))
    figures = scores(truth, said, confidence)
    assert figures.n == len(truth)
    assert figures.accuracy == pytest.approx(accuracy_score(truth, said))
    assert figures.macro_f1 == pytest.approx(f1_score(truth, said, average="macro", zero_division=0))
    for label, each in figures.per_label.items():
        asked = {"labels": [label], "average": "macro", "zero_division": 0}
        assert each.n == truth.count(label)
        assert each.precision == pytest.approx(precision_score(truth, said, **asked))
        assert each.recall == pytest.approx(recall_score(truth, said, **asked))


def test_nothing_has_no_score() -> None:
    with pytest.raises(ValueError, match="at least one labelled text"):
        scores([], [], [])


@pytest.mark.parametrize(
    ("confidence", "right", "error"),
    [
        ([1.0, 1.0], [True, True], 0.0),
        ([1.0, 1.0], [True, False], 0.5),
        ([0.9, 0.9, 0.9, 0.9], [True, True, True, False], 0.15),
        ([0.2, 0.9], [True, True], (0.8 + 0.1) / 2),
        ([0.5, 0.5], [True, False], 0.0),
    ],
)
def test_calibration_error_is_the_gap_of_each_bin(confidence: list[float], right: list[bool], error: float) -> None:
    assert calibration_error(confidence, np.array(right)) == pytest.approx(error)


@given(ANSWERS)
def test_calibration_error_is_between_its_bounds(answers: list[tuple[str, str, float]]) -> None:
    truth, said, confidence = (list(column) for column in zip(*answers, strict=True))
    right = rights(truth, said)
    error = calibration_error(confidence, right)
    overall = abs(float(np.mean(confidence)) - float(right.mean()))
    assert overall - 1e-9 <= error <= 1 + 1e-9  # bins cannot cancel out more than the whole does


@given(ANSWERS, st.sampled_from([0.5, 0.8, 0.95, 1.0]))
def test_the_threshold_is_the_lowest_that_is_precise_enough(
    answers: list[tuple[str, str, float]], precision: float
) -> None:
    truth, said, confidence = (list(column) for column in zip(*answers, strict=True))
    right = rights(truth, said)
    threshold = threshold_for(confidence, right, precision)
    through = automatic(confidence, right, threshold)
    assert through.precision >= precision - 1e-12
    for lower in (level for level in confidence if level < threshold):
        assert automatic(confidence, right, lower).precision < precision


def test_where_nothing_is_precise_enough_nothing_goes_through() -> None:
    threshold = threshold_for([0.3, 1.0], np.array([False, False]))
    assert threshold > 1
    through = automatic([0.3, 1.0], np.array([True, True]), threshold)
    assert (through.share, through.precision) == (0.0, 1.0)
