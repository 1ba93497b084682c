"""From scores to confidence: how often a candidate with such scores was right on texts the model had not seen."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from learning.examples import NOTHING, Example
from learning.scorer import Floats, HeldOut

NO_ITEM_FITS = 0.1
"""How much a text whose item is missing weighs against one whose item is there: about one request in ten fits none."""

BEST = 3

Columns = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Logit:
    """Logistic regression on four features (see `features`)."""

    coefficients: Floats
    intercept: float

    def probabilities(self, rows: Floats) -> Floats:
        """(rows,) of (rows, 4)."""
        return np.asarray(1 / (1 + np.exp(-(rows @ self.coefficients + self.intercept))))


@dataclass(frozen=True, slots=True)
class Calibration:
    """How sure one may be of an item, and of what follows from it.

    `nothing` is idle talk's column, where there is one. `kin` is (items,): items with the same number have the same
    consequences, so that to take one for the other does no harm.
    """

    nothing: int | None
    kin: Columns
    item: Logit
    consequences: Logit

    def candidates(self, scores: Floats, grams: int) -> tuple[tuple[int, float], ...]:
        """The best columns with the probability (0..1) that each is the item, surest first. `grams`: how many known
        ones the text has.
        """
        ranked = best(scores, self.nothing)
        sure = self.item.probabilities(features(scores, grams, ranked, self.nothing))
        return tuple(sorted(zip(ranked, map(float, sure), strict=True), key=lambda pair: -pair[1]))

    def sure(self, scores: Floats, grams: int) -> float:
        """The probability that the best item or one of its kin is the one."""
        rows = kin_features(scores, grams, best(scores, self.nothing)[0], self.nothing, self.kin)
        return float(self.consequences.probabilities(rows)[0])


def best(scores: Floats, nothing: int | None) -> list[int]:
    """The columns of the best-scored items, best first; idle talk is not an item."""
    # One more than wanted: idle talk may be among them. Partitioned first, for hundreds are not worth sorting.
    among = np.sort(np.argpartition(-scores, min(BEST, len(scores) - 1))[: BEST + 1])
    ranked = among[np.argsort(-scores[among], kind="stable")]
    return [int(column) for column in ranked if column != nothing][:BEST]


def features(scores: Floats, grams: int, columns: Sequence[int], nothing: int | None) -> Floats:
    """(columns, 4): score, lead over the best other item (negative when behind), lead over idle talk, and the logarithm
    of how many grams are known: 尽快处理 is like an item's phrase by chance.
    """
    idle = scores[nothing] if nothing is not None else 0.0
    rows = []
    for column in columns:
        others = [scores[other] for other in columns if other != column]
        rows.append(_row(scores[column], max([*others, idle]), idle, grams))
    return np.array(rows)


def kin_features(scores: Floats, grams: int, column: int, nothing: int | None, kin: Columns) -> Floats:
    """(1, 4): the same for one column, whose lead is over the best item that is not of its kin."""
    idle = scores[nothing] if nothing is not None else 0.0
    strangers = scores[kin != kin[column]]
    return np.array([_row(scores[column], max(float(strangers.max(initial=idle)), idle), idle, grams)])


def _row(score: float, rival: float, idle: float, grams: int) -> tuple[float, float, float, float]:
    return score, score - rival, score - idle, float(np.log1p(grams))


@dataclass(frozen=True, slots=True)
class _Guess:
    """An example with its scores when it, or its whole item, is left out; the latter counts little."""

    owner: int
    scores: Floats
    grams: int
    known: bool

    @property
    def weight(self) -> float:
        return 1.0 if self.known else NO_ITEM_FITS


Trial = tuple[Floats, bool, float]
"""What is known of a guess: its features, whether it was right, and how much it counts."""


def calibrate(items: Sequence[str], examples: Sequence[Example], held_out: HeldOut, kin: Columns) -> Calibration:
    """Learn from the candidates that spoken examples get when they, or their whole item, are left out."""
    nothing = items.index(NOTHING) if NOTHING in items else None
    guesses = [guess for n, example in enumerate(examples) if example.spoken for guess in _guesses(held_out, n)]
    return Calibration(
        nothing,
        kin,
        _fit(trial for guess in guesses for trial in _of_items(guess, nothing)),
        _fit(_of_kin(guess, nothing, kin) for guess in guesses),
    )


def _guesses(held_out: HeldOut, n: int) -> tuple[_Guess, _Guess]:
    owner, grams = int(held_out.owner[n]), int(held_out.grams[n])
    return (
        _Guess(owner, held_out.without_itself[n], grams, known=True),
        _Guess(owner, held_out.without_item(n), grams, known=False),
    )


def _of_items(guess: _Guess, nothing: int | None) -> Iterator[Trial]:
    ranked = best(guess.scores, nothing)
    for column, row in zip(ranked, features(guess.scores, guess.grams, ranked, nothing), strict=True):
        yield row, guess.known and column == guess.owner, guess.weight


def _of_kin(guess: _Guess, nothing: int | None, kin: Columns) -> Trial:
    """Where the item itself is left out, one of its kin is as right."""
    column = best(guess.scores, nothing)[0]
    row = kin_features(guess.scores, guess.grams, column, nothing, kin)[0]
    return row, bool(kin[column] == kin[guess.owner]), guess.weight


def _fit(trials: Iterable[Trial]) -> Logit:
    rows, right, weights = (np.array(column) for column in zip(*trials, strict=True))
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression().fit(scaler.transform(rows), right, sample_weight=weights)
    coefficients = model.coef_[0] / scaler.scale_
    return Logit(coefficients, float(model.intercept_[0] - coefficients @ scaler.mean_))
