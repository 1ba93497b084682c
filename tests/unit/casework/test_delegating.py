"""Delegation and recheck: the unit below works, whoever passed it on looks at it again."""

from typing import Any

import pytest
from lives import DISPATCHER, Life, after

from casework.clocks import ClockKind
from casework.errors import NotAllowed, Refused
from casework.events import Actor, Kind, Role
from casework.states import Outcome, State
from catalog.policy import Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
GIVER = "PS2026112300001-T1"


def delegated(**facts: Any) -> Life:
    life = Life.begun(PLAIN, **facts).assigned().notified(0).handled(5)
    life.unit(Kind.DELEGATED, 10, to="cg-1")
    return life


def giver(life: Life, kind: Kind, minutes: float, **data: Any) -> Life:
    life.act(kind, Actor(Role.UNIT, "cg"), after(minutes), task_id=GIVER, **data)
    return life


def test_the_work_is_given_to_the_unit_below() -> None:
    life = delegated()
    assert (life.case.unit, life.case.stage, life.case.delegator) == ("cg-1", State.AWAITING_ACK, GIVER)
    assert life.case.given(GIVER).state is State.AWAITING_RECHECK  # type: ignore[union-attr]
    assert life.clock(ClockKind.COMPLETION).holder == "department:cg-1"
    assert life.clock(ClockKind.COMPLETION).id == "completion#0", "the same clock runs on"
    assert [(e.addressee, e.type) for e in life.last] == [("cg-1", "task.assigned"), ("citizen", "citizen.assigned")]


@pytest.mark.parametrize("to", ["cg", "cg-1"])
def test_it_is_passed_on_to_another(to: str) -> None:
    with pytest.raises(Refused, match="to: must be another unit"):
        giver(delegated(), Kind.DELEGATED, 12, to=to)


def test_whoever_passed_it_on_may_give_it_to_another() -> None:
    life = giver(delegated(), Kind.DELEGATED, 12, to="cg-2")
    assert (life.case.unit, life.case.delegator) == ("cg-2", GIVER)
    assert [(e.addressee, e.type) for e in life.last] == [
        ("cg-1", "task.reassigned"),
        ("cg-2", "task.assigned"),
        ("citizen", "citizen.assigned"),
    ]


def test_its_completion_waits_for_the_recheck() -> None:
    life = delegated().completed(30)
    assert life.case.state is State.AWAITING_RECHECK
    assert life.clock(ClockKind.RECHECK).holder == "department:cg"
    assert [(e.addressee, e.type, e.data["request"]) for e in life.last] == [("cg", "task.decided", "recheck")]
    assert life.unit(Kind.PROGRESS, 31, note="晚到的一条").state is State.AWAITING_RECHECK


def test_the_worker_does_not_pass_its_own_recheck() -> None:
    life = delegated().completed(30)
    for kind, data in ((Kind.COMPLETED, {"result": "x"}), (Kind.DELEGATED, {"to": "cg-2"})):
        with pytest.raises(NotAllowed, match="does not hold the task"):
            life.unit(kind, 31, **data)


def test_who_passed_it_on_does_not_complete_it_before() -> None:
    with pytest.raises(NotAllowed, match="it has been passed on"):
        giver(delegated(), Kind.COMPLETED, 12, result="x")


def test_the_recheck_is_passed_by_the_giver_or_at_the_desk() -> None:
    for life in (delegated().completed(30), delegated().completed(30)):
        if life.case.seq % 2:
            giver(life, Kind.COMPLETED, 40, result="复查合格")
        else:
            life.act(Kind.RECHECKED, DISPATCHER, after(40))
        assert (life.case.state, life.case.delegator) == (State.AWAITING_CALLBACK, None)
    desk = delegated().completed(30)
    desk.act(Kind.RECHECKED, DISPATCHER, after(40))
    assert (desk.case.state, desk.case.given(GIVER).state) == (  # type: ignore[union-attr]
        State.AWAITING_CALLBACK,
        State.DONE,
    )


def test_it_is_sent_back_with_a_limit_of_its_own_again() -> None:
    life = delegated().completed(30)
    life.act(Kind.SENT_BACK, DISPATCHER, after(40), reason="没清干净")
    assert (life.case.unit, life.case.stage) == ("cg-1", State.AWAITING_ACK)
    assert life.clock(ClockKind.COMPLETION).due_at == after(40 + 5 * 24 * 60)
    assert not life.clock(ClockKind.RECHECK).running
    assert [(e.addressee, e.type) for e in life.last] == [("cg-1", "task.reopened")]
    again = giver(delegated().completed(30), Kind.DELEGATED, 40, to="cg-1")
    assert (again.case.unit, again.case.stage) == ("cg-1", State.AWAITING_ACK)


def test_what_is_done_is_rechecked_once() -> None:
    life = delegated().completed(30)
    life.act(Kind.RECHECKED, DISPATCHER, after(40))
    with pytest.raises(NotAllowed):
        life.act(Kind.RECHECKED, DISPATCHER, after(41))


def test_a_silent_recheck_ends_in_an_ownership_and_goes_no_way_round_it() -> None:
    life = delegated().completed(30)
    life.fire_all(after(30 + 6.1 * 24 * 60))
    assert life.case.state is State.OWNED
    life.act(Kind.RECHECKED, DISPATCHER, after(30 + 7 * 24 * 60))
    assert (life.case.state, life.case.stage) == (State.OWNED, State.IN_PROGRESS)
    with pytest.raises(NotAllowed):
        life.act(Kind.SENT_BACK, DISPATCHER, after(30 + 8 * 24 * 60))


def test_a_withdrawn_hazard_is_closed_by_its_recheck() -> None:
    life = delegated(grade="A")
    life.act(Kind.GRADED, DISPATCHER, after(11), grade="A")
    life.act(Kind.WITHDREW, actor=Actor(Role.CITIZEN), at=after(12))
    life.completed(30).act(Kind.RECHECKED, DISPATCHER, after(40))
    assert life.case.outcome is Outcome.WITHDRAWN


def test_nothing_is_passed_on_while_something_is_open_beside() -> None:
    life = Life.begun(PLAIN).assigned().whistled("sw")
    with pytest.raises(NotAllowed):
        life.unit(Kind.DELEGATED, 12, to="cg-1")


def test_each_has_its_own_time() -> None:
    life = delegated()
    life.notified(12).completed(30).act(Kind.RECHECKED, DISPATCHER, after(40))
    assert life.seconds == {"department:cg": 20 * 60, "system": 2 * 60, "department:cg-1": 18 * 60}
