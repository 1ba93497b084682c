"""How often each outcome occurred among requests that are alike in one respect, ever and lately."""

from datetime import datetime

import numpy as np
import numpy.typing as npt

from learning.assigning.facts import Context

Floats = npt.NDArray[np.float64]

LATELY_HOURS = 48.0
"""Half of what was seen so long ago is forgotten in the second count: shifts change, and work is divided anew."""

SPANS = 2  # ever, lately


class Counts:
    """Of one respect: by key an array (SPANS, outcomes) and the moment to which it has faded."""

    def __init__(self) -> None:
        self._seen: dict[Context, tuple[Floats, datetime]] = {}

    def of(self, key: Context, at: datetime, size: int) -> Floats:
        """(SPANS, size) as of `at`, a copy; zeros for a key that never occurred."""
        if key not in self._seen:
            return np.zeros((SPANS, size))
        counts, since = self._seen[key]
        now = widened(counts, size)
        now[1] *= _left(since, at)
        return now

    def add(self, key: Context, outcome: int, at: datetime, size: int) -> None:
        counts, since = self._seen.get(key, (np.zeros((SPANS, size)), at))
        if counts.shape[1] < size:
            counts = widened(counts, size)
        counts[1] *= _left(since, at)
        counts[:, outcome] += 1
        self._seen[key] = counts, max(at, since)


def _left(since: datetime, at: datetime) -> float:
    """What is left of a count; all of it where `at` is not later."""
    return float(0.5 ** (max(0.0, (at - since).total_seconds()) / 3600 / LATELY_HOURS))


def widened(array: Floats, size: int) -> Floats:
    """A copy with at least `size` columns; new ones are zero."""
    wide = np.zeros((array.shape[0], max(size, array.shape[1])))
    wide[:, : array.shape[1]] = array
    return wide
