"""Which cases have come apart from their runs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from lives import START

from casework.reconciling import Standing, strayed

LATER = START + timedelta(hours=1)
WELL = Standing(has_run=True, run_state="PAUSED", run_since=START, alarm_at=LATER, claimed_until=None)


def test_a_parked_run_with_an_alarm_ahead_is_well() -> None:
    assert strayed(WELL, START) is None


@pytest.mark.parametrize("state", ["COMPLETED", "FAILED", "CRASHED", "CANCELLED", "CANCELLING"])
def test_an_open_case_whose_run_has_ended_is_woken(state: str) -> None:
    assert "ended" in str(strayed(replace(WELL, run_state=state), START))


def test_a_deleted_run_is_found() -> None:
    assert "deleted" in str(strayed(replace(WELL, run_state=None, run_since=None), START))


def test_an_open_case_without_a_run_is_found_unless_its_alarm_brings_one() -> None:
    assert "without a run" in str(strayed(replace(WELL, has_run=False), START))
    assert strayed(replace(WELL, has_run=False, alarm_at=START), START) is None


def test_an_open_case_without_an_alarm_is_found() -> None:
    assert "without an alarm" in str(strayed(replace(WELL, alarm_at=None), START))


@pytest.mark.parametrize("state", ["RUNNING", "PENDING"])
def test_a_run_under_way_is_left_alone_until_it_has_stood_still_for_a_minute(state: str) -> None:
    running = replace(WELL, run_state=state, run_since=START)
    assert strayed(running, START + timedelta(seconds=59)) is None
    assert "nobody behind it" in str(strayed(running, START + timedelta(seconds=61)))


def test_whoever_holds_the_case_is_left_alone() -> None:
    held = replace(WELL, run_state="FAILED", claimed_until=LATER)
    assert strayed(held, START) is None
    assert strayed(held, LATER) is not None
