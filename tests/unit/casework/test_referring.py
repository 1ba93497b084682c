"""Referral out and 不予受理: the receipt that is waited for, the return, what the citizen is told."""

from typing import Any

import pytest
from lives import CITIZEN, DISPATCHER, Life, after

from casework.clocks import ClockKind
from casework.errors import BadAct, NotAllowed
from casework.events import SYSTEM, Actor, Kind, Role
from casework.states import Outcome, State
from casework.steps import Owed, Verb, next_step
from casework.view import Names, case_json
from catalog.policy import Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
LINE = {"to": "119", "name": "消防救援", "phone": "119", "reason": "燃气泄漏"}
GAS = {"to": "gas", "name": "燃气公司", "reason": "表前阀", "unit": "gas"}


def referred(said: dict[str, Any], **facts: Any) -> Life:
    life = Life.begun(PLAIN, **facts).assigned().notified(0)
    life.act(Kind.REFERRED, DISPATCHER, after(2), **said)
    return life


def gas(life: Life) -> dict[str, Any]:
    assert life.case.referral is not None
    return {"task_id": life.case.referral.task_id}


def test_an_emergency_item_is_referred_at_once_by_the_run() -> None:
    life = Life.begun(PLAIN, grade="A")
    life.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.9, candidates=[])
    life.act(Kind.GRADED, grade="A", line="119")
    assert next_step(life.case, PLAIN, after(0), Owed()) is Verb.REFER
    life.act(Kind.REFERRED, SYSTEM, **LINE)
    assert life.case.state is State.AWAITING_REFERRAL
    assert [(e.addressee, e.type) for e in life.last] == [
        ("dispatcher", "staff.refer"),
        ("citizen", "citizen.referred"),
    ]


def test_a_line_is_the_dispatchers_to_ring() -> None:
    life = referred(LINE)
    assert life.clock(ClockKind.REFERRAL).holder == "dispatcher"
    assert [clock.kind for clock in life.case.clocks if clock.running] == [ClockKind.REFERRAL]
    assert [(e.addressee, e.type) for e in life.last] == [
        ("cg", "task.withdrawn"),
        ("dispatcher", "staff.refer"),
        ("citizen", "citizen.referred"),
    ]
    with pytest.raises(BadAct, match="reference: must be the number"):
        life.act(Kind.REFERRAL_CONFIRMED, DISPATCHER, after(5))
    life.act(Kind.REFERRAL_CONFIRMED, DISPATCHER, after(5), reference="119-7")
    assert (life.case.state, life.case.outcome) == (State.CLOSED, Outcome.REFERRED_OUT)
    assert life.clock(ClockKind.REFERRAL).met_at == after(5)
    assert ("citizen", "citizen.closed") in {(e.addressee, e.type) for e in life.last}


def test_a_unit_of_ours_has_the_work_itself() -> None:
    life = referred(GAS)
    task = life.case.given(gas(life)["task_id"])
    assert task is not None
    assert (task.unit, task.role, task.state) == ("gas", "referral", State.AWAITING_REFERRAL)
    assert ("gas", "task.assigned") in {(e.addressee, e.type) for e in life.last}
    life.act(Kind.NOTIFIED, at=after(4), **gas(life))
    assert life.case.held.holder == "department:gas"
    life.act(Kind.REFERRAL_CONFIRMED, Actor(Role.UNIT, "gas"), after(10), reference="R-1", **gas(life))
    assert life.case.outcome is Outcome.REFERRED_OUT
    assert life.seconds == {"department:cg": 2 * 60, "system": 2 * 60, "department:gas": 6 * 60}


def test_nobody_else_confirms() -> None:
    life = referred(GAS)
    for unit in ("cg", "sw"):
        with pytest.raises(NotAllowed, match="does not hold the task"):
            life.act(Kind.REFERRAL_CONFIRMED, Actor(Role.UNIT, unit), after(10), reference="R-1", **gas(life))
    with pytest.raises(NotAllowed):
        referred(GAS).act(Kind.REFERRAL_CONFIRMED, CITIZEN, after(10), reference="R-1")


@pytest.mark.parametrize("said", [LINE, GAS], ids=["line", "unit"])
def test_returned_it_is_the_dispatchers(said: dict[str, Any]) -> None:
    life = referred(said)
    actor = DISPATCHER if said is LINE else Actor(Role.UNIT, "gas")
    named = {} if said is LINE else gas(life)
    life.act(Kind.REFERRAL_RETURNED, actor, after(10), reason="不是燃气", **named)
    assert (life.case.state, life.case.held.holder, life.case.referral) == (State.TRIAGE, "dispatcher", None)
    assert life.clock(ClockKind.TRIAGE).running
    assert {(e.addressee, e.type) for e in life.last} == {
        ("dispatcher", "staff.triage"),
        ("citizen", "citizen.returned"),
    }
    life.act(Kind.ASSIGNED, DISPATCHER, after(12), unit="sw")
    assert (life.case.state, life.case.unit) == (State.AWAITING_ACK, "sw")


def test_a_receipt_that_does_not_come_is_urged() -> None:
    life = referred(LINE)
    life.fire_all(after(2 + 37 * 60))
    assert ("supervisor", "staff.rung") in {(e.addressee, e.type) for e in life.owed}
    assert life.case.open


def test_what_is_held_here_is_not_referred_out_nor_refused() -> None:
    for life in (Life.begun(PLAIN).assigned().owned(), Life.begun(PLAIN).assigned().whistled("sw")):
        for kind in (Kind.REFERRED, Kind.NOT_ACCEPTED):
            with pytest.raises(NotAllowed):
                life.act(kind, DISPATCHER, after(20), **LINE)


def test_what_is_passed_on_below_is_taken_away() -> None:
    life = Life.begun(PLAIN).assigned()
    life.unit(Kind.DELEGATED, 1, to="cg-1")
    life.act(Kind.REFERRED, DISPATCHER, after(2), **LINE)
    assert life.case.delegator is None
    assert {task.state for task in life.case.tasks} == {State.CLOSED}


def test_not_accepted_closes_with_its_reason() -> None:
    life = Life.begun(PLAIN).assigned()
    life.act(Kind.NOT_ACCEPTED, DISPATCHER, after(2), reason="法院已受理")
    assert (life.case.state, life.case.outcome) == (State.CLOSED, Outcome.NOT_ACCEPTED)
    closed = {e.addressee: e for e in life.last if e.type.endswith("closed")}
    assert closed["citizen"].data["reason"] == "法院已受理"
    assert ("cg", "task.withdrawn") in {(e.addressee, e.type) for e in life.last}
    for actor in (CITIZEN, SYSTEM):
        with pytest.raises(NotAllowed):
            life.act(Kind.REOPENED, actor, after(3), reason="x")


def test_the_view_shows_the_referral() -> None:
    life = referred({**LINE, "due_at": after(99).isoformat()})
    life.act(Kind.REFERRAL_CONFIRMED, DISPATCHER, after(5), reference="119-7")
    assert case_json(life.case, Names(None, {}), after(9))["referral"] == {
        "to": "119",
        "name": "消防救援",
        "reason": "燃气泄漏",
        "at": after(2).isoformat(),
        "due_at": after(99).isoformat(),
        "confirmed_at": after(5).isoformat(),
        "reference": "119-7",
    }
