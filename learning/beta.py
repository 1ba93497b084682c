"""Beta calibration: the likeliest label's probability bent to how often it was right, the others scaled to the rest.

A softmax over stacked scores is too modest in the middle and too sure at the top, one over hundreds of items far too
sure; three numbers mend most of that (Kull, Silva Filho, Flach 2017).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

Probabilities = npt.NDArray[np.float64]
Owners = npt.NDArray[np.intp]

FEWEST = 500
"""Judged texts below which three numbers would follow chance."""

EDGE = 1e-6
TIE = 1e-9


@dataclass(frozen=True, slots=True)
class Beta:
    """Logit of the bent probability: rise × ln p − fall × ln(1 − p) + shift. As it stands it changes nothing."""

    rise: float = 1.0
    fall: float = 1.0
    shift: float = 0.0

    def bent(self, probabilities: Probabilities) -> Probabilities:
        """(texts, labels), rows sum to 1; which label is likeliest stays."""
        if self == Beta() or probabilities.shape[1] < 2:
            return probabilities
        rows, top = np.arange(len(probabilities)), probabilities.argmax(axis=1)
        second = np.sort(probabilities, axis=1)[:, -2]
        sure = np.clip(probabilities[rows, top], EDGE, 1 - EDGE)
        logit = _features(sure) @ np.array([self.rise, self.fall]) + self.shift
        lead = second / (1 - sure + second) + TIE  # below, the second would come first
        wanted = np.clip(np.maximum(1 / (1 + np.exp(-logit)), lead), EDGE, 1 - EDGE)
        bent = probabilities * ((1 - wanted) / (1 - sure))[:, None]
        bent[rows, top] = wanted
        return np.asarray(bent / bent.sum(axis=1, keepdims=True), dtype=np.float64)


def fit_beta(probabilities: Probabilities, owners: Owners) -> Beta:
    """From probabilities of texts that were left out and the number of each one's label."""
    right = probabilities.argmax(axis=1) == owners
    if len(right) < FEWEST or right.all() or not right.any():
        return Beta()
    sure = np.clip(probabilities.max(axis=1), EDGE, 1 - EDGE)
    fitted = LogisticRegression(C=1e3, max_iter=1000).fit(_features(sure), right)
    rise, fall = fitted.coef_[0]
    if min(rise, fall) < 0:  # it would not rise with the probability
        return Beta()
    return Beta(float(rise), float(fall), float(fitted.intercept_[0]))


def _features(sure: Probabilities) -> Probabilities:
    return np.column_stack([np.log(sure), -np.log1p(-sure)])
