"""What became of one try to deliver."""

from dataclasses import dataclass
from datetime import timedelta

from casework.delivering import NOT_ASKED, Hope


@dataclass(frozen=True, slots=True)
class Sent:
    """The other side has it, through this channel."""

    via: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Not taken. `asked`: how long to keep away, as the receiver said. `tried`: whether anything was sent at all."""

    why: str
    hope: Hope = Hope.PASSING
    asked: timedelta = NOT_ASKED
    tried: bool = True
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Unsure:
    """It may have been sent or not, and the other side could not tell a second one from the first."""

    why: str
    via: str


@dataclass(frozen=True, slots=True)
class Dropped:
    """Never: the message has lost its meaning, or nobody is left to tell."""

    why: str


Outcome = Sent | Failed | Unsure | Dropped
