"""Members' scores made into one plane whose softmax is a probability, by scores of texts that were left out.

Both answer the plane and the probabilities (texts, labels) of those texts, which were left out here as well.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from learning.beta import Probabilities
from learning.folds import Parts
from learning.linear import softmax
from learning.members import Floats, Owners, Plane


def stacked(
    planes: Sequence[Plane], apart: Sequence[Floats], owners: Owners, where: Parts
) -> tuple[Plane, Probabilities]:
    """Multinomial logistic regression over all members' scores; itself linear, so that one plane remains."""
    spread = [float(scores.std()) or 1.0 for scores in apart]
    features = np.hstack([scores / width for scores, width in zip(apart, spread, strict=True)])
    regression = LogisticRegression(C=1.0, max_iter=2000)
    held_out = cross_val_predict(regression, features, owners, cv=_splits(where), method="predict_proba")
    regression.fit(features, owners)
    rows, bias = regression.coef_, regression.intercept_
    if len(rows) == 1:  # two labels: one logit, which softmax wants from both sides
        rows, bias = np.vstack([-rows, rows]) / 2, np.concatenate([-bias, bias]) / 2
    labels = len(rows)
    mixes = [rows[:, n * labels : (n + 1) * labels].T / width for n, width in enumerate(spread)]
    weights = sum(plane.weights @ mix.astype(np.float32) for plane, mix in zip(planes, mixes, strict=True))
    bias = bias + sum(plane.bias @ mix for plane, mix in zip(planes, mixes, strict=True))
    return Plane(np.asarray(weights, dtype=np.float32), np.asarray(bias, dtype=np.float32)), held_out


def tempered(
    planes: Sequence[Plane], apart: Sequence[Floats], owners: Owners, where: Parts
) -> tuple[Plane, Probabilities]:
    """One temperature for all labels: many labels have too few texts each for more. For one member."""
    (plane,), (scores,) = planes, apart
    held_out = np.empty_like(scores)
    for rest, out in _splits(where):
        held_out[out] = softmax(_temperature(scores[rest], owners[rest]) * scores[out])
    warmth = np.float32(_temperature(scores, owners))
    return Plane(plane.weights * warmth, plane.bias * warmth), held_out


def _temperature(scores: Floats, owners: Owners) -> float:
    """By which the true labels surprise least."""

    def surprise(logarithm: float) -> float:
        probabilities = softmax(np.exp(logarithm) * scores)
        return float(-np.log(probabilities[np.arange(len(owners)), owners] + 1e-12).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-2.0, 6.0), method="bounded").x))


def _splits(where: Parts) -> list[tuple[Parts, Parts]]:
    return [(np.flatnonzero(where != part), np.flatnonzero(where == part)) for part in range(where.max() + 1)]
