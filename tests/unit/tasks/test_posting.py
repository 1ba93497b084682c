"""How long a receiver asks to be left alone."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.posting import LONGEST_ASKED, asked_for

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90", 90),
        (" 5 ", 5),
        ("0", 0),
        ("86400", 3600),
        ("9" * 5000, 3600),
        ("Mon, 23 Nov 2026 04:02:00 GMT", 120),
        ("Mon, 23 Nov 2026 12:02:00 +0800", 120),
        ("Mon, 23 Nov 2026 04:02:00 -0000", 120),
        ("Mon, 23 Nov 2026 03:00:00 GMT", 0),
        ("Tue, 24 Nov 2026 04:00:00 GMT", 3600),
        ("", 0),
        ("soon", 0),
        ("-5", 0),
        ("1.5", 0),
        ("٣", 0),
        ("Mon, 99 Nov 2026 04:02:00 GMT", 0),
    ],
)
def test_seconds_or_a_date_and_never_longer_than_an_hour(written: str, seconds: int) -> None:
    assert asked_for(written, NOW) == timedelta(seconds=seconds)


@given(st.text(max_size=60) | st.from_regex(r"[A-Z][a-z]{2}, \d{1,3} [A-Z][a-z]{2} \d{1,6} [\d:]{1,12} [+-]?\w{1,12}"))
def test_whatever_is_written_there_is_a_reasonable_time(written: str) -> None:
    assert timedelta() <= asked_for(written, NOW) <= LONGEST_ASKED
