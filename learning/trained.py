"""A classifier that has learnt from a district's history, beside the catalogue's own; both answer alike."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from learning.classifier import Candidate, Classification
from learning.deciding import deciding_words
from learning.examples import NOTHING
from learning.linear import LinearModel
from learning.wording import without_place

BEST = 3


class Judge(Protocol):
    """Says which catalogue item a request is about."""

    def classify(self, text: str, place: str = "") -> Classification:
        """Judge a request's words; those of its place are left aside."""


@dataclass(frozen=True, slots=True)
class Trained:
    """A model whose labels are item codes, and "" for what is no item's; of one field."""

    model: LinearModel

    def classify(self, text: str, place: str = "") -> Classification:
        """The three likeliest items with the words that speak for them; none where no gram is known."""
        wording = without_place(text, place)
        row = self.model.blocks.matrix([(wording,)])
        if not row.nnz:
            return Classification(NOTHING, 0.0, ())
        probabilities = self.model.of_matrix(row)[0]
        ranked = [int(n) for n in np.argsort(-probabilities, kind="stable") if self.model.labels[n] != NOTHING][:BEST]
        candidates = tuple(
            Candidate(item, float(probabilities[n]), deciding_words(wording, self.model.contributions(row, item)))
            for n, item in ((n, self.model.labels[n]) for n in ranked)
        )
        return Classification(candidates[0].item, candidates[0].confidence, candidates)
