"""How much each kind of evidence counts: a log-linear model, its weights learnt row by row (Adagrad)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from learning.assigning.counting import Floats
from learning.assigning.facts import Context

Numbers = npt.NDArray[np.int64]

RATE = 0.02
OWN_RATE = 0.1
SUPPORT_LEVELS = 5
START = 1.5
"""The sum of all weights at first: contexts overlap, so that together they say a little more than one alone."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for each unit before an assignment.

    `prior` (units) is the log of how often each was given anything; `gains` (sources, units) the log of how much more
    often than that among requests alike; `support` (sources) how many of those were seen; `kinds` (units) the units as
    they look from the place; `keys` the request in each respect that has weights of its own.
    """

    prior: Floats
    gains: Floats
    support: Floats
    kinds: Numbers
    keys: tuple[Context, ...]


class Weights:
    """Of each source by how much it has seen, and of each respect's own leaning to a kind of unit."""

    def __init__(self, sources: int, more: Sequence[float] = ()) -> None:
        """`more`: what further sources weigh at first."""
        first = np.array([*[START / sources] * sources, *more])
        sources = first.size
        self._shared = np.repeat(first[:, None], SUPPORT_LEVELS, axis=1)
        self._shared[:, 0] = 0.0  # what was never seen has nothing to say
        self._slack = np.full((sources, SUPPORT_LEVELS), 0.1)
        self._own: dict[Context, tuple[Floats, Floats]] = {}
        self._sources = np.arange(sources)

    def probabilities(self, evidence: Evidence) -> Floats:
        """(units), summing to 1."""
        shared = self._shared[self._sources, levels(evidence.support)]
        scores = evidence.prior + shared @ evidence.gains + self._leaning(evidence)[evidence.kinds]
        exponentials = np.exp(scores - scores.max())
        return np.asarray(exponentials / exponentials.sum())

    def learn(self, evidence: Evidence, probabilities: Floats, right: int) -> None:
        """One step towards what would have made the right unit likelier."""
        wrong_by = -probabilities
        wrong_by[right] += 1
        at = self._sources, levels(evidence.support)
        slope = evidence.gains @ wrong_by
        self._slack[at] += slope**2
        self._shared[at] += RATE * slope / np.sqrt(self._slack[at])
        by_kind = np.bincount(evidence.kinds, wrong_by)
        squared = by_kind**2
        for key in evidence.keys:
            weights, slack = self._of(key, by_kind.size)
            slack[: by_kind.size] += squared
            weights[: by_kind.size] += OWN_RATE * by_kind / np.sqrt(slack[: by_kind.size])

    def _leaning(self, evidence: Evidence) -> Floats:
        total = np.zeros(int(evidence.kinds.max()) + 1)
        for key in evidence.keys:
            if key in self._own:
                known = self._own[key][0][: total.size]
                total[: known.size] += known
        return total

    def _of(self, key: Context, size: int) -> tuple[Floats, Floats]:
        weights, slack = self._own.get(key, (np.zeros(0), np.zeros(0)))
        if weights.size < size:
            more = size - weights.size
            weights, slack = np.append(weights, np.zeros(more)), np.append(slack, np.full(more, 0.1))
            self._own[key] = weights, slack
        return weights, slack


def levels(support: Floats) -> Numbers:
    """0 for (almost) nothing, then 1 to 4 as what was seen doubles."""
    doubled = np.ceil(np.log2(1 + support)).astype(np.int64)
    return np.where(support < 0.05, 0, np.minimum(SUPPORT_LEVELS - 1, doubled))
