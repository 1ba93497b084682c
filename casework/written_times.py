"""Times as files write them: 2026-03-01T08:30:00+08:00, 2026/3/1 8:30, 2026年3月1日8时30分, 20260301."""

import re
from datetime import UTC, datetime

from casework.identifiers import half_width
from catalog.working_time import SHANGHAI

_WRITTEN = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:\s*(?:星期|周)[一二三四五六日天])?"
    r"(?:[T\s]*(?P<half>上午|下午|AM|PM)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?\s*分?"
    r"(?::?\s*(?P<second>\d{1,2})(?:\.\d+)?\s*秒?)?\s*(?P<after>AM|PM)?)?",
    re.IGNORECASE,
)
_LONGEST = 64


def read_time(written: str) -> datetime | None:
    """The aware moment, of Shanghai's time where no zone is written; None for what cannot be read."""
    reading = half_width(written).strip()
    if len(reading) > _LONGEST:
        return None
    at = _standard(reading) or _read(reading)
    try:
        return (at if at.tzinfo else at.replace(tzinfo=SHANGHAI)).astimezone(UTC) if at else None
    except OverflowError:  # beyond the calendar's ends
        return None


def _standard(reading: str) -> datetime | None:
    try:
        return datetime.fromisoformat(reading)
    except ValueError:
        return None


def _read(reading: str) -> datetime | None:
    match = _WRITTEN.fullmatch(reading)
    if match is None:
        return None
    hour, half = int(match["hour"] or 0), (match["half"] or match["after"] or "").upper()
    if half in ("下午", "PM") and hour < 12:
        hour += 12
    if half in ("上午", "AM") and hour == 12:
        hour = 0
    try:
        day = (int(match[1]), int(match[2]), int(match[3]))
        return datetime(*day, hour, int(match["minute"] or 0), int(match["second"] or 0), tzinfo=SHANGHAI)
    except ValueError:
        return None
