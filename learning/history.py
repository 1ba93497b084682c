"""Learning labels from labelled texts, judged on texts that were left out: the cross-fitted probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from learning.blocks import Blocks, Text, fit_blocks
from learning.folds import Parts, distinct, parts
from learning.linear import LinearModel, Probabilities, softmax
from learning.members import FEW, MANY, Floats, Member, Owners, Plane

FEW_LABELS = 40
"""Up to here one SVM a label is quick, and a calibration with a weight for each pair of labels has enough to learn."""

FOLDS = 5
MOST_COLUMNS = 8_000
"""Grams of a model with many labels, the most widely used: a square of this size fits into memory and a file."""


@dataclass(frozen=True, slots=True)
class Told:
    """A text whose label somebody has told. What is not `judged` is always learnt from and never judged by."""

    text: Text
    label: str
    weight: float = 1.0
    judged: bool = True


@dataclass(frozen=True, slots=True)
class Learnt:
    """A model; the judged texts, and the probabilities (judged, labels) that models without them gave them."""

    model: LinearModel
    judged: tuple[Told, ...]
    held_out: Probabilities

    @property
    def said(self) -> list[str]:
        """The likeliest label of each judged text."""
        return [self.model.labels[n] for n in self.held_out.argmax(axis=1)]

    @property
    def confidence(self) -> Floats:
        """Its probability."""
        return np.asarray(self.held_out.max(axis=1))


class TooLittle(ValueError):
    """There are not two labels with two different texts each: more texts are needed to learn from."""


def learn(told: Sequence[Told], seen_in: int = 2) -> Learnt:
    """Fit on all that was told; labels with a single text are left out. Raises `TooLittle`."""
    usable = _usable(told)
    labels = tuple(sorted({one.label for one in usable}))
    owners = np.array([labels.index(one.label) for one in usable], dtype=np.intp)
    weights = np.array([one.weight for one in usable])
    judged = np.array([one.judged for one in usable])
    blocks, matrix = fit_blocks([one.text for one in usable], seen_in)
    few = len(labels) <= FEW_LABELS
    if not few:
        blocks, matrix = _narrowed(blocks, matrix)
    where = np.full(len(usable), -1, dtype=np.intp)
    heard = [one for one in usable if one.judged]
    where[judged] = parts([one.text for one in heard], [one.label for one in heard], FOLDS)
    members = FEW if few else MANY
    apart = [_cross_fitted(member, matrix, owners, weights, where, len(labels))[judged] for member in members]
    spread = [float(scores.std()) or 1.0 for scores in apart]
    planes = [member(matrix, owners, weights, len(labels)) for member in members]
    stack = _stacked if few else _tempered
    combined, held_out = stack(planes, spread, apart, owners[judged], where[judged])
    return Learnt(_model(labels, blocks, combined), tuple(heard), held_out)


def _usable(told: Sequence[Told]) -> list[Told]:
    """Without labels that are told of a single text: nothing would be left to learn when it is left out."""
    often = distinct([one.text for one in told], [one.label for one in told])
    usable = [one for one in told if often[one.label] > 1]
    if len({one.label for one in usable}) < 2:
        raise TooLittle(TooLittle.__doc__)
    return usable


def _narrowed(blocks: Blocks, matrix: Any) -> tuple[Blocks, Any]:
    """The columns that most texts have."""
    common = np.argsort(-matrix.getnnz(axis=0), kind="stable")[:MOST_COLUMNS]
    columns = np.sort(common)
    return blocks.only(columns), matrix[:, columns]


def _cross_fitted(
    member: Member, matrix: Any, owners: Owners, weights: Floats, where: Parts, labels: int
) -> Floats:
    """(texts, labels): scores by a member that has not learnt from the text's part."""
    scores = np.zeros((len(owners), labels))
    for part in range(where.max() + 1):
        rest, out = where != part, where == part
        scores[out] = member(matrix[rest], owners[rest], weights[rest], labels).scores(matrix[out])
    return scores


def _stacked(
    planes: Sequence[Plane], spread: Sequence[float], apart: Sequence[Floats], owners: Owners, where: Parts
) -> tuple[Plane, Probabilities]:
    """Multinomial logistic regression over all members' scores; itself linear, so that one plane remains."""
    features = np.hstack([scores / width for scores, width in zip(apart, spread, strict=True)])
    regression = LogisticRegression(C=1.0, max_iter=2000)
    held_out = cross_val_predict(regression, features, owners, cv=_splits(where), method="predict_proba")
    regression.fit(features, owners)
    rows, bias = regression.coef_, regression.intercept_
    if len(rows) == 1:  # two labels
        rows, bias = np.vstack([-rows, rows]) / 2, np.concatenate([-bias, bias]) / 2
    labels = len(rows)
    mixes = [rows[:, n * labels : (n + 1) * labels].T / width for n, width in enumerate(spread)]
    weights = sum(plane.weights @ mix.astype(np.float32) for plane, mix in zip(planes, mixes, strict=True))
    bias = bias + sum(plane.bias @ mix for plane, mix in zip(planes, mixes, strict=True))
    return Plane(np.asarray(weights, dtype=np.float32), np.asarray(bias, dtype=np.float32)), held_out


def _tempered(
    planes: Sequence[Plane], spread: Sequence[float], apart: Sequence[Floats], owners: Owners, where: Parts
) -> tuple[Plane, Probabilities]:
    """One temperature for all labels: many labels have too few texts each for more."""
    (plane,), (scores,) = planes, apart
    warmth = _temperature(scores, owners)
    held_out = np.empty_like(scores)
    for part in range(where.max() + 1):
        rest, out = where != part, where == part
        held_out[out] = softmax(_temperature(scores[rest], owners[rest]) * scores[out])
    return Plane(plane.weights * np.float32(warmth), plane.bias * np.float32(warmth)), held_out


def _temperature(scores: Floats, owners: Owners) -> float:
    def surprise(log_warmth: float) -> float:
        logits = np.exp(log_warmth) * scores
        return float(-np.log(softmax(logits)[np.arange(len(owners)), owners] + 1e-12).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-2.0, 6.0), method="bounded").x))


def _splits(where: Parts) -> list[tuple[Parts, Parts]]:
    return [(np.flatnonzero(where != part), np.flatnonzero(where == part)) for part in range(where.max() + 1)]


def _model(labels: tuple[str, ...], blocks: Blocks, plane: Plane) -> LinearModel:
    """Rounded as its file keeps it, so that a model says the same before and after."""
    rounded = plane.weights.astype(np.float16).astype(np.float32)
    return LinearModel(labels, blocks, rounded, plane.bias)
