"""Scores of a text for every item: ridge regression on TF-IDF of characters and pairs.

Of the linear models tried on the catalogue (logistic regression, SVM, complement naive Bayes, centroids) it is as good
as any, fits in about a second, and tells in closed form what it would have said without an example: on that, confidence
is calibrated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from learning.examples import Example
from learning.wording import grams

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scorer:
    """`weights` is (grams, items): a text's scores are the sum over its grams of TF-IDF times weight."""

    items: tuple[str, ...]
    grams: tuple[str, ...]
    vectorizer: TfidfVectorizer
    weights: Floats

    def scores(self, text: str) -> Floats | None:
        """One score an item, near 1 for a text like its examples, near 0 for one unlike; None if no gram is known."""
        vector = self._vector(text)
        return np.asarray(vector @ self.weights)[0] if vector.nnz else None

    def contributions(self, text: str, item: str) -> dict[str, float]:
        """What each known gram of the text adds to the item's score, beyond what it adds to the average item's."""
        vector = self._vector(text)
        weights = self.weights[vector.indices]
        gains = vector.data * (weights[:, self.items.index(item)] - weights.mean(axis=1))
        return {self.grams[n]: float(gain) for n, gain in zip(vector.indices, gains, strict=True)}

    def _vector(self, text: str) -> Any:
        """One sparse row."""
        return self.vectorizer.transform([text])


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Scores (examples, items) as they would be without the example itself, and without its whole item."""

    owner: npt.NDArray[np.int64]
    without_itself: Floats
    without_item: Floats


def fit(examples: Sequence[Example]) -> tuple[Scorer, HeldOut]:
    """Learn from examples of at least two items."""
    items = tuple(dict.fromkeys(example.item for example in examples))
    vectorizer = TfidfVectorizer(analyzer=grams, sublinear_tf=True)
    matrix = vectorizer.fit_transform([example.text for example in examples])
    owner = np.array([items.index(example.item) for example in examples])
    targets = np.eye(len(items))[owner] - 1 / len(items)
    ridge = np.diag([1 / example.weight for example in examples])
    inverse = np.linalg.inv((matrix @ matrix.T).toarray() + ridge)
    duals = inverse @ targets
    without_itself = targets - duals / np.diag(inverse)[:, None]
    held_out = HeldOut(owner, without_itself, _without_items(owner, targets, inverse, duals))
    names = tuple(map(str, vectorizer.get_feature_names_out()))
    return Scorer(items, names, vectorizer, np.asarray(matrix.T @ duals)), held_out


def _without_items(owner: npt.NDArray[np.int64], targets: Floats, inverse: Floats, duals: Floats) -> Floats:
    """The same closed form with all of an item's examples left out at once; its own column is shut."""
    scores = np.empty_like(targets)
    for item in range(targets.shape[1]):
        block = np.flatnonzero(owner == item)
        scores[block] = targets[block] - np.linalg.solve(inverse[np.ix_(block, block)], duals[block])
        scores[block, item] = -1.0
    return scores
