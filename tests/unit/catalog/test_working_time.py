"""Counted time: real days of 2026, the unpublished year after it, and laws that hold on any date."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.calendars import ChinaCalendar, EveryDay, calendar_named
from catalog.limits import Limit
from catalog.policy import Grade, Policy, QuietHours
from catalog.working_time import (
    EARLIEST,
    FAR,
    SHANGHAI,
    CountedTime,
    NaturalTime,
    QuietTime,
    WorkingTime,
    civil,
    time_for,
    total_seconds,
)

WORKING = WorkingTime(ChinaCalendar())
NIGHT = QuietTime("22:00", "07:00")
NOON = QuietTime("12:00", "14:00")
DAY = 86400.0


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=SHANGHAI)


def due(start: str, limit: str, counted_time: CountedTime = WORKING) -> tuple[datetime, bool]:
    began = at(start)
    moment = counted_time.advance(began, total_seconds(Limit.parse(limit), began, counted_time))
    return moment.at, moment.provisional


@pytest.mark.parametrize(
    ("start", "limit", "expected"),
    [
        ("2026-06-01 15:00", "5wd", "2026-06-08 15:00"),  # Monday to Monday
        ("2026-06-05 09:30", "1wd", "2026-06-08 09:30"),  # over a weekend
        ("2026-06-06 15:00", "5wd", "2026-06-12 15:00"),  # from a Saturday: Monday is the first
        ("2026-09-29 10:00", "5wd", "2026-10-12 10:00"),  # National Day 1 to 7 October; Saturday 10 October is worked
        ("2026-10-03 10:00", "3wd", "2026-10-10 10:00"),  # from within the holiday to the made-up Saturday
        ("2026-09-18 10:00", "1wd", "2026-09-20 10:00"),  # made-up Sunday before Mid-Autumn
        ("2026-02-13 16:00", "3wd", "2026-02-25 16:00"),  # Spring Festival: worked Saturday 14, then off to the 23rd
        ("2026-02-27 08:00", "1wd", "2026-02-28 08:00"),  # the made-up Saturday after it
        ("2026-06-05 00:00", "1wd", "2026-06-08 00:00"),  # midnight is the day it begins, not the one it ends
        ("2026-12-24 10:00", "5wd", "2026-12-31 10:00"),  # the last day published
    ],
)
def test_working_days_of_2026(start: str, limit: str, expected: str) -> None:
    assert due(start, limit) == (at(expected), False)


def test_beyond_the_published_table_is_provisional() -> None:
    assert due("2026-12-30 10:00", "3wd") == (at("2027-01-05 10:00"), True)  # New Year's Day and the weekend are off
    assert due("2030-05-06 10:00", "1wd") == (at("2030-05-07 10:00"), True)
    assert due("2500-10-01 10:00", "1wd")[1]  # no computed holidays either: weekends alone


def test_rungs_divide_counted_time() -> None:
    friday = at("2026-06-05 12:00")
    total = total_seconds(Limit.parse("2wd"), friday, WORKING)
    assert total == 2 * DAY
    assert WORKING.advance(friday, total / 2).at == at("2026-06-08 12:00")
    assert WORKING.advance(friday, total * 2).at == at("2026-06-11 12:00")


def test_a_ladder_has_length_even_from_midnight_of_a_day_off() -> None:
    saturday = at("2026-06-06 00:00")
    assert total_seconds(Limit.parse("1wd"), saturday, WORKING) == 1.0


def test_every_day_counts_without_a_calendar() -> None:
    assert due("2026-10-01 10:00", "5wd", WorkingTime(EveryDay())) == (at("2026-10-06 10:00"), False)


def test_working_days_need_working_time() -> None:
    with pytest.raises(TypeError, match="5wd is counted in working days"):
        total_seconds(Limit.parse("5wd"), at("2026-06-01 10:00"), NaturalTime())


@pytest.mark.parametrize(
    ("counted_time", "start", "minutes", "expected"),
    [
        (NIGHT, "2026-06-01 21:45", 30, "2026-06-02 07:15"),
        (NIGHT, "2026-06-01 21:30", 30, "2026-06-02 07:00"),  # used up at ten: due when time flows again
        (NIGHT, "2026-06-02 03:00", 30, "2026-06-02 07:30"),
        (NIGHT, "2026-06-02 07:00", 30, "2026-06-02 07:30"),
        (NIGHT, "2026-06-02 21:00", 16 * 60, "2026-06-04 07:00"),
        (NOON, "2026-06-02 11:45", 30, "2026-06-02 14:15"),
        (NOON, "2026-06-02 23:45", 30, "2026-06-03 00:15"),
        (QuietTime("22:00", "22:00"), "2026-06-02 21:45", 30, "2026-06-02 22:15"),
    ],
)
def test_quiet_hours_do_not_count(counted_time: CountedTime, start: str, minutes: int, expected: str) -> None:
    assert counted_time.advance(at(start), minutes * 60).at == at(expected)


def test_civil_waits_for_the_end_of_quiet_hours() -> None:
    night = QuietHours(start="22:00", end="07:00")
    assert civil(at("2026-06-01 23:00"), night) == at("2026-06-02 07:00")
    assert civil(at("2026-06-01 22:00"), night) == at("2026-06-02 07:00")
    assert civil(at("2026-06-01 12:00"), night) == at("2026-06-01 12:00")
    assert civil(at("2026-06-01 23:00"), None) == at("2026-06-01 23:00")


def test_each_clock_gets_its_time() -> None:
    china, minutes, days = Policy(), Limit.parse("30m"), Limit.parse("5wd")
    assert isinstance(time_for(china, "contact", Grade.B, minutes), QuietTime)
    assert isinstance(time_for(china, "contact", Grade.C, minutes), QuietTime)
    assert isinstance(time_for(china, "contact", Grade.A, minutes), NaturalTime)
    assert isinstance(time_for(china, "feedback", Grade.C, minutes), NaturalTime)
    assert isinstance(time_for(Policy(quiet_hours=None), "contact", Grade.C, minutes), NaturalTime)
    assert isinstance(time_for(china, "completion", Grade.C, days), WorkingTime)
    without = time_for(Policy(calendar="none"), "completion", Grade.C, days)
    assert due("2026-10-01 10:00", "5wd", without)[0] == at("2026-10-06 10:00")


def test_times_are_values() -> None:
    assert QuietTime("22:00", "07:00") == NIGHT
    assert WorkingTime(ChinaCalendar()) == WORKING != WorkingTime(EveryDay())
    assert NaturalTime() == NaturalTime()


def test_a_naive_datetime_is_refused() -> None:
    with pytest.raises(ValueError, match="give it a time zone"):
        NATURAL.advance(datetime(2026, 6, 1), 1)  # noqa: DTZ001  naive is the point


NATURAL = NaturalTime()
FLOWS = st.sampled_from([NATURAL, NIGHT, NOON, WORKING, WorkingTime(EveryDay())])
ZONES = st.sampled_from([UTC, SHANGHAI, ZoneInfo("America/New_York"), timezone(timedelta(hours=-12))])
FIRST, LAST = datetime(1, 2, 1), datetime(9000, 1, 1)  # noqa: DTZ001  Hypothesis adds the zone
INSTANTS = st.datetimes(FIRST, LAST, timezones=ZONES, allow_imaginary=False)
SECONDS = st.integers(0, 60 * 86_400_000).map(lambda milliseconds: milliseconds / 1000)


@given(FLOWS, INSTANTS, SECONDS)
def test_counted_undoes_advance(counted_time: CountedTime, start: datetime, seconds: float) -> None:
    assert counted_time.counted(start, counted_time.advance(start, seconds).at) == pytest.approx(seconds, abs=1e-5)


@given(FLOWS, INSTANTS, SECONDS)
def test_advance_undoes_counted_up_to_time_standing_still(
    counted_time: CountedTime, start: datetime, seconds: float
) -> None:
    end = start.astimezone(UTC) + timedelta(seconds=seconds)
    reached = counted_time.advance(start, counted_time.counted(start, end)).at
    assert reached >= end
    assert counted_time.counted(end, reached) == 0


@given(FLOWS, INSTANTS, SECONDS, SECONDS)
def test_counted_time_adds_up(counted_time: CountedTime, start: datetime, one: float, two: float) -> None:
    middle = start.astimezone(UTC) + timedelta(seconds=one)
    end = middle + timedelta(seconds=two)
    whole = counted_time.counted(start, end)
    assert whole == pytest.approx(counted_time.counted(start, middle) + counted_time.counted(middle, end), abs=1e-5)
    assert 0 <= whole <= one + two + 1e-5
    assert counted_time.counted(end, start) == (0 if end > start else whole)


@given(FLOWS, INSTANTS, SECONDS, SECONDS)
def test_more_seconds_lead_later(counted_time: CountedTime, start: datetime, one: float, two: float) -> None:
    less, more = sorted((one, two))
    assert start <= counted_time.advance(start, less).at <= counted_time.advance(start, more).at


@given(
    FLOWS,
    st.datetimes(timezones=ZONES, allow_imaginary=False),
    st.one_of(SECONDS, st.floats(0, 1e18)),
    st.integers(1, 60),
)
def test_no_date_crashes(counted_time: CountedTime, start: datetime, seconds: float, days: int) -> None:
    if seconds > 60 * DAY and not isinstance(counted_time, NaturalTime):
        seconds += 1e12  # far, but not day by day through the millennia
    assert EARLIEST <= counted_time.advance(start, seconds).at <= FAR
    assert 1 <= total_seconds(Limit(days, "wd"), start, WORKING) <= days * DAY * 1.05
    assert EARLIEST <= civil(start, QuietHours()) <= FAR


@given(INSTANTS, st.integers(1, 20))
def test_a_working_day_limit_ends_at_the_same_wall_time_on_a_working_day(start: datetime, days: int) -> None:
    began = start.astimezone(SHANGHAI)
    ends = WORKING.due(start, days).astimezone(SHANGHAI)
    passed = (began.date() + timedelta(n) for n in range(1, (ends.date() - began.date()).days + 1))
    assert sum(ChinaCalendar().day(day).working for day in passed) == days
    assert ChinaCalendar().day(ends.date()).working
    assert ends.replace(tzinfo=None).time() == began.replace(tzinfo=None).time() or began.year < 1992  # summer time


def test_an_unknown_calendar_is_refused() -> None:
    with pytest.raises(KeyError):
        calendar_named("moon")


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_the_machines_own_zone_does_not_matter(zone: str) -> None:
    program = (
        "from datetime import datetime, UTC;"
        "from catalog.calendars import ChinaCalendar; from catalog.working_time import WorkingTime, civil;"
        "from catalog.policy import QuietHours;"
        "print(WorkingTime(ChinaCalendar()).due(datetime(2026, 9, 29, 17, tzinfo=UTC), 2).isoformat(),"
        " civil(datetime(2026, 9, 29, 17, tzinfo=UTC), QuietHours()).isoformat())"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "TZ": zone}, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == ["2026-10-08T17:00:00+00:00", "2026-09-29T23:00:00+00:00"]
