"""What became of one try to deliver."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has it."""


@dataclass(frozen=True, slots=True)
class Postponed:
    """Not now: to be tried again, after as long as the receiver asked or the ledger's own schedule says."""

    why: str
    after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """Never: the receiver is gone, or the message has lost its meaning."""

    why: str


Outcome = Sent | Postponed | Dropped
