"""What a move to another policy would do to a case: each live clock before and after, and what would fire at once."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.case import Case
from casework.clocks import Clock
from casework.moving import Move
from casework.states import State
from catalog.policy import Action


@dataclass(frozen=True, slots=True)
class ClockMoved:
    """One running clock. While it is paused it is due as if it went on now. `fires` is the rung that would be due at
    once, `fired` the one that was due before the move already.
    """

    kind: str
    holder: str
    due_before: datetime | None
    due_after: datetime | None
    late: bool
    paused: bool
    fired: Action | None
    fires: Action | None

    @property
    def changes(self) -> bool:
        return (self.due_before, self.fired) != (self.due_after, self.fires)


def obstacle(case: Case) -> str | None:
    """Why the case cannot be moved, as a key of its text; None where it can."""
    if not case.open:
        return "closed"
    if case.stage is State.RECEIVED and not case.pinned:
        return "not_begun"
    return None


def preview(case: Case, move: Move) -> tuple[ClockMoved, ...]:
    """The case's running clocks, in their order."""
    return tuple(_moved(case, move))


def _moved(case: Case, move: Move) -> Iterator[ClockMoved]:
    for old, new in zip(case.clocks, move.case(case).clocks, strict=True):
        if old.running:
            yield ClockMoved(
                kind=str(old.kind),
                holder=old.holder,
                due_before=old.resume(move.at).due_at,
                due_after=new.resume(move.at).due_at,
                late=old.breached(move.at),
                paused=old.paused,
                fired=_due(old, move.at, move.former.rung_grace_seconds),
                fires=_due(new, move.at, move.policy.rung_grace_seconds),
            )


def _due(clock: Clock, at: datetime, grace: float) -> Action | None:
    n = clock.due_rung(at - timedelta(seconds=grace))
    return None if n is None else clock.doing(n)
