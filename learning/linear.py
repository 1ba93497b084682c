"""A model of labels that is linear in its grams, whatever it was fitted by, and tells a probability for each label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from learning.blocks import Blocks, Text, Weights

Probabilities = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` (grams, labels) and `bias` (labels) give logits; their softmax is the probability of each label."""

    labels: tuple[str, ...]
    blocks: Blocks
    weights: Weights
    bias: Weights

    def probabilities(self, texts: Sequence[Text]) -> Probabilities:
        """(texts, labels), rows sum to 1. A text without a known gram gets what the bias says."""
        return softmax(np.asarray(self.blocks.matrix(texts) @ self.weights) + self.bias)

    def knows(self, text: Text) -> bool:
        """Whether any gram of the text is known."""
        return bool(self.blocks.matrix([text]).nnz)

    def contributions(self, text: Text, label: str) -> dict[str, float]:
        """What each character and pair adds to the label's logit beyond the average label's; triples are shared out."""
        vector = self.blocks.matrix([text])
        rows = self.weights[vector.indices]
        gains = vector.data * (rows[:, self.labels.index(label)] - rows.mean(axis=1))
        names = self.blocks.names
        shared: dict[str, float] = {}
        for column, gain in zip(vector.indices, gains, strict=True):
            for part in _pairs(names[column]):
                shared[part] = shared.get(part, 0.0) + float(gain) / len(_pairs(names[column]))
        return shared


def softmax(logits: npt.NDArray[np.floating]) -> Probabilities:
    """Row by row."""
    raised = np.exp(np.asarray(logits, dtype=np.float64) - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True), dtype=np.float64)


def _pairs(gram: str) -> list[str]:
    return [gram] if len(gram) < 3 else [gram[n : n + 2] for n in range(len(gram) - 1)]
