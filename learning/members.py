"""What a linear model is fitted by: SVMs and a naive Bayes side by side for few labels, ridge regression for many."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from learning.blocks import Blocks, Weights

Owners = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]

RIDGE = 2.0
"""Chosen on the phrases of 584 items: 44.3 % told rightly, with a quarter of it 42.2 %, with twice 44.6 %."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """Texts' rows (texts, grams), the number of each one's label, its weight, and how many labels there are."""

    matrix: Any
    owners: Owners
    weights: Floats
    labels: int

    def only(self, rows: npt.NDArray[np.bool_]) -> "Lesson":
        return replace(self, matrix=self.matrix[rows], owners=self.owners[rows], weights=self.weights[rows])


@dataclass(frozen=True, slots=True)
class Plane:
    """Weights (grams, labels) and a bias (labels): scores of a row are row @ weights + bias."""

    weights: Weights
    bias: Weights

    def scores(self, matrix: Any) -> Floats:
        """(rows, labels)."""
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float64)


Member = Callable[[Lesson], Plane]


def support_vectors(lesson: Lesson) -> Plane:
    """One label against the rest, squared hinge."""
    model = LinearSVC(C=1.0, random_state=0).fit(lesson.matrix, lesson.owners, sample_weight=lesson.weights)
    rows, bias = (model.coef_, model.intercept_) if lesson.labels > 2 else _both_sides(model)
    return Plane(np.asarray(rows.T, dtype=np.float32), np.asarray(bias, dtype=np.float32))


def naive_bayes(lesson: Lesson) -> Plane:
    """How unlike the other labels' texts: it sees what the SVM ignores, and fits in a moment."""
    model = ComplementNB(alpha=0.3).fit(lesson.matrix, lesson.owners, sample_weight=lesson.weights)
    bias = np.zeros(lesson.labels, dtype=np.float32)
    return Plane(np.asarray(model.feature_log_prob_.T, dtype=np.float32), bias)


def ridge(lesson: Lesson) -> Plane:
    """Least squares for all labels at once: one factorisation, whether there are fifty labels or a thousand."""
    weight = lesson.weights.astype(np.float32)
    weighted = sparse.diags(weight) @ lesson.matrix
    square = (lesson.matrix.T @ weighted).toarray().astype(np.float32)
    square[np.diag_indices_from(square)] += RIDGE
    owned = np.ones(len(weight), dtype=np.float32), (np.arange(len(weight)), lesson.owners)
    targets = sparse.csr_matrix(owned, shape=(len(weight), lesson.labels))
    prior = np.asarray(targets.mean(axis=0), dtype=np.float32).ravel()
    pulled = (weighted.T @ targets).toarray() - np.outer(weighted.T @ np.ones_like(weight), prior)
    solved = np.linalg.solve(square, pulled)  # scipy's would hold the interpreter, and the worker, for seconds
    return Plane(np.asarray(solved, dtype=np.float32), prior)


def of_columns(member: Member, columns: slice) -> Member:
    """A member that sees these columns alone."""

    def fitted(lesson: Lesson) -> Plane:
        plane = member(replace(lesson, matrix=lesson.matrix[:, columns]))
        weights = np.zeros((lesson.matrix.shape[1], lesson.labels), dtype=np.float32)
        weights[columns] = plane.weights
        return Plane(weights, plane.bias)

    return fitted


def for_few(blocks: Blocks) -> list[Member]:
    """Of one field an SVM and a naive Bayes; of several an SVM on all, and one on each field but the longest.

    A short field's own SVM hears what the title says where a letter of many words drowns it.
    """
    if blocks.fields == 1:
        return [support_vectors, naive_bayes]
    spans = blocks.spans
    longest = max(spans, key=lambda field: spans[field].stop - spans[field].start, default=0)
    return [support_vectors, *(of_columns(support_vectors, spans[field]) for field in spans if field != longest)]


def _both_sides(model: LinearSVC) -> tuple[Floats, Floats]:
    """Of two labels an SVM tells one score, the second label's."""
    return np.vstack([-model.coef_, model.coef_]), np.concatenate([-model.intercept_, model.intercept_])
