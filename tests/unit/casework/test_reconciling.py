"""Which cases have come apart from their runs."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lives import START

from casework.reconciling import ENDED, Run, Standing, rings_too_late, strayed
from casework.states import State
from catalog.texts import text

LATER = START + timedelta(hours=1)
PARKED = Run("PAUSED", "待签收 10:30前", START)
WELL = Standing("awaiting_ack", has_run=True, run=PARKED, alarm_at=LATER)

TIMES = st.integers(-7200, 7200).map(lambda seconds: START + timedelta(seconds=seconds))
STATES = st.sampled_from([state for state in State if state is not State.CLOSED])
TYPES = st.sampled_from(["SCHEDULED", "PENDING", "RUNNING", "PAUSED", *sorted(ENDED)])
NAMES = st.sampled_from(["Paused", "Suspended", "已由新运行接续", *(text(f"state.{state}") for state in State)])
RUNS = st.builds(Run, TYPES, NAMES, st.none() | TIMES, st.none() | TIMES, st.booleans())
STANDINGS = st.builds(
    Standing,
    state=STATES,
    has_run=st.booleans(),
    run=st.none() | RUNS,
    alarm_at=st.none() | TIMES,
    claimed_until=st.none() | TIMES,
    failures=st.integers(0, 6),
)


def why(standing: Standing) -> str:
    found = strayed(standing, START)
    assert found is not None
    return found.why


def test_a_parked_run_with_an_alarm_ahead_is_well() -> None:
    assert strayed(WELL, START) is None


@pytest.mark.parametrize("state", sorted(ENDED))
def test_an_open_case_whose_run_has_ended_is_woken(state: str) -> None:
    assert f"ended ({state.lower()})" in why(replace(WELL, run=replace(PARKED, state=state)))


def test_a_deleted_run_is_found() -> None:
    assert "deleted" in why(replace(WELL, run=None))


def test_an_open_case_without_a_run_is_found_unless_its_alarm_brings_one() -> None:
    without = replace(WELL, has_run=False, run=None)
    assert "without a run" in why(without)
    assert strayed(replace(without, alarm_at=START), START) is None


def test_an_open_case_without_an_alarm_is_found() -> None:
    assert "without an alarm" in why(replace(WELL, alarm_at=None))


def test_a_run_that_no_worker_can_get_is_replaced_whatever_it_says_of_itself() -> None:
    for state in ("PAUSED", "SCHEDULED", "FAILED"):
        found = strayed(replace(WELL, run=Run(state, "待签收 10:30前", START, deliverable=False)), START)
        assert found is not None
        assert found.new_run
        assert "lost its work queue" in found.why


@pytest.mark.parametrize("state", ["RUNNING", "PENDING"])
def test_a_run_under_way_is_left_alone_until_it_has_stood_still_for_a_minute(state: str) -> None:
    running = replace(WELL, run=Run(state, state.title(), START))
    assert strayed(running, START + timedelta(seconds=59)) is None
    assert "nobody behind it" in str(strayed(running, START + timedelta(seconds=61)))


def test_a_closed_case_is_well_but_for_a_run_that_never_said_that_it_had_ended() -> None:
    closed = replace(WELL, state="closed", alarm_at=None)
    late = START + timedelta(seconds=61)
    for run in (None, PARKED, Run("COMPLETED", "已结案", START), Run("CANCELLED", "Cancelled", START)):
        assert strayed(replace(closed, run=run), late) is None
    running = replace(closed, run=Run("RUNNING", "Running", START))
    assert "has not ended" in str(strayed(running, late))
    assert strayed(running, START + timedelta(seconds=59)) is None
    assert strayed(replace(running, claimed_until=LATER), late) is None
    assert strayed(replace(running, alarm_at=LATER), late) is None  # its last messages are still owed


def test_a_run_that_somebody_scheduled_is_left_alone_if_it_comes_soon() -> None:
    def scheduled(due: timedelta) -> Standing:
        return replace(WELL, run=Run("SCHEDULED", "Scheduled", START, START + due))

    assert strayed(scheduled(timedelta(seconds=2)), START) is None
    assert strayed(scheduled(timedelta(minutes=-30)), START) is None  # it stands in its queue
    assert "put off by hand" in why(scheduled(timedelta(days=7)))


def test_a_run_that_somebody_paused_gets_its_own_badge_back() -> None:
    assert "another name" in why(replace(WELL, run=replace(PARKED, name="Suspended")))
    assert "another name" in why(replace(WELL, state="in_progress"))
    assert strayed(replace(WELL, run=replace(PARKED, name="待签收 10:30前（已超时）")), START) is None


def test_whoever_holds_the_case_is_left_alone() -> None:
    held = replace(WELL, run=replace(PARKED, state="FAILED"), claimed_until=START + timedelta(seconds=30))
    assert strayed(held, START) is None
    assert strayed(held, START + timedelta(seconds=30)) is not None


def test_a_case_whose_wake_failed_rests_until_its_alarm() -> None:
    failed = replace(WELL, run=replace(PARKED, state="FAILED"), failures=1)
    assert strayed(failed, START) is None
    assert strayed(replace(failed, failures=0), START) is not None


@given(STANDINGS)
def test_only_a_case_at_rest_or_without_an_alarm_is_rung_for(standing: Standing) -> None:
    if strayed(standing, START) is not None:
        assert not standing.held(START)
        assert standing.alarm_at is None or (standing.alarm_at > START and not standing.failures)


@given(STANDINGS)
def test_a_case_at_rest_that_nobody_would_ever_wake_again_is_found(standing: Standing) -> None:
    """Whatever has become of its run: at its alarm, an event or now, the run it has can be woken, or is replaced."""
    run = standing.run
    if standing.rests(START) and (run is None or not run.deliverable or run.state in ENDED):
        assert strayed(standing, START) is not None


@given(STANDINGS)
def test_what_is_done_about_a_stray_makes_it_well(standing: Standing) -> None:
    """It is woken, works and parks under its badge with an alarm ahead: the next look finds nothing."""
    if strayed(standing, START) is not None:
        badge = text(f"state.{standing.state}")
        parked = replace(standing, run=Run("PAUSED", badge, START), alarm_at=LATER, claimed_until=None, failures=0)
        assert strayed(parked, START) is None


def test_an_alarm_that_rings_early_does_no_harm_one_that_rings_late_does() -> None:
    for early in (START, LATER - timedelta(days=1), LATER):
        assert not rings_too_late(early, LATER)
    assert rings_too_late(LATER + timedelta(minutes=1), LATER)
    assert rings_too_late(None, LATER)
    assert not rings_too_late(None, None)
    assert not rings_too_late(LATER, None)
