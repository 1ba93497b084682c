"""The flow of counted time: which seconds between two instants a limit counts.

Arguments are aware datetimes of any zone, answers are UTC. Instants near the ends of what a datetime can hold are drawn
in to `EARLIEST` and `FAR`, so that no date crashes.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from catalog.calendars import Calendar, calendar_named
from catalog.limits import Limit
from catalog.policy import Grade, Policy, QuietHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
EARLIEST = datetime(1, 1, 3, tzinfo=UTC)
FAR = datetime(9900, 1, 1, tzinfo=UTC)
ONE_DAY = timedelta(days=1)

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant (UTC); provisional when it rests on days whose working or not is still unpublished."""

    at: datetime
    provisional: bool


class CountedTime(ABC):
    """A flow of time that counts on some spans of each day and stands still between them."""

    @abstractmethod
    def spans(self, day: date) -> tuple[Span, ...]:
        """The spans (UTC) of this Shanghai day that count, in order."""

    def provisional(self, day: date) -> bool:
        return False

    def counted(self, start: datetime, end: datetime) -> float:
        """Seconds counted between two instants; 0 if `end` is not after `start`."""
        start, end = _within(start), _within(end)
        total = timedelta()
        for day in _days(start, end):
            for opens, closes in self.spans(day):
                total += max(min(closes, end) - max(opens, start), timedelta())
        return total.total_seconds()

    def advance(self, start: datetime, seconds: float) -> Moment:
        """Where so many counted seconds after `start` lead.

        Used up just as time stands still, it is the instant at which time flows again: nobody is late while nothing
        counts.
        """
        start = _within(start)
        if seconds >= (FAR - start).total_seconds():
            return Moment(FAR, provisional=True)
        left = timedelta(seconds=max(seconds, 0.0))
        provisional = False
        for day in _days(start, FAR):
            provisional = provisional or self.provisional(day)
            for opens, closes in self.spans(day):
                begins = max(opens, start)
                if begins + left < closes:
                    return Moment(begins + left, provisional)
                left -= max(closes - begins, timedelta())
        return Moment(FAR, provisional=True)


@dataclass(frozen=True)
class NaturalTime(CountedTime):
    """Every second counts."""

    def spans(self, day: date) -> tuple[Span, ...]:
        return (_whole(day),)

    def counted(self, start: datetime, end: datetime) -> float:
        return max((_within(end) - _within(start)).total_seconds(), 0.0)

    def advance(self, start: datetime, seconds: float) -> Moment:
        start = _within(start)
        if seconds >= (FAR - start).total_seconds():
            return Moment(FAR, provisional=True)
        return Moment(start + timedelta(seconds=max(seconds, 0.0)), provisional=False)


@dataclass(frozen=True)
class QuietTime(CountedTime):
    """Nothing counts in the quiet hours, which may cross midnight (wall time, Shanghai); equal hours mean no quiet."""

    quiet_start: str
    quiet_end: str

    def spans(self, day: date) -> tuple[Span, ...]:
        quiet_start, quiet_end = time.fromisoformat(self.quiet_start), time.fromisoformat(self.quiet_end)
        midnight, next_midnight = _whole(day)
        if quiet_start == quiet_end:
            return ((midnight, next_midnight),)
        start, end = _at_wall(day, quiet_start), _at_wall(day, quiet_end)
        if quiet_start > quiet_end:
            return ((end, start),)
        return ((midnight, start), (end, next_midnight))


@dataclass(frozen=True)
class WorkingTime(CountedTime):
    """The seconds of working days count, midnight to midnight in Shanghai."""

    calendar: Calendar

    def spans(self, day: date) -> tuple[Span, ...]:
        return (_whole(day),) if self.calendar.day(day).working else ()

    def provisional(self, day: date) -> bool:
        return self.calendar.day(day).provisional

    def due(self, start: datetime, working_days: int) -> datetime:
        """The same wall time on the n-th working day after the day of `start`, which is not counted itself."""
        local = _within(start).astimezone(SHANGHAI)
        after = (day for day in _from(local.date() + ONE_DAY, FAR.date()) if self.calendar.day(day).working)
        for n, day in enumerate(after, 1):
            if n == working_days:
                return _within(_at_wall(day, local.time()))
        return FAR


def time_for(policy: Policy, kind: str, grade: Grade, limit: Limit) -> CountedTime:
    """The flow of time for a clock of this kind, grade and limit under a policy."""
    if limit.in_working_days:
        return WorkingTime(calendar_named(policy.calendar))
    if kind == "contact" and grade != Grade.A and policy.quiet_hours is not None:
        return QuietTime(policy.quiet_hours.start, policy.quiet_hours.end)
    return NaturalTime()


def total_seconds(limit: Limit, start: datetime, counted_time: CountedTime) -> float:
    """The limit's length in seconds of `counted_time`, so that rungs can divide it; at least 1.

    Working days are measured from `start` to their due: `counted_time` must then be a `WorkingTime` (else `TypeError`).
    """
    if not limit.in_working_days:
        return limit.natural.total_seconds()
    if not isinstance(counted_time, WorkingTime):
        raise TypeError(f"{limit} is counted in working days: take its time from time_for")
    # From midnight of a day off, one working day has no counted second before its due: keep the ladder's rungs apart.
    return max(counted_time.counted(start, counted_time.due(start, limit.amount)), 1.0)


def civil(at: datetime, quiet_hours: QuietHours | None) -> datetime:
    """The first instant from `at` on that is outside the quiet hours (UTC)."""
    if quiet_hours is None:
        return _within(at)
    return QuietTime(quiet_hours.start, quiet_hours.end).advance(at, 0).at


def _within(at: datetime) -> datetime:
    """In UTC, drawn in to the ends. A naive datetime would silently take the machine's zone: refused."""
    if at.tzinfo is None:
        raise ValueError("counted time needs an aware datetime: give it a time zone")
    written = at.replace(tzinfo=UTC)  # to compare: at the ends a conversion overflows
    if written < EARLIEST:
        return EARLIEST
    return FAR if written > FAR else min(max(at.astimezone(UTC), EARLIEST), FAR)


def _days(start: datetime, end: datetime) -> Iterator[date]:
    """Shanghai days from that of `start` to that of `end`, both included."""
    return _from(start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date())


def _from(day: date, last: date) -> Iterator[date]:
    while day <= last:
        yield day
        day += ONE_DAY


@lru_cache(maxsize=8192)
def _whole(day: date) -> Span:
    return _at_wall(day, time.min), _at_wall(day + ONE_DAY, time.min)


def _at_wall(day: date, wall: time) -> datetime:
    return datetime.combine(day, wall, SHANGHAI).astimezone(UTC)
