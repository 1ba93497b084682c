"""A model of labels that is linear in its grams, whatever it was fitted by, and tells a probability for each label."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from learning.beta import Beta, Probabilities
from learning.blocks import Blocks, Text, Weights


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` (grams, labels) and `bias` (labels) give logits; their softmax, bent by `beta`, the probabilities."""

    labels: tuple[str, ...]
    blocks: Blocks
    weights: Weights
    bias: Weights
    beta: Beta = field(default_factory=Beta)

    def probabilities(self, texts: Sequence[Text]) -> Probabilities:
        """(texts, labels), rows sum to 1. A text without a known gram gets what the bias says."""
        return self.of_matrix(self.blocks.matrix(texts))

    def of_matrix(self, matrix: Any) -> Probabilities:
        """The same of texts whose grams are counted already."""
        return self.beta.bent(softmax(np.asarray(matrix @ self.weights) + self.bias))

    def contributions(self, row: Any, label: str) -> dict[str, float]:
        """What each character and pair of a text (its one row of the matrix) adds to the label's logit beyond the
        average label's; a triple is shared out to its pairs.
        """
        weights = self.weights[row.indices]
        gains = row.data * (weights[:, self.labels.index(label)] - weights.mean(axis=1))
        shared: dict[str, float] = {}
        for column, gain in zip(row.indices, gains, strict=True):
            parts = _pairs(self.blocks.names[column])
            for part in parts:
                shared[part] = shared.get(part, 0.0) + float(gain) / len(parts)
        return shared


def softmax(logits: npt.NDArray[np.floating]) -> Probabilities:
    """Row by row."""
    raised = np.exp(np.asarray(logits, dtype=np.float64) - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def _pairs(gram: str) -> list[str]:
    return [gram] if len(gram) < 3 else [gram[n : n + 2] for n in range(len(gram) - 1)]
