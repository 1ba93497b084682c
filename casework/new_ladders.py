"""A running clock that gets another ladder: nothing fires again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count

from casework.clocks import Clock, ClockKind
from catalog.policy import Action, Rung


def with_ladder(before: Clock, clock: Clock, ladder: tuple[Rung, ...], at: datetime) -> Clock:
    """The clock, as it was `before` or with another limit since, on another ladder from where it stands.

    What is behind us is as it was, then comes what of the new ladder lies above it. Nobody's case is closed by the
    change itself: a closing that would be due at once waits for its next turn.
    """
    return replace(clock, ladder=tuple(_continued(before, clock, ladder, at)))


def _continued(before: Clock, clock: Clock, ladder: tuple[Rung, ...], at: datetime) -> Iterator[Rung]:
    behind = [before.rung(n) for n in range(len(before.climbed))]
    yield from behind
    reached = behind[-1].at_percent if behind else 0
    waits = clock.kind is ClockKind.CALLBACK and not _closing(before, at)
    used = 100 * clock.elapsed(at) / clock.total if waits else 0.0

    def ahead(rung: Rung) -> bool:
        return rung.at_percent > (max(reached, used) if rung.action is Action.CLOSE_UNRATED else reached)

    yield from filter(ahead, ladder)
    if not ahead(ladder[-1]):
        repeated = replace(clock, ladder=ladder)
        yield next(rung for rung in map(repeated.rung, count(len(ladder))) if ahead(rung))


def _closing(clock: Clock, at: datetime) -> bool:
    """Whether the clock was about to close the case anyway."""
    due = clock.due_rung(at)
    return due is not None and clock.rung(due).action is Action.CLOSE_UNRATED
