"""What a linear model is fitted by: an SVM and a naive Bayes side by side for few labels, ridge regression for many.

Each answers weights (grams, labels) and a bias (labels) for matrix rows with a label's number and a weight.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.linalg import cho_factor, cho_solve
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC

from learning.blocks import Weights

Owners = npt.NDArray[np.intp]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Plane:
    """Scores of a row are row @ weights + bias."""

    weights: Weights
    bias: Weights

    def scores(self, matrix: Any) -> Floats:
        """(rows, labels)."""
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float64)


Member = Callable[[Any, Owners, Floats, int], Plane]


def support_vectors(matrix: Any, owners: Owners, weights: Floats, labels: int) -> Plane:
    """One label against the rest, squared hinge."""
    model = LinearSVC(C=1.0, random_state=0).fit(matrix, owners, sample_weight=weights)
    rows, bias = (model.coef_, model.intercept_) if labels > 2 else _both_sides(model)
    return Plane(np.asarray(rows.T, dtype=np.float32), np.asarray(bias, dtype=np.float32))


def naive_bayes(matrix: Any, owners: Owners, weights: Floats, labels: int) -> Plane:
    """How unlike the other labels' texts: it sees what the SVM ignores, and fits in a moment."""
    model = ComplementNB(alpha=0.3).fit(matrix, owners, sample_weight=weights)
    return Plane(np.asarray(model.feature_log_prob_.T, dtype=np.float32), np.zeros(labels, dtype=np.float32))


def ridge(matrix: Any, owners: Owners, weights: Floats, labels: int) -> Plane:
    """Least squares for all labels at once: one factorisation, whether there are fifty labels or a thousand."""
    root = sparse.diags(np.sqrt(weights).astype(np.float32))
    rows = (root @ matrix).tocsr()
    square = (rows.T @ rows).toarray().astype(np.float32)
    square[np.diag_indices_from(square)] += RIDGE
    targets = sparse.csr_matrix((np.ones(len(owners), np.float32), (np.arange(len(owners)), owners)), (len(owners), labels))
    prior = np.asarray(targets.mean(axis=0), dtype=np.float32).ravel()
    pulled = (rows.T @ (root @ targets)).toarray() - np.outer(rows.T @ root.diagonal(), prior)
    solved = cho_solve(cho_factor(square, lower=True, overwrite_a=True, check_finite=False), pulled, check_finite=False)
    return Plane(np.asarray(solved, dtype=np.float32), prior)


RIDGE = 0.5
FEW: Sequence[Member] = (support_vectors, naive_bayes)
MANY: Sequence[Member] = (ridge,)


def _both_sides(model: LinearSVC) -> tuple[Floats, Floats]:
    """Of two labels an SVM tells one score, the second label's."""
    return np.vstack([-model.coef_, model.coef_]), np.concatenate([-model.intercept_, model.intercept_])
