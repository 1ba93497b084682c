"""When a message is tried again: always until it is carried, never later than it must be, never too often."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.delivering import (
    A_DAY,
    FIRST_WAIT,
    LONGEST_REST,
    LONGEST_WAIT,
    PART,
    RARELY,
    RESTS_AFTER,
    Fallback,
    Hope,
    Later,
    backoff,
    last_try_at,
    next_copy,
    next_try,
    rest,
)

NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
SPANS = st.timedeltas(min_value=SECOND, max_value=timedelta(days=30))
DUE = st.none() | st.timedeltas(min_value=-timedelta(days=2), max_value=timedelta(days=30))
ASKED = st.just(timedelta()) | st.timedeltas(min_value=timedelta(), max_value=timedelta(hours=1))


def due_at(due: timedelta | None) -> datetime | None:
    return None if due is None else NOON + due


# By example


def test_a_duty_of_ten_minutes_falls_back_in_a_third_of_them() -> None:
    now, tries = NOON, [0.0]
    while isinstance(then := next_try(len(tries) - 1, NOON, NOON + 10 * MINUTE, now), Later):
        now = then.at
        tries.append((now - NOON).total_seconds())
    assert [round(at) for at in tries] == [0, 5, 15, 35, 75, 141, 198, 200]
    assert then == Fallback()


def test_a_receiver_that_asks_for_longer_than_there_is_gets_no_more_tries() -> None:
    due = NOON + 10 * MINUTE
    assert next_try(0, NOON, due, NOON, asked=30 * MINUTE) == Fallback()
    assert next_try(0, NOON, due, NOON, asked=MINUTE) == Later(NOON + MINUTE)


@pytest.mark.parametrize("hope", [Hope.REFUSED, Hope.NONE])
def test_where_waiting_cannot_help_a_deadline_falls_back_at_once(hope: Hope) -> None:
    assert next_try(0, NOON, NOON + timedelta(days=5), NOON, hope=hope) == Fallback()
    without_deadline = next_try(0, NOON, None, NOON, hope=hope)
    assert without_deadline == Later(NOON + (RARELY if hope is Hope.REFUSED else A_DAY))


def test_an_urge_about_what_is_overdue_has_half_a_minute() -> None:
    assert next_try(0, NOON, NOON - MINUTE, NOON) == Later(NOON + FIRST_WAIT)
    assert next_try(2, NOON, NOON - MINUTE, NOON + 15 * SECOND) == Later(NOON + 30 * SECOND)
    assert next_try(3, NOON, NOON - MINUTE, NOON + 30 * SECOND) == Fallback()


def test_who_was_not_even_tried_comes_again_as_told() -> None:
    assert next_try(None, NOON, NOON + 10 * MINUTE, NOON, asked=SECOND) == Later(NOON + SECOND)


def test_an_endpoint_rests_longer_each_time() -> None:
    rests = [rest(failures) for failures in range(12)]
    assert rests[:RESTS_AFTER] == [None] * RESTS_AFTER
    assert [each.total_seconds() for each in rests[RESTS_AFTER:] if each] == [15, 30, 60, 120, 240, 480, 600, 600, 600]


def test_what_was_carried_is_tried_ever_more_rarely() -> None:
    waits = [(next_copy(attempts, NOON) - NOON).total_seconds() for attempts in range(12)]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600]


# By property


@given(due=DUE, attempts=st.integers(0, 1000), late=SPANS, asked=ASKED, hope=st.sampled_from(Hope))
def test_a_try_is_never_later_than_it_must_be(
    due: timedelta | None, attempts: int, late: timedelta, asked: timedelta, hope: Hope
) -> None:
    now, deadline = NOON + late, due_at(due)
    match next_try(attempts, NOON, deadline, now, asked=asked, hope=hope):
        case Later(at):
            assert now < at <= last_try_at(NOON, deadline)
            if deadline is not None and deadline > now:
                assert at - now <= max(asked, (deadline - now) / PART)
            assert at - now >= min(asked, last_try_at(NOON, deadline) - now)
        case Fallback():
            gone = hope is not Hope.PASSING and deadline is not None
            assert gone or now + asked >= last_try_at(NOON, deadline)


@given(due=st.none() | SPANS, asked=st.lists(ASKED, max_size=5), slow=st.lists(SPANS, max_size=5))
def test_tries_go_on_until_the_next_channel_has_it_and_not_for_ever(
    due: timedelta | None, asked: list[timedelta], slow: list[timedelta]
) -> None:
    """Whatever the endpoint asks and however late each wake is."""
    now, attempts, deadline = NOON, 0, due_at(due)
    while True:
        ask = asked[attempts] if attempts < len(asked) else timedelta()
        decision = next_try(attempts, NOON, deadline, now, asked=ask)
        if isinstance(decision, Fallback):
            break
        assert decision.at > now
        now = decision.at + (slow[attempts] if attempts < len(slow) else timedelta())
        attempts += 1
    assert attempts <= 8 + A_DAY / LONGEST_WAIT
    assert now >= last_try_at(NOON, deadline) or asked


@given(asked=st.lists(ASKED, max_size=20), attempts=st.integers(0, 50))
def test_what_was_carried_costs_a_day_few_tries(asked: list[timedelta], attempts: int) -> None:
    now, tries = NOON, 0
    while now < NOON + A_DAY:
        now = next_copy(attempts + tries, now, asked=asked[tries] if tries < len(asked) else timedelta())
        tries += 1
    assert tries <= 11 + A_DAY / RARELY


@given(due=st.none() | SPANS, late=SPANS)
def test_waits_do_not_shrink_with_the_number_of_tries(due: timedelta | None, late: timedelta) -> None:
    now, deadline = NOON + late, due_at(due)
    decisions = [next_try(attempts, NOON, deadline, now) for attempts in range(20)]
    times = [each.at for each in decisions if isinstance(each, Later)]
    assert len(times) in (0, 20)  # whether to wait at all is not a matter of the number of tries
    assert all(earlier <= later for earlier, later in pairwise(times))


@given(st.integers(0, 10_000))
def test_rests_and_waits_grow_and_end(n: int) -> None:
    assert FIRST_WAIT <= backoff(n) <= backoff(n + 1) <= LONGEST_WAIT
    now, then = rest(n) or timedelta(), rest(n + 1) or timedelta()
    assert now <= then <= LONGEST_REST
