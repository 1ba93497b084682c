"""From scores to confidence: how often a candidate with such scores was right on texts the model had not seen."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from learning.examples import NOTHING, Example
from learning.scorer import Floats, HeldOut

NO_ITEM_FITS = 0.1
"""How much a text whose item is missing weighs against one whose item is there: about one request in ten fits none."""

BEST = 3


@dataclass(frozen=True, slots=True)
class Calibration:
    """Logistic regression on a candidate's score, its lead over the next item and its lead over idle talk.

    `nothing` is idle talk's column, where there is one.
    """

    nothing: int | None
    coefficients: Floats
    intercept: float

    def candidates(self, scores: Floats) -> tuple[tuple[int, float], ...]:
        """The best columns with the probability (0..1) that each is the item, surest first."""
        ranked = best(scores, self.nothing)
        logits = features(scores, ranked, self.nothing) @ self.coefficients + self.intercept
        sure = 1 / (1 + np.exp(-logits))
        return tuple(sorted(zip(ranked, map(float, sure), strict=True), key=lambda pair: -pair[1]))


def best(scores: Floats, nothing: int | None) -> list[int]:
    """The columns of the best-scored items, best first; idle talk is not an item."""
    # One more than wanted: idle talk may be among them. Partitioned first, for hundreds are not worth sorting.
    among = np.sort(np.argpartition(-scores, min(BEST, len(scores) - 1))[: BEST + 1])
    ranked = among[np.argsort(-scores[among], kind="stable")]
    return [int(column) for column in ranked if column != nothing][:BEST]


def features(scores: Floats, columns: Sequence[int], nothing: int | None) -> Floats:
    """(columns, 3): score, lead over the best other item (negative when behind), lead over idle talk."""
    idle = scores[nothing] if nothing is not None else 0.0
    rows = []
    for column in columns:
        others = [scores[other] for other in columns if other != column]
        rows.append((scores[column], scores[column] - max([*others, idle]), scores[column] - idle))
    return np.array(rows)


def calibrate(items: Sequence[str], examples: Sequence[Example], held_out: HeldOut) -> Calibration:
    """Learn from the candidates that spoken examples get when they, or their whole item, are left out."""
    nothing = items.index(NOTHING) if NOTHING in items else None
    rows, right, weights = (np.array(column) for column in zip(*_trials(nothing, examples, held_out), strict=True))
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression().fit(scaler.transform(rows), right, sample_weight=weights)
    coefficients = model.coef_[0] / scaler.scale_
    return Calibration(nothing, coefficients, float(model.intercept_[0] - coefficients @ scaler.mean_))


def _trials(
    nothing: int | None, examples: Sequence[Example], held_out: HeldOut
) -> Iterator[tuple[Floats, bool, float]]:
    for n, example in enumerate(examples):
        if not example.spoken:
            continue
        for scores, weight in ((held_out.without_itself[n], 1.0), (held_out.without_item(n), NO_ITEM_FITS)):
            ranked = best(scores, nothing)
            known = weight == 1.0
            for column, row in zip(ranked, features(scores, ranked, nothing), strict=True):
                yield row, known and column == held_out.owner[n], weight
