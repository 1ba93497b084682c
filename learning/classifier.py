"""Which catalogue item a request is about, how sure that is, and which of its words say so."""

from dataclasses import dataclass

from catalog.items import Catalogue
from learning.calibration import Calibration, calibrate
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
    """The best item with its confidence, and the three best; no item ("") where no word of the text is known."""

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
        return cls(scorer, calibrate(scorer.items, examples, held_out))

    def classify(self, text: str, place: str = "") -> Classification:
        """Judge a request's words; those of its place are left aside."""
        wording = without_place(text, place)
        vector = self.scorer.vector(wording)
        if not vector.nnz:
            return Classification(NOTHING, 0.0, ())
        best = [
            (self.scorer.items[column], confidence)
            for column, confidence in self.calibration.candidates(self.scorer.scores(vector))
        ]
        gains = self.scorer.contributions(vector, [item for item, _ in best])
        candidates = tuple(
            Candidate(item, confidence, deciding_words(wording, gain))
            for (item, confidence), gain in zip(best, gains, strict=True)
        )
        return Classification(candidates[0].item, candidates[0].confidence, candidates)
