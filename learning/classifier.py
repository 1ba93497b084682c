"""Which catalogue item a request is about, how sure that is, and which of its words say so."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from catalog.items import Catalogue
from learning.calibration import Calibration, Columns, calibrate
from learning.deciding import deciding_words
from learning.examples import NOTHING, from_catalogue, idle_talk
from learning.scorer import Scorer, fit
from learning.wording import without_place


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item, the probability (0..1) that it is the one, and the words of the text that speak for it."""

    item: str
    confidence: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Classification:
    """The best item, and the three best; no item ("") where no word of the text is known.

    `confidence` is how sure the consequences are: the probability (0..1) that this item is the one, or one whose unit,
    grade and way are the same. By that the request goes without a dispatcher, or not.
    """

    item: str
    confidence: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Classifier:
    """Loaded once and kept: fitting takes one to two seconds, a request a few milliseconds."""

    scorer: Scorer
    calibration: Calibration

    @classmethod
    def from_catalogue(cls, catalogue: Catalogue) -> "Classifier":
        """Learn from the catalogue's own texts."""
        examples = (*from_catalogue(catalogue), *idle_talk())
        scorer, held_out = fit(examples)
        return cls(scorer, calibrate(scorer.items, examples, held_out, kin(scorer.items, catalogue)))

    def classify(self, text: str, place: str = "") -> Classification:
        """Judge a request's words; those of its place are left aside."""
        wording = without_place(text, place)
        vector = self.scorer.vector(wording)
        if not vector.nnz:
            return Classification(NOTHING, 0.0, ())
        scores, grams = self.scorer.scores(vector), int(vector.nnz)
        best = [
            (self.scorer.items[column], confidence) for column, confidence in self.calibration.candidates(scores, grams)
        ]
        gains = self.scorer.contributions(vector, [item for item, _ in best])
        candidates = tuple(
            Candidate(item, confidence, deciding_words(wording, gain))
            for (item, confidence), gain in zip(best, gains, strict=True)
        )
        sure = max(candidates[0].confidence, self.calibration.sure(scores, grams))
        return Classification(candidates[0].item, sure, candidates)


def kin(items: Sequence[str], catalogue: Catalogue) -> Columns:
    """(items,): a number for each item, the same for those that are followed by the same: the same duty and grade, the
    same line for emergencies, and alike called together or owned at once. Idle talk is nobody's kin.
    """
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(_followed_by(item, catalogue), len(numbers)) for item in items])


def _followed_by(code: str, catalogue: Catalogue) -> object:
    if code == NOTHING:
        return NOTHING
    item = catalogue.item(code)
    return item.role, item.grade, item.emergency, item.joint, item.long_standing
