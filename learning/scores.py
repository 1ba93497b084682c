"""How good predictions are, in the figures that `huiyin evaluate` prints. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

BINS = 15
"""Of equal width, as expected calibration error is usually told."""

PRECISION = 0.95
"""What is asked of the requests that no dispatcher sees."""

Flags = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LabelScore:
    """One label: how many texts truly have it, and precision, recall and F1 (0..1)."""

    n: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Scores:
    """Over `n` texts; every figure is 0..1. `macro_f1` is the mean over the labels that are true or were predicted."""

    n: int
    macro_f1: float
    accuracy: float
    ece: float
    per_label: dict[str, LabelScore]


@dataclass(frozen=True, slots=True)
class Automatic:
    """What goes without a dispatcher: from which confidence on, which share of the texts, how many of them rightly."""

    threshold: float
    share: float
    precision: float


def scores(truth: Sequence[str], said: Sequence[str], confidence: Sequence[float]) -> Scores:
    """Judge one predicted label a text, with its confidence. Raises `ValueError` where there is no text."""
    if not truth:
        raise ValueError("there is nothing to score: give at least one labelled text")
    right = rights(truth, said)
    per_label = {label: _label(label, truth, said) for label in sorted({*truth, *said})}
    macro_f1 = float(np.mean([each.f1 for each in per_label.values()]))
    return Scores(len(truth), macro_f1, float(right.mean()), calibration_error(confidence, right), per_label)


def rights(truth: Sequence[str], said: Sequence[str]) -> Flags:
    """Which predictions are right."""
    return np.array([one == other for one, other in zip(truth, said, strict=True)], dtype=bool)


def calibration_error(confidence: Sequence[float], right: Flags, bins: int = BINS) -> float:
    """Expected calibration error: how far confidence and share of right answers are apart, bin by bin, weighted."""
    sure = np.asarray(confidence, dtype=np.float64)
    place = np.minimum((sure * bins).astype(int), bins - 1)
    gap = np.bincount(place, weights=sure - right, minlength=bins)
    return float(np.abs(gap).sum() / len(sure))


def threshold_for(confidence: Sequence[float], right: Flags, precision: float = PRECISION) -> float:
    """The lowest confidence at and above which at least `precision` are right; above 1 where there is none."""
    sure = np.asarray(confidence, dtype=np.float64)
    levels, place = np.unique(sure, return_inverse=True)
    asked = np.bincount(place)[::-1].cumsum()[::-1]
    won = np.bincount(place, weights=right.astype(np.float64))[::-1].cumsum()[::-1]
    enough = np.flatnonzero(won >= precision * asked)
    return float(levels[enough[0]]) if enough.size else float(np.nextafter(1.0, 2.0))


def automatic(confidence: Sequence[float], right: Flags, threshold: float) -> Automatic:
    """What a threshold that was chosen elsewhere lets through here; precision 1 where it lets nothing through."""
    through = np.asarray(confidence, dtype=np.float64) >= threshold
    precision = float(right[through].mean()) if through.any() else 1.0
    return Automatic(threshold, float(through.mean()), precision)


def _label(label: str, truth: Sequence[str], said: Sequence[str]) -> LabelScore:
    n, named = truth.count(label), said.count(label)
    hits = sum(one == other == label for one, other in zip(truth, said, strict=True))
    return LabelScore(n, _share(hits, named), _share(hits, n), _share(2 * hits, n + named))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
