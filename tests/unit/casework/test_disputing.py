"""Declines and rulings: who is responsible meanwhile, before whom it is, and whose the time was."""

from typing import Any

import pytest
from lives import ADJUDICATOR, DISPATCHER, Life, after

from casework.clocks import ClockKind
from casework.errors import Refused
from casework.events import CITIZEN, Actor, Kind, Role
from casework.states import State
from casework.view import Names, case_json
from catalog.policy import Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
NAMES = Names(None, {})


def declined(life: Life, minutes: float, proposed: str = "sw") -> Life:
    life.unit(Kind.DECLINED, minutes, reason="不归我管", proposed_unit=proposed)
    return life


def bounced() -> Life:
    """cg declines at 10, the dispatcher finds sw at 20, which declines at 30: the adjudicator has it."""
    life = declined(Life.begun(PLAIN).assigned().notified(0), 10)
    life.act(Kind.ASSIGNED, DISPATCHER, after(20), unit="sw")
    return declined(life.notified(20), 30, "cg")


def ruled(life: Life, minutes: float, unit: str) -> Life:
    life.act(Kind.RULED, ADJUDICATOR, after(minutes), unit=unit, reason="三定方案")
    return life


def refusal(life: Life, kind: Kind, actor: Actor, minutes: float = 40, **data: Any) -> str:
    with pytest.raises(Refused) as refused:
        life.act(kind, actor, after(minutes), **data)
    return str(refused.value)


def shown(life: Life, minutes: float) -> dict[str, float]:
    held = case_json(life.case, NAMES, after(minutes))["held"]
    return {account["holder"]: account["seconds"] for account in held}


# The decline


def test_the_first_unit_stays_responsible_and_its_clocks_run_on() -> None:
    life = declined(Life.begun(PLAIN).assigned().notified(), 2)
    assert (life.case.state, life.case.stage, life.case.unit) == (State.IN_DISPUTE, State.AWAITING_ACK, "cg")
    assert life.clock(ClockKind.COMPLETION).running
    assert life.clock(ClockKind.ADJUDICATION).holder == "dispatcher"
    assert [(e.addressee, e.type) for e in life.last] == [("dispatcher", "staff.declined")]
    assert life.completed(60).case.state is State.AWAITING_CALLBACK, "先办后议"
    assert life.case.disputed is None
    assert not life.clock(ClockKind.ADJUDICATION).running


def test_it_is_declined_before_the_acknowledgement_or_so_many_hours_after_it() -> None:
    assert declined(Life.begun(PLAIN).assigned().handled(5), 5 + 120).case.disputed == "dispatcher"
    life = Life.begun(PLAIN).assigned().handled(5)
    task = life.case.task
    assert task is not None
    no = refusal(life, Kind.DECLINED, Actor(Role.UNIT, "cg"), 126, task_id=task.task_id, reason="x", proposed_unit="sw")
    assert no == "more than 2 hours have passed since the acknowledgement"


def test_another_unit_is_proposed() -> None:
    with pytest.raises(Refused, match="proposed_unit: must be another unit"):
        declined(Life.begun(PLAIN).assigned(), 2, "cg")


def test_what_is_disputed_is_not_declined_again_nor_what_is_done() -> None:
    with pytest.raises(Refused, match="not allowed while the case is in_dispute"):
        declined(declined(Life.begun(PLAIN).assigned(), 2), 3)
    with pytest.raises(Refused, match="waits for 销案"):
        declined(Life.begun(PLAIN).assigned().handled().owned().completed(20), 21)


def test_while_others_work_on_its_behalf_it_is_not_declined() -> None:
    with pytest.raises(Refused, match="others work on it"):
        declined(Life.begun(PLAIN).assigned().whistled("sw"), 12)


# Before whom


def test_the_dispatcher_finds_another_or_says_that_it_is_theirs() -> None:
    life = declined(Life.begun(PLAIN).assigned(), 2)
    life.act(Kind.ASSIGNED, DISPATCHER, after(3), unit="sw")
    assert (life.case.disputed, life.case.unit) == (None, "sw")
    kept = declined(Life.begun(PLAIN).assigned(), 2)
    kept.act(Kind.REFUSED, DISPATCHER, after(3), reason="是你们的")
    assert (kept.case.disputed, kept.case.unit) == (None, "cg")
    assert [(e.addressee, e.data["request"], e.data["granted"]) for e in kept.last] == [("cg", "decline", False)]


def test_the_adjudicator_has_it_after_so_many_or_when_the_proposed_unit_declines_too() -> None:
    life = bounced()
    assert life.case.disputed == "adjudicator"
    assert [(e.addressee, e.type) for e in life.last] == [("adjudicator", "staff.declined")]
    three = Policy(calendar="none", quiet_hours=None, declines_before_adjudication=3)
    patient = declined(Life.begun(three).assigned(), 2, "jt")
    patient.act(Kind.ASSIGNED, DISPATCHER, after(3), unit="sw")
    assert declined(patient, 4, "cg").case.disputed == "dispatcher", "sw was not the one that was proposed"
    patient.act(Kind.ASSIGNED, DISPATCHER, after(5), unit="cg")
    assert declined(patient, 6, "jt").case.disputed == "adjudicator"


def test_only_the_adjudicator_decides_then() -> None:
    life = bounced()
    assert refusal(life, Kind.REFUSED, DISPATCHER, reason="x") == "the adjudicator rules on it now"
    assert "not allowed" in refusal(life, Kind.ASSIGNED, DISPATCHER, unit="jt")
    assert "not allowed" in refusal(life, Kind.RULED, DISPATCHER, unit="cg", reason="x")
    first = declined(Life.begun(PLAIN).assigned(), 2)
    assert "not allowed" in refusal(first, Kind.RULED, ADJUDICATOR, unit="cg", reason="x")


def test_a_late_adjudicator_is_reported_to_the_supervisor() -> None:
    life = bounced()
    life.fire_all(after(30 + 36.1 * 60))
    assert ("supervisor", "staff.rung") in {(effect.addressee, effect.type) for effect in life.owed}


# The ruling


def test_a_ruling_for_another_hands_it_over() -> None:
    life = ruled(bounced(), 45, "cg")
    assert (life.case.unit, life.case.stage, life.case.disputed) == ("cg", State.AWAITING_ACK, None)
    assert [(e.addressee, e.type) for e in life.last] == [
        ("sw", "task.reassigned"),
        ("cg", "task.assigned"),
        ("citizen", "citizen.assigned"),
    ]
    assert life.case.task is not None
    assert life.case.task.task_id == "PS2026112300001-T3"


def test_a_ruling_for_the_unit_that_has_it_changes_nothing_but_the_dispute() -> None:
    life = ruled(bounced(), 45, "sw")
    assert (life.case.unit, life.case.state, life.case.disputed) == ("sw", State.AWAITING_ACK, None)
    assert [(e.addressee, e.data["request"], e.data["granted"]) for e in life.last] == [("sw", "decline", False)]


def test_what_has_been_ruled_is_not_declined_again() -> None:
    with pytest.raises(Refused, match="it has been ruled"):
        declined(ruled(bounced(), 45, "cg"), 46)


# Whose the time is


def test_until_it_is_ruled_the_time_is_shown_as_the_last_decliners() -> None:
    life = bounced()
    assert life.case.held.until(after(40)).seconds["disputed"] == 10 * 60
    assert shown(life, 40)["department:sw"] == 20 * 60
    assert sum(shown(life, 40).values()) == 40 * 60


def test_whoever_declined_what_is_his_pays_for_all_since() -> None:
    held = ruled(bounced(), 45, "cg").seconds
    assert held == {"department:cg": 45 * 60}


def test_whoever_declined_last_pays_from_his_decline_on() -> None:
    held = ruled(bounced(), 45, "sw").seconds
    assert held["department:cg"] == 10 * 60
    assert held["dispatcher"] == 10 * 60, "who had sent it to the wrong unit"
    assert held["department:sw"] == 25 * 60


def test_where_neither_had_declined_wrongly_the_dispatcher_pays_for_the_dispute() -> None:
    held = ruled(bounced(), 45, "jt").seconds
    assert held["dispatcher"] == (10 + 15) * 60
    assert "disputed" not in held


def test_what_the_adjudicator_took_beyond_the_limit_is_the_adjudicators() -> None:
    life = ruled(bounced(), 30 + 24 * 60 + 100, "cg")
    assert life.seconds["adjudicator"] == 100 * 60
    assert sum(life.seconds.values()) == (130 + 24 * 60) * 60


def test_a_dispute_ends_with_its_case() -> None:
    life = declined(Life.begun(PLAIN).assigned().notified(), 10)
    life.act(Kind.WITHDREW, CITIZEN, after(15))
    assert (life.case.disputed, life.case.state) == (None, State.CLOSED)
    assert life.seconds["department:cg"] == (14.5) * 60
