"""Clocks: when rungs are due, what pauses and caps do to them, and how a ladder is climbed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lives import START, after

from casework.clocks import Clock, ClockKind, Pause, pause_clock, start_clock
from catalog.policy import Action, Grade, Policy, QuietHours, Rung
from catalog.working_time import FAR, SHANGHAI, NaturalTime

FRIDAY = datetime(2026, 11, 27, 10, 0, tzinfo=SHANGHAI)
HOLDER = "department:cg"


def clock(kind: ClockKind = ClockKind.FEEDBACK, grade: Grade = Grade.C, at: datetime = START, **more: Any) -> Clock:
    return start_clock(more.pop("policy", Policy()), kind, grade, HOLDER, at, **more)


def shanghai(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


def rungs(of: Clock) -> list[datetime | None]:
    return [of.instant(rung.at_percent) for rung in of.ladder]


# When the rungs are due


def test_a_natural_clock_divides_its_minutes() -> None:
    assert rungs(clock()) == [after(5), after(8), after(10), after(12), after(15)]


def test_working_days_end_at_the_same_wall_time_and_their_rungs_divide_counted_time() -> None:
    completion = clock(ClockKind.COMPLETION, at=FRIDAY)  # 5wd
    assert completion.due_at == shanghai(12, 4, 10)
    assert completion.instant(50) == shanghai(12, 1, 22)  # 60 of 120 counted hours: 14 on Friday, none on the weekend
    assert completion.instant(10) == shanghai(11, 27, 22)


def test_a_clock_begun_on_a_day_off_counts_from_the_next_working_day() -> None:
    saturday = shanghai(11, 28, 15)
    completion = clock(ClockKind.COMPLETION, at=saturday, limit="2wd")
    assert completion.due_at == shanghai(12, 1, 15)
    assert completion.instant(1) is not None
    assert completion.instant(1) > shanghai(11, 30, 0)


def test_a_holiday_and_its_worked_saturday_are_counted_as_published() -> None:
    before_national_day = datetime(2026, 9, 30, 9, 0, tzinfo=SHANGHAI)
    due = clock(ClockKind.COMPLETION, at=before_national_day, limit="2wd").due_at
    assert due == shanghai(10, 9, 9)  # October 1 to 7 are off; the 8th is the first day, the 9th the second


def test_an_item_sets_its_own_limit() -> None:
    assert clock(ClockKind.COMPLETION, limit="36h").due_at == after(36 * 60)


@pytest.mark.parametrize(("grade", "hours"), [(Grade.A, 2), (Grade.B, 24)])
def test_the_grade_chooses_the_limit(grade: Grade, hours: int) -> None:
    assert clock(ClockKind.COMPLETION, grade).due_at == after(hours * 60)


def test_beyond_the_published_holidays_a_deadline_is_provisional_and_still_a_date() -> None:
    far = clock(ClockKind.COMPLETION, at=datetime(2029, 3, 1, 1, tzinfo=UTC))
    assert far.provisional
    assert far.due_at == datetime(2029, 3, 8, 1, tzinfo=UTC)
    assert not clock(ClockKind.COMPLETION).provisional
    assert not clock(ClockKind.FEEDBACK, at=far.started_at).provisional  # minutes need no table


def test_a_clock_over_the_turn_of_the_year_is_provisional_only_where_it_gets_there() -> None:
    late = datetime(2026, 12, 30, 10, 0, tzinfo=SHANGHAI)
    assert clock(ClockKind.COMPLETION, at=late, limit="5wd").provisional
    assert not clock(ClockKind.COMPLETION, at=late, limit="1wd").provisional


# Quiet hours


def test_nobody_is_phoned_in_quiet_hours() -> None:
    evening = shanghai(11, 23, 21, 50)
    assert clock(ClockKind.CONTACT, Grade.C, evening).due_at == shanghai(11, 24, 7, 20)
    assert clock(ClockKind.CONTACT, Grade.B, shanghai(11, 23, 23)).due_at == shanghai(11, 24, 7, 30)


def test_danger_is_phoned_about_at_night() -> None:
    assert clock(ClockKind.CONTACT, Grade.A, shanghai(11, 23, 23)).due_at == shanghai(11, 23, 23, 30)


def test_quiet_hours_are_the_policys() -> None:
    night = shanghai(11, 23, 23)
    around_the_clock = Policy(quiet_hours=None)
    assert clock(ClockKind.CONTACT, at=night, policy=around_the_clock).due_at == shanghai(11, 23, 23, 30)
    noon_rest = Policy(quiet_hours=QuietHours(start="12:00", end="14:00"))
    assert clock(ClockKind.CONTACT, at=shanghai(11, 23, 11, 45), policy=noon_rest).due_at == shanghai(11, 23, 14, 15)


def test_only_the_phone_call_has_quiet_hours() -> None:
    assert clock(ClockKind.FEEDBACK, at=shanghai(11, 23, 23)).due_at == shanghai(11, 23, 23, 10)


@pytest.mark.parametrize("hour", range(24))
def test_a_citizen_is_asked_in_civil_hours_whenever_the_work_was_done(hour: int) -> None:
    callback = clock(ClockKind.CALLBACK, at=shanghai(11, 23, hour, 40))
    for at in rungs(callback):
        assert at is not None
        assert 7 <= at.astimezone(SHANGHAI).hour < 22


def test_civil_hours_do_not_move_the_end_of_the_callback() -> None:
    assert clock(ClockKind.CALLBACK, at=shanghai(11, 23, 18)).due_at == shanghai(11, 28, 18)
    assert clock(ClockKind.CALLBACK, at=shanghai(11, 23, 23)).due_at == shanghai(11, 29, 7)  # not at eleven at night


# Pauses


def test_a_pause_moves_what_is_still_to_come_and_nothing_else() -> None:
    paused = clock().pause(after(6)).resume(after(26))
    assert rungs(paused) == [after(5), after(28), after(30), after(32), after(35)]
    assert paused.paused_seconds(after(60)) == 20 * 60
    assert paused.elapsed(after(29)) == 9 * 60


def test_while_paused_there_is_no_deadline() -> None:
    paused = clock().pause(after(6))
    assert paused.due_at is None
    assert paused.next_rung_at() is None
    assert not paused.breached(after(10_000))
    assert paused.elapsed(after(500)) == 6 * 60
    assert paused.paused_seconds(after(16)) == 600


def test_a_paused_clock_owes_no_rung_even_one_that_was_due_before() -> None:
    paused = clock().pause(after(6))  # the reminder of minute 5 has not fired
    assert paused.due_rung(after(7)) is None
    assert paused.next_rung_at() is None
    assert paused.resume(after(20)).due_rung(after(20)) == 0


def test_pauses_add_up() -> None:
    twice = clock().pause(after(1)).resume(after(11)).pause(after(13)).resume(after(33))
    assert twice.due_at == after(40)
    assert twice.paused_seconds(after(40)) == 30 * 60
    assert [twice.elapsed(after(m)) / 60 for m in (1, 5, 12, 20, 34)] == [1, 1, 2, 3, 4]


def test_a_pause_over_a_weekend_costs_no_working_time() -> None:
    order = clock(ClockKind.COMPLETION, at=FRIDAY, limit="1wd")
    paused = order.pause(FRIDAY + timedelta(hours=2)).resume(shanghai(11, 30, 12))
    assert paused.due_at == shanghai(12, 1, 10)  # 22 counted hours after Monday noon


def test_pausing_or_resuming_twice_changes_nothing_more() -> None:
    paused = clock().pause(after(1))
    assert paused.pause(after(2)) == paused
    assert clock().resume(after(1)) == clock()
    resumed = paused.resume(after(3))
    assert resumed.resume(after(9)) == resumed


def test_a_resumption_received_before_its_pause_makes_it_empty() -> None:
    assert clock().pause(after(3)).resume(after(2)).pauses == (Pause(after(3), after(3)),)


# The end


def test_met_at_the_very_deadline_is_in_time() -> None:
    assert not clock().stop(after(10), met=True).breached(after(99))
    assert clock().stop(after(10) + timedelta(microseconds=1), met=True).breached(after(99))


def test_a_clock_that_was_only_stopped_is_not_met() -> None:
    stopped = clock().stop(after(4), met=False)
    assert (stopped.met_at, stopped.stopped_at, stopped.running) == (None, after(4), False)
    assert not stopped.breached(after(99))
    assert clock().stop(after(11), met=False).breached(after(11))


def test_what_has_stopped_stays_as_it_is() -> None:
    stopped = clock().stop(after(4), met=True)
    assert stopped.stop(after(9), met=False) == stopped
    assert stopped.pause(after(9)) == stopped
    assert stopped.capped(after(1)) == stopped
    assert stopped.due_rung(after(99)) is None
    assert stopped.next_rung_at() is None


def test_stopping_ends_a_pause() -> None:
    stopped = clock().pause(after(4)).stop(after(9), met=True)
    assert not stopped.paused
    assert stopped.paused_seconds(after(99)) == 300
    assert not stopped.breached(after(99))


def test_a_running_clock_is_breached_once_its_deadline_is_behind() -> None:
    assert not clock().breached(after(10))
    assert clock().breached(after(10) + timedelta(microseconds=1))


# The ladder


def test_of_several_due_rungs_the_highest_fires_and_the_others_are_skipped() -> None:
    late = clock()
    assert late.due_rung(after(13)) == 3
    climbed = late.climb(3, after(13))
    assert [(step.n, step.skipped) for step in climbed.climbed] == [(0, True), (1, True), (2, True), (3, False)]
    assert [step.at for step in climbed.climbed] == [after(5), after(8), after(10), after(12)]
    assert {step.fired_at for step in climbed.climbed} == {after(13)}
    assert climbed.due_rung(after(14)) is None
    assert climbed.next_rung_at() == after(15)


def test_a_rung_is_due_at_its_instant_and_not_before() -> None:
    assert clock().due_rung(after(5) - timedelta(microseconds=1)) is None
    assert clock().due_rung(after(5)) == 0


@pytest.mark.parametrize(
    ("kind", "last"), [(ClockKind.FEEDBACK, Action.SUPERVISE), (ClockKind.TRIAGE, Action.NOTIFY_SUPERVISOR)]
)
def test_past_its_end_a_ladder_repeats_its_last_word_twice_as_late_each_time(kind: ClockKind, last: Action) -> None:
    climbed = clock(kind).climb(len(clock(kind).ladder) - 1, after(99))
    beyond = [climbed.rung(len(climbed.ladder) + n) for n in range(3)]
    assert [rung.action for rung in beyond] == [last] * 3
    assert [rung.at_percent for rung in beyond] == [300, 600, 1200]
    assert climbed.next_rung_at() == climbed.instant(300)


def test_ownership_is_taken_once_and_then_supervised() -> None:
    completion = clock(ClockKind.COMPLETION, Grade.A)
    assert completion.rung(len(completion.ladder) - 1).action is Action.OWN
    beyond = completion.rung(len(completion.ladder))
    assert (beyond.action, beyond.at_percent) == (Action.SUPERVISE, 400)


def test_a_ladder_ends_nowhere_not_even_after_centuries() -> None:
    n = clock().due_rung(datetime(2526, 1, 1, tzinfo=UTC))
    assert n is not None
    assert n < 60
    climbed = clock().climb(200, after(0))
    assert climbed.next_rung_at() == FAR


# Capped by completion


def test_a_clock_that_would_outlast_completion_is_shortened_to_it() -> None:
    first_round = clock(ClockKind.FIRST_ROUND).capped(after(120))
    assert first_round.due_at == after(120)
    assert first_round.instant(50) == after(60)


def test_a_clock_that_ends_sooner_is_left_alone() -> None:
    assert clock().capped(after(10)) == clock()


def test_the_cap_holds_on_the_natural_clock_whatever_the_clock_counted() -> None:
    night = shanghai(11, 23, 23)
    contact = clock(ClockKind.CONTACT, at=night).capped(night + timedelta(hours=1))
    assert contact.time == NaturalTime()
    assert contact.due_at == night + timedelta(hours=1)


def test_a_cap_reckons_with_pauses() -> None:
    paused_once = clock(ClockKind.FIRST_ROUND).pause(after(30)).resume(after(90))
    assert paused_once.capped(after(120)).due_at == after(120)


def test_a_paused_clock_has_no_deadline_to_cap() -> None:
    paused = clock(ClockKind.FIRST_ROUND).pause(after(30))
    assert paused.capped(after(120)) == paused


def test_capping_keeps_what_has_been_climbed() -> None:
    climbed = clock(ClockKind.FIRST_ROUND).climb(0, after(720))
    assert climbed.capped(after(800)).climbed == climbed.climbed


# A pause's own clock


def test_a_review_clock_resumes_at_its_date() -> None:
    review = pause_clock(START, after(90), 2)
    assert (review.id, review.kind, review.due_at) == ("review#2", ClockKind.PAUSE, after(90))
    assert review.rung(0).action is Action.RESUME
    assert review.due_rung(after(90)) == 0


def test_each_clock_has_an_id_of_its_own() -> None:
    assert clock(ClockKind.COMPLETION, n=3).id == "completion#3"
    assert replace(clock(), id="feedback#1") != clock()


def test_a_rung_that_comes_late_does_not_skip_that_a_leader_owns_the_case() -> None:
    ladder = (Rung(at_percent=100, action=Action.URGE), Rung(at_percent=200, action=Action.OWN))
    clock = Clock("completion#0", ClockKind.COMPLETION, "x", START, 10.0, NaturalTime(), ladder)
    late = clock.due_rung(START + timedelta(seconds=45))
    assert late == 2  # the repeat at 400 %
    assert clock.rung(late).action is Action.SUPERVISE
    assert clock.doing(late) is Action.OWN
    climbed = clock.climb(late, START + timedelta(seconds=45))
    assert climbed.due_rung(START + timedelta(seconds=79)) is None
    assert climbed.doing(3) is Action.SUPERVISE  # once
