"""What comes next, and when to look again."""

from datetime import timedelta

import pytest
from lives import DISPATCHER, Life, after

from casework.clocks import ClockKind
from casework.events import CITIZEN, SYSTEM, Kind
from casework.states import Outcome, State
from casework.steps import Owed, Verb, due_rung, next_alarm, next_step
from catalog.policy import Policy
from catalog.working_time import SHANGHAI

PLAIN = Policy(calendar="none", quiet_hours=None)
GRACE = timedelta(seconds=2)
DAY = 24 * 60.0
NOTHING = Owed()


def step(life: Life, minutes: float, owed: Owed = NOTHING) -> Verb | None:
    return next_step(life.case, life.policy, after(minutes), owed)


def alarm(life: Life, owed: Owed = NOTHING) -> object:
    return next_alarm(life.case, life.policy, owed)


def assigned() -> Life:
    return Life.begun(PLAIN).assigned()


def test_a_request_is_classified_then_graded_then_assigned() -> None:
    life = Life.begun(PLAIN)
    assert step(life, 0) is Verb.CLASSIFY
    life.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.9, candidates=[])
    assert step(life, 0) is Verb.GRADE
    life.act(Kind.GRADED, grade="C")
    assert step(life, 0) is Verb.ASSIGN
    life.act(Kind.ASSIGNED, unit="cg")
    assert step(life, 0) is None


def test_dispatch_comes_before_reminders_and_messages() -> None:
    assert step(Life.begun(PLAIN), 60, Owed(ready=1)) is Verb.CLASSIFY


def test_a_case_without_a_sure_item_waits_for_its_dispatcher() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.1, candidates=[])
    life.act(Kind.GRADED, grade="C")
    life.act(Kind.TRIAGED)
    assert step(life, 1) is None
    assert alarm(life) == after(5) + GRACE  # the promise of feedback runs


def test_a_due_rung_comes_before_messages_and_after_its_grace() -> None:
    assert step(assigned(), 5, Owed(ready=1)) is Verb.NOTIFY
    assert next_step(assigned().case, PLAIN, after(5) + GRACE, Owed(ready=1)) is Verb.ESCALATE


def test_messages_that_must_wait_are_no_step() -> None:
    assert step(assigned(), 1, Owed(ready=0, next_at=after(2))) is None


def test_the_rung_to_fire_is_of_the_first_clock_that_has_one() -> None:
    act = due_rung(assigned().case, PLAIN, after(16))
    assert act is not None
    assert act.data == {
        "clock": "feedback#0",
        "rung": 4,
        "action": "supervise",
        "due_at": after(10).isoformat(),
    }
    assert act.at == after(16)


def test_one_rung_after_another_until_nothing_is_due() -> None:
    life = assigned()
    while life.fire(after(100)):
        pass
    assert step(life, 100) is None
    fired = [event.data["clock"] for event in life.events if event.kind is Kind.RUNG]
    assert fired == ["feedback#0", "contact#0"]


def test_the_alarm_is_the_next_rung_with_its_grace() -> None:
    assert alarm(assigned()) == after(5) + GRACE


def test_the_alarm_is_the_next_try_of_a_message_where_that_is_sooner() -> None:
    assert alarm(assigned(), Owed(next_at=after(2))) == after(2)
    assert alarm(assigned(), Owed(next_at=after(9))) == after(5) + GRACE


def test_a_paused_case_sleeps_until_its_review() -> None:
    life = assigned().handled().paused(6, 600)
    assert alarm(life) == after(600) + GRACE
    assert step(life, 599) is None
    assert step(life, 601) is Verb.ESCALATE


def test_a_reminder_missed_before_a_pause_waits_for_its_end() -> None:
    life = assigned().handled().paused(13 * 60, 14 * 60)  # the first round's reminder was due after 12 hours
    assert step(life, 13 * 60 + 1) is None
    assert alarm(life) == after(14 * 60) + GRACE
    resumed, reminded = life.fire(after(15 * 60)), life.fire(after(15 * 60))
    assert resumed is not None
    assert reminded is not None
    assert (resumed.kind, reminded.data["clock"]) == (Kind.RESUMED, "first_round#0")


# Asking the citizen


def test_the_citizen_is_asked_as_soon_as_the_work_is_done() -> None:
    assert step(assigned().completed(60), 60) is Verb.CALLBACK


def test_nobody_is_asked_in_the_quiet_hours() -> None:
    life = Life.begun().assigned().completed(13 * 60)  # at 23:00
    assert step(life, 14 * 60) is None
    seven = alarm(life)
    assert seven == after(21 * 60)
    assert seven.astimezone(SHANGHAI).hour == 7  # type: ignore[attr-defined]
    assert step(life, 21 * 60) is Verb.CALLBACK


def test_who_has_been_asked_is_not_asked_at_once_again() -> None:
    life = assigned().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    assert step(life, 60) is None
    third = life.clock(ClockKind.CALLBACK).instant(33)
    assert third is not None
    assert alarm(life) == third + GRACE


def test_after_an_outage_the_citizen_is_asked_and_has_the_whole_time_to_answer() -> None:
    life = assigned().completed(60)
    woken = 60 + 30 * DAY
    assert step(life, woken) is Verb.CALLBACK  # and not closed unasked
    life.act(Kind.ASKED, SYSTEM, after(woken))
    assert step(life, woken) is None
    assert life.clock(ClockKind.CALLBACK).due_at == after(woken + 5 * DAY)
    assert life.fire(after(woken + 5 * DAY - 1)) is not None
    assert life.case.open


def test_the_citizen_is_asked_three_times_before_the_case_closes_unrated() -> None:
    life = assigned().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    for day in (1.7, 3.4, 5.1):
        assert life.fire(after(60 + day * DAY)) is not None
    assert [effect.type for effect in life.owed if "ask" in effect.type and effect.addressee == "citizen"] == [
        "citizen.ask",
        "citizen.ask_again",
        "citizen.ask_again",
    ]
    assert life.case.outcome is Outcome.UNRATED


def test_work_that_is_done_again_is_asked_about_again() -> None:
    life = assigned().completed(60)
    life.act(Kind.ASKED, SYSTEM, after(60))
    life.judged(70, solved=False, satisfaction=1).completed(80)
    assert step(life, 80) is Verb.CALLBACK


# The end


@pytest.mark.parametrize("owed", [NOTHING, Owed(ready=2)])
def test_a_closed_case_has_nothing_left_but_its_messages(owed: Owed) -> None:
    life = assigned().completed(60).judged(70, solved=True, satisfaction=5)
    assert step(life, 99 * DAY, owed) is (Verb.NOTIFY if owed.ready else None)
    assert alarm(life) is None
    assert alarm(life, Owed(next_at=after(80))) == after(80)
    assert due_rung(life.case, PLAIN, after(99 * DAY)) is None


def test_a_reopened_case_has_rungs_again() -> None:
    life = assigned().completed(60).judged(70, solved=True, satisfaction=5)
    life.act(Kind.REOPENED, CITIZEN, after(2 * DAY), reason="又坏了")
    assert life.case.state is State.AWAITING_ACK
    assert alarm(life) == after(2 * DAY + 12 * 60) + GRACE


def test_a_dispatcher_who_is_quicker_than_the_classifier_has_decided() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.ASSIGNED, DISPATCHER, after(0.1), unit="cg", item="SZ-0101", grade="B")
    assert step(life, 0.2) is None
