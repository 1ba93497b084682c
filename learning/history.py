"""Learning labels from labelled texts, judged on texts that were left out: the cross-fitted probabilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from learning.beta import Beta, Probabilities, fit_beta
from learning.blocks import Blocks, Text, fit_blocks
from learning.combining import stacked, tempered
from learning.errors import TooLittle
from learning.folds import Parts, distinct, parts
from learning.linear import LinearModel
from learning.members import Floats, Lesson, Member, Owners, Plane, for_few, ridge

FEW_LABELS = 40
"""Up to here one SVM a label is quick, and a calibration with a weight for each pair of labels has enough to learn."""

FOLDS = 5
FOLDS_OF_MANY = 4
MOST_COLUMNS = 6_000
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
    """A model; the judged texts, and the probabilities (judged, labels) that models without them gave them.

    `texts`: how many the model has learnt from.
    """

    model: LinearModel
    judged: tuple[Told, ...]
    held_out: Probabilities
    texts: int

    @property
    def said(self) -> list[str]:
        """The likeliest label of each judged text."""
        return [self.model.labels[n] for n in self.held_out.argmax(axis=1)]

    @property
    def confidence(self) -> Floats:
        """Its probability."""
        return np.asarray(self.held_out.max(axis=1))


def learn(told: Sequence[Told]) -> Learnt:
    """Fit on all that was told; labels with a single text are left out. Raises `TooLittle`.

    Grams and how rare they are come from all texts; only what is learnt of labels is cross-fitted.
    """
    usable = _usable(told)
    blocks, matrix = fit_blocks([one.text for one in usable])
    labels = tuple(sorted({one.label for one in usable}))
    few = len(labels) <= FEW_LABELS
    if not few:
        blocks, matrix = _narrowed(blocks, matrix)
    heard = [one for one in usable if one.judged]
    where = parts([one.text for one in heard], [one.label for one in heard], FOLDS if few else FOLDS_OF_MANY)
    lesson = Lesson(matrix, *_columns(usable, labels), len(labels))
    with threadpool_limits(limits=1):  # threads that wait for each other are slower on a busy machine
        members = for_few(blocks) if few else [ridge]
        apart = [_cross_fitted(member, lesson, _places(usable, where)) for member in members]
        planes = [member(lesson) for member in members]
        owners = lesson.owners[_judged(usable)]
        plane, held_out = (stacked if few else tempered)(planes, apart, owners, where)
        model = _model(labels, blocks, plane, fit_beta(held_out, owners))
    return Learnt(model, tuple(heard), _bent(held_out, owners, where), len(usable))


def _usable(told: Sequence[Told]) -> list[Told]:
    """Without labels that are told of a single text: nothing would be left to learn when it is left out."""
    heard = [one for one in told if one.judged]
    often = distinct([one.text for one in heard], [one.label for one in heard])
    usable = [one for one in told if often.get(one.label, 0) > 1]
    if len({one.label for one in usable}) < 2:
        raise TooLittle
    return usable


def _columns(usable: Sequence[Told], labels: Sequence[str]) -> tuple[Owners, Floats]:
    """Each text's label by its number, and its weight."""
    numbers = {label: n for n, label in enumerate(labels)}
    owners = np.array([numbers[one.label] for one in usable], dtype=np.intp)
    return owners, np.array([one.weight for one in usable], dtype=np.float64)


def _judged(usable: Sequence[Told]) -> npt.NDArray[np.bool_]:
    return np.array([one.judged for one in usable], dtype=bool)


def _places(usable: Sequence[Told], where: Parts) -> Parts:
    """The part of each text, -1 for what is never left out."""
    places = np.full(len(usable), -1, dtype=np.intp)
    places[_judged(usable)] = where
    return places


def _narrowed(blocks: Blocks, matrix: Any) -> tuple[Blocks, Any]:
    """The columns that most texts have."""
    common = np.argsort(-matrix.getnnz(axis=0), kind="stable")[:MOST_COLUMNS]
    columns = np.sort(common)
    return blocks.only(columns), matrix[:, columns]


def _cross_fitted(member: Member, lesson: Lesson, places: Parts) -> Floats:
    """(judged, labels): scores by a member that has not learnt from the text's part."""
    scores = np.zeros((len(places), lesson.labels))
    for part in range(places.max() + 1):
        out = places == part
        scores[out] = member(lesson.only(~out)).scores(lesson.matrix[out])
    return scores[places >= 0]


def _bent(stood: Probabilities, owners: Owners, where: Parts) -> Probabilities:
    """By a calibration that has not seen the text's part."""
    bent = np.empty_like(stood)
    for part in range(where.max() + 1):
        out = where == part
        bent[out] = fit_beta(stood[~out], owners[~out]).bent(stood[out])
    return bent


def _model(labels: tuple[str, ...], blocks: Blocks, plane: Plane, beta: Beta) -> LinearModel:
    """Rounded as its file keeps it, so that a model says the same before and after."""
    rounded = plane.weights.astype(np.float16).astype(np.float32)
    return LinearModel(labels, blocks, rounded, plane.bias, beta)
