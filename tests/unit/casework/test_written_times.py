"""Times as files write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.written_times import read_time
from catalog.working_time import SHANGHAI

AT = datetime(2026, 3, 1, 8, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-01 08:30",
        "2026-03-01T08:30:00",
        "2026-03-01T00:30:00Z",
        "2026-03-01T08:30:00.000+08:00",
        "2026/3/1 8:30",
        "2026/3/1 8:30:00",
        "2026.3.1 8:30",
        "2026年3月1日8时30分",
        "2026年3月1日 星期日 08:30",
        "2026/3/1 上午 8:30:00",
        "2026/3/1 8:30:00 AM",
        "20260301T083000",
        "２０２６－０３－０１　０８：３０",
        " 2026-03-01 08:30 ",
    ],
)
def test_one_moment_in_many_ways(written: str) -> None:
    assert read_time(written) == AT


def test_a_day_alone_begins_at_midnight_and_the_afternoon_at_noon() -> None:
    assert read_time("2026年3月1日") == read_time("20260301") == AT.replace(hour=0, minute=0)
    assert read_time("2026/3/1 下午 0:05") == AT.replace(hour=12, minute=5)
    assert read_time("2026/3/1 下午 3:05") == AT.replace(hour=15, minute=5)


@pytest.mark.parametrize(
    "written",
    [
        *("", "昨天下午", "2026-13-01", "2026-02-30", "0000-00-00 00:00:00", "1900-01-00", "8:30", "45352", "3/1/2026"),
        *("2026/3/1 25:00", "9999-12-31T23:59:59-23:00", "2026-03-01 08:30" + "0" * 100),
    ],
)
def test_what_cannot_be_read_is_not_guessed(written: str) -> None:
    assert read_time(written) is None


SECONDS = st.integers(-30_000_000_000, 30_000_000_000)  # from the year 1019 to 2920


@given(SECONDS, st.sampled_from(("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H时%M分%S秒")))
def test_what_is_written_is_read(seconds: int, form: str) -> None:
    at = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(SHANGHAI).replace(tzinfo=None)
    read = read_time(at.strftime(form))
    assert read == at.replace(tzinfo=SHANGHAI)
    assert read.tzinfo is UTC
