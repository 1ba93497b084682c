"""This machine's clock against the database's, by which everything is decided."""

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Offset:
    """How many seconds this machine's clock is ahead of the database's, and how far that may be wrong either way."""

    seconds: float
    within: float

    @classmethod
    def measured(cls, before: datetime, theirs: datetime, after: datetime) -> "Offset":
        """From our clock before the question and after the answer, and theirs: half of the way is counted back."""
        half = (after - before) / 2
        return cls((before + half - theirs).total_seconds(), abs(half.total_seconds()))

    def exceeds(self, limit: float) -> bool:
        """Whether it is more than `limit` seconds, however slow the way was."""
        return abs(self.seconds) - self.within > limit

    def keeps_within(self, limit: float) -> bool:
        """Whether it is not more than `limit` seconds, however slow the way was."""
        return abs(self.seconds) + self.within <= limit


def machine_clock() -> datetime:
    """This machine's wall clock, aware UTC. What is decided by it: see docs/decisions, *Outages and clocks*."""
    return datetime.now(UTC)
