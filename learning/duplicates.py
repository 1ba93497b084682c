"""Duplicates (并案): how probable it is that two requests are about the same matter at the same place.

Time has no say in it: how many days apart two requests may be is the policy's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from catalog.items import Catalogue
from catalog.marked import read_marked
from learning.likeness import Likeness, Reading, Told, said_alike
from learning.scorer import Floats

AGREED = 0.5
"""Places that both say and that share less of their words than this make a pair less probable, down to nothing:
路灯不亮 is said of every road in the same words. A rule, not learnt: the labelled messages say no place apart."""

FITTED_FILE = Path(__file__).with_name("duplicates.yaml")


@dataclass(frozen=True, slots=True)
class Weights:
    """Logistic regression on the features of a pair, in the order of `Likeness.features`."""

    coefficients: tuple[float, ...]
    intercept: float

    def probabilities(self, features: Floats) -> Floats:
        """(pairs,) of (pairs, features); a single one of (features,)."""
        logits: Floats = features @ np.array(self.coefficients) + self.intercept
        return np.asarray(1 / (1 + np.exp(-logits)))


@dataclass(frozen=True, slots=True)
class Duplicates:
    """Made once and kept: reading the catalogue takes about a second, comparing two requests a millisecond."""

    likeness: Likeness
    weights: Weights

    @classmethod
    def from_catalogue(cls, catalogue: Catalogue, weights: Weights | None = None) -> "Duplicates":
        """With the weights that are shipped, unless others are given. Raises `catalog.marked.LoadError`."""
        return cls(Likeness.from_catalogue(catalogue), weights or shipped())

    def probability(self, one: Told, other: Told) -> float:
        """0..1 that the two are about the same matter at the same place."""
        return self.probabilities(one, [other])[0]

    def probabilities(self, one: Told, others: Sequence[Told]) -> tuple[float, ...]:
        """The same for each of the others."""
        mine = self.likeness.read(one)
        return tuple(self._probability(mine, self.likeness.read(other)) for other in others)

    def _probability(self, one: Reading, other: Reading) -> float:
        texts = float(self.weights.probabilities(self.likeness.features(one, other)))
        said = said_alike(one, other)
        return texts if said is None else texts * min(1.0, said / AGREED) ** 2


def shipped() -> Weights:
    """Fitted on pairs labelled by hand (`deployments.evaluating.duplicates` prints them anew)."""
    said = read_marked(FITTED_FILE).value
    return Weights(tuple(map(float, said["coefficients"])), float(said["intercept"]))


def features(likeness: Likeness, pairs: Sequence[tuple[Told, Told]]) -> Floats:
    """(pairs, features); each request is read once, however many pairs it is in."""
    read = {told: likeness.read(told) for pair in pairs for told in pair}
    return np.array([likeness.features(read[one], read[other]) for one, other in pairs])


def fit(rows: Floats, same: npt.NDArray[np.bool_]) -> Weights:
    """Learn from the features of pairs of which it is known; of both kinds there must be some."""
    scaler = StandardScaler().fit(rows)
    model = LogisticRegression().fit(scaler.transform(rows), same)
    coefficients = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - coefficients @ scaler.mean_)
    return Weights(tuple(map(float, coefficients)), intercept)
