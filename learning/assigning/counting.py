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
        """(SPANS, size) as of `at`; zeros for a key that never occurred."""
        if key not in self._seen:
            return np.zeros((SPANS, size))
        counts, since = self._seen[key]
        now = widened(counts, size)
        now[1] *= 0.5 ** (max(0.0, (at - since).total_seconds()) / 3600 / LATELY_HOURS)
        return now

    def add(self, key: Context, outcome: int, at: datetime, size: int) -> None:
        counts = self.of(key, at, size)
        counts[:, outcome] += 1
        last = self._seen[key][1] if key in self._seen else at
        self._seen[key] = counts, max(at, last)


def widened(array: Floats, size: int) -> Floats:
    """A copy with at least `size` columns; new ones are zero."""
    wide = np.zeros((array.shape[0], max(size, array.shape[1])))
    wide[:, : array.shape[1]] = array
    return wide
