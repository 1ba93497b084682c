"""Which days are working days (工作日): as published with 调休, and by rule beyond what is published."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

import chinese_calendar
import holidays

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Day:
    """Whether a day is worked; provisional when no published table says so (the next year's comes each November)."""

    working: bool
    provisional: bool


class Calendar(Protocol):
    def day(self, date_: date) -> Day: ...


@dataclass(frozen=True, slots=True)
class EveryDay:
    """A district whose service knows no days off."""

    def day(self, date_: date) -> Day:
        return Day(working=True, provisional=False)


@dataclass(frozen=True, slots=True)
class ChinaCalendar:
    """The State Council's yearly table; beyond it the fixed holidays and weekends, marked provisional."""

    def day(self, date_: date) -> Day:
        return _china(date_)


def calendar_named(name: str) -> Calendar:
    """The calendar a policy names: ``china`` or ``none``."""
    named: dict[str, Calendar] = {"china": ChinaCalendar(), "none": EveryDay()}
    return named[name]


@lru_cache(maxsize=8192)
def _china(date_: date) -> Day:
    if _published(date_.year):
        return Day(chinese_calendar.is_workday(date_), provisional=False)
    return Day(date_.weekday() < SATURDAY and date_ not in _legal_holidays(date_.year), provisional=True)


@lru_cache(maxsize=64)
def _published(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:  # the library's word for a year without a table
        return False
    return True


@lru_cache(maxsize=64)
def _legal_holidays(year: int) -> frozenset[date]:
    """Computed holidays; empty outside the years the library computes (1950 to 2100), where weekends are left."""
    return frozenset(holidays.country_holidays("CN", years=year))
