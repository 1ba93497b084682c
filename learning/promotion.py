"""Whether a newly learnt model takes the place of the one in use. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from learning.scores import Flags

FEWEST = 50
"""Judged texts below which a difference says nothing: a single text would be two per cent."""

MARGIN = 0.002
"""By how much accuracy must rise: below, a change of model disturbs more than it helps."""

SURE = 1.0
"""How many standard errors of the difference it must rise: a worse model passes about one time in six, and is undone
the same way the night after; twice the error would hold back most real gains on a few hundred texts."""


class Verdict(StrEnum):
    """What becomes of the new model."""

    PROMOTED = "promoted"
    NOT_BETTER = "not_better"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Decision:
    """Over the same `n` texts: the accuracies (0..1) of the model in use and of the new one, and the verdict."""

    verdict: Verdict
    n: int
    in_use: float
    new: float


def decide(in_use: Flags, new: Flags, fewest: int = FEWEST) -> Decision:
    """Compare which texts each model got right, text by text; none of the two has learnt from them.

    The error of a difference of paired answers comes from the texts on which the two differ alone (McNemar).
    """
    n = len(new)
    before, after = _mean(in_use), _mean(new)
    if n < fewest:
        return Decision(Verdict.TOO_FEW, n, before, after)
    gained, lost = int((new & ~in_use).sum()), int((in_use & ~new).sum())
    needed = max(MARGIN * n, SURE * sqrt(gained + lost))
    better = gained - lost >= needed and gained > lost
    return Decision(Verdict.PROMOTED if better else Verdict.NOT_BETTER, n, before, after)


def _mean(right: Flags | Sequence[bool]) -> float:
    return float(sum(right) / len(right)) if len(right) else 0.0
