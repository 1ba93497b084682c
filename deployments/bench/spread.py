"""How measured values spread."""

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    """So many values, their median and how far the slowest twentieth and hundredth begin, in the values' unit."""

    n: int
    median: float
    p95: float
    p99: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """Of at least two values. Raises `statistics.StatisticsError`."""
        cuts = statistics.quantiles(values, n=100, method="inclusive")
        return cls(len(values), statistics.median(values), cuts[94], cuts[98])

    def document(self, digits: int) -> dict[str, float]:
        """Rounded for the JSON document."""
        return {name: round(value, digits) for name, value in asdict(self).items()}

    def line(self, form: str) -> str:
        """Median and 95th percentile for people: ``1.2 / 3.4``."""
        return f"{self.median:{form}} / {self.p95:{form}}"
