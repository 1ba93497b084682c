"""A clock: a limit counted from a start, with a ladder of rungs, pauses, and an end.

Promise clocks (feedback, contact, first_round) run from receipt and never restart; duty clocks run per holder.
Between an act and a rung the one that came first wins: an act by the moment of its receipt, a rung by its instant.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from catalog.limits import Limit
from catalog.policy import OF_A_PAUSE, OF_THE_CALLBACK, Action, ClockPolicy, Grade, Policy, Rung
from catalog.working_time import CountedTime, NaturalTime, QuietTime, time_for, total_seconds


class ClockKind(StrEnum):
    """Every clock there is. All but a pause's have their limit and ladder in the policy, under the same name."""

    TRIAGE = "triage"
    FEEDBACK = "feedback"
    CONTACT = "contact"
    FIRST_ROUND = "first_round"
    COMPLETION = "completion"
    CALLBACK = "callback"
    PAUSE = "pause"
    ADJUDICATION = "adjudication"
    RECHECK = "recheck"
    REFERRAL = "referral"
    REPORT_IN = "report_in"
    ARRIVAL = "arrival"
    PART = "part"
    JOINT = "joint"
    ACCEPT = "accept"
    VISIT = "visit"
    PLAN = "plan"
    REVIEW = "review"
    APPROVAL = "approval"


PROMISES = frozenset({ClockKind.FEEDBACK, ClockKind.CONTACT, ClockKind.FIRST_ROUND})
OF_THE_UNIT = PROMISES | {ClockKind.COMPLETION}
WORDS = frozenset(Action) - OF_THE_CALLBACK - OF_A_PAUSE  # what rungs do that only tell somebody


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch that is not counted; open while `end` is None."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Climbed:
    """A rung that is behind us: fired at a time, or skipped because a higher one was due as well."""

    n: int
    at: datetime
    fired_at: datetime
    skipped: bool


@dataclass(frozen=True, slots=True)
class Clock:
    """One running or stopped clock. `total` is its limit in counted seconds.

    `of` names what it belongs to beside the request itself: a part (``T3``), a whistle call (``W1``), an ownership
    (``O1``).
    """

    id: str
    kind: ClockKind
    holder: str
    started_at: datetime
    total: float
    time: CountedTime
    ladder: tuple[Rung, ...]
    pauses: tuple[Pause, ...] = ()
    climbed: tuple[Climbed, ...] = ()
    voided: tuple[Climbed, ...] = ()  # fired, and of no effect: the clock turned out to have ended before their instant
    met_at: datetime | None = None
    stopped_at: datetime | None = None
    share: float = 1.0  # of the limit, that a later holder was given
    extension_days: int = 0  # working days that were granted on top of it
    of: str = ""

    @property
    def running(self) -> bool:
        return self.stopped_at is None

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None

    @property
    def ticking(self) -> bool:
        """Running and not paused: only then are rungs due. One that was due before a pause waits for its end."""
        return self.running and not self.paused

    @property
    def due_at(self) -> datetime | None:
        """When the limit is reached; None while paused before it."""
        return self.instant(100)

    @property
    def provisional(self) -> bool:
        """Whether the deadline lies beyond the published table of holidays."""
        return self.time.advance(self.started_at, self.total).provisional

    def instant(self, percent: float) -> datetime | None:
        """When so many per cent of the limit have been counted; None if a pause without end comes first."""
        start, left = self.started_at, self.total * percent / 100
        for pause in self.pauses:
            counted = self.time.counted(start, pause.start)
            if left <= counted:
                break
            if pause.end is None:
                return None
            start, left = pause.end, left - counted
        return self.time.advance(start, left).at

    def elapsed(self, now: datetime) -> float:
        """Counted seconds from the start to `now`, pauses left out."""
        return self.used(self.started_at, now)

    def used(self, since: datetime, until: datetime, away: Iterable[tuple[datetime, datetime]] = ()) -> float:
        """Counted seconds between two moments of the clock's run, pauses and the stretches `away` left out."""
        seconds, start = 0.0, max(since, self.started_at)
        for begins, ends in sorted([*((pause.start, pause.end or until) for pause in self.pauses), *away]):
            seconds += self.time.counted(start, min(begins, until))
            start = max(start, ends)
        return seconds + self.time.counted(start, until)

    def paused_seconds(self, now: datetime) -> float:
        return sum(((pause.end or now) - pause.start).total_seconds() for pause in self.pauses)

    def breached(self, now: datetime) -> bool:
        """Whether the limit passed before the clock was met or stopped."""
        due = self.due_at
        return due is not None and (self.met_at or self.stopped_at or now) > due

    def rung(self, n: int) -> Rung:
        """The n-th rung (from 0). Past the ladder's end its last word is repeated, each time twice as far on."""
        if n < len(self.ladder):
            return self.ladder[n]
        last = self.ladder[-1]
        action = Action.SUPERVISE if last.action is Action.OWN else last.action
        return Rung.model_construct(at_percent=last.at_percent * 2 ** min(n - len(self.ladder) + 1, 60), action=action)

    def doing(self, n: int) -> Action:
        """What rung `n` does if it fires now. It may skip lower ones, but not that a leader is to own the case."""
        passed = [self.rung(k).action for k in range(len(self.climbed), n + 1)]
        return Action.OWN if Action.OWN in passed else self.rung(n).action

    def next_rung_at(self) -> datetime | None:
        """When the next rung is due; None where none is: the clock is paused, or has ended and owes nothing."""
        return self._due_at(len(self.climbed))

    def due_rung(self, now: datetime) -> int | None:
        """The highest rung that is due and not behind us."""
        due, n = None, len(self.climbed)
        while (at := self._due_at(n)) is not None and at <= now:
            due, n = n, n + 1
        return due

    def _due_at(self, n: int) -> datetime | None:
        """When rung `n` is due, the clock being where it is. A clock that was met after a rung's instant owes that rung
        still; rungs that do more than send word (ask again, close, resume) would come too late.
        """
        if self.ticking:
            return self.instant(self.rung(n).at_percent)
        if self.met_at is None or self.rung(n).action not in WORDS or n in {step.n for step in self.voided}:
            return None
        at = self.instant(self.rung(n).at_percent)
        return at if at is not None and at < self.met_at else None

    def climb(self, n: int, fired_at: datetime) -> "Clock":
        """Rung `n` has fired; those below it that had not are skipped."""
        return self._past(n, fired_at, fires=True)

    def settled(self, at: datetime) -> "Clock":
        """What an ended clock still owes is skipped, the case being at its end."""
        owed = None if self.met_at is None else self.due_rung(self.met_at)
        return self if owed is None else self._past(owed, at, fires=False)

    def _past(self, n: int, at: datetime, *, fires: bool) -> "Clock":
        steps = tuple(
            Climbed(k, self.instant(self.rung(k).at_percent) or at, at, skipped=k < n or not fires)
            for k in range(len(self.climbed), n + 1)
        )
        return replace(self, climbed=self.climbed + steps)

    def stop(self, at: datetime, *, met: bool) -> "Clock":
        """End the clock; a stopped one stays as it is."""
        if not self.running:
            return self
        return replace(self.resume(at), stopped_at=at, met_at=at if met else None)._voided()

    def met_before_its_end(self, at: datetime) -> "Clock":
        """A clock that was ended unmet, as by its own last rung, and turns out to have been met before."""
        if self.stopped_at is None or self.met_at is not None or at >= self.stopped_at:
            return self
        return replace(self, stopped_at=at, met_at=at)._voided()

    def _voided(self) -> "Clock":
        """Rungs whose instant the clock did not live to see are of no effect. One that was skipped for such a rung, and
        that it did live to see, is no longer behind us.
        """
        end = self.stopped_at
        kept = tuple(takewhile(lambda step: end is None or step.at < end or step.fired_at <= end, self.climbed))
        fired = tuple(step for step in self.climbed[len(kept) :] if not step.skipped)
        while fired and kept and kept[-1].skipped:
            kept = kept[:-1]
        return replace(self, climbed=kept, voided=self.voided + fired)

    def pause(self, at: datetime) -> "Clock":
        return self if self.paused or not self.running else replace(self, pauses=(*self.pauses, Pause(at)))

    def resume(self, at: datetime) -> "Clock":
        if not self.paused:
            return self
        last = self.pauses[-1]
        return replace(self, pauses=(*self.pauses[:-1], Pause(last.start, max(at, last.start))))

    def capped(self, cap: datetime) -> "Clock":
        """No clock of a case is due after its completion: shortened to `cap` on the natural clock if it was."""
        due = self.due_at
        if not self.running or due is None or due <= cap:
            return self
        paused = sum((min(p.end or cap, cap) - min(p.start, cap)).total_seconds() for p in self.pauses)
        total = (cap - self.started_at).total_seconds() - paused
        return replace(self, time=NaturalTime(), total=max(total, 0.0))


def clock_policy(policy: Policy, kind: ClockKind) -> ClockPolicy:
    found: ClockPolicy = getattr(policy.clocks, kind.value)
    return found


def start_clock(
    policy: Policy,
    kind: ClockKind,
    grade: Grade,
    holder: str,
    at: datetime,
    *,
    n: int = 0,
    limit: str | None = None,
    of: str = "",
) -> Clock:
    """A clock of `kind` from `at`. `limit` overrides the policy's, as an item's own does."""
    rules = clock_policy(policy, kind)
    written = rules.limit(grade) if limit is None else Limit.parse(limit)
    time = time_for(policy, kind.value, grade, written)
    total = total_seconds(written, at, time)
    if kind is ClockKind.CALLBACK and policy.quiet_hours and not written.in_working_days:
        # Same end, but its rungs fall in civilised hours.
        time = QuietTime(policy.quiet_hours.start, policy.quiet_hours.end)
        total = max(time.counted(at, at + written.natural), 1.0)
    name = f"{of}.{kind}#{n}" if of else f"{kind}#{n}"
    return Clock(name, kind, holder, at, total, time, rules.ladder_of(grade), of=of)


def pause_clock(at: datetime, review_at: datetime, n: int) -> Clock:
    """A pause's own clock: at its review date the case resumes."""
    ladder = (Rung(at_percent=100, action=Action.RESUME),)
    seconds = max((review_at - at) / timedelta(seconds=1), 0.0)
    return Clock(f"review#{n}", ClockKind.PAUSE, "system", at, seconds, NaturalTime(), ladder)
