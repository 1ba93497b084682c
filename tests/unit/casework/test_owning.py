"""Ownership: who opens it, how it rises, what ends it, and that nothing goes round it."""

from typing import Any

import pytest
from lives import DISPATCHER, SUPERVISOR, Life, after

from casework import owning
from casework.clocks import ClockKind
from casework.errors import BadAct, Refused
from casework.events import CITIZEN, SYSTEM, Actor, Event, Kind, Role
from casework.states import Outcome, State
from casework.steps import Owed, Verb, next_step
from casework.view import Names, case_json
from catalog.policy import Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
HOUR = 60
LEADER = Actor(Role.LEADER, "head")
ASKED = {"disposition": "solved", "evidence": ["https://a.cn/1.jpg"], "opinion": "居民同意"}


def begun(**facts: Any) -> Life:
    return Life.begun(PLAIN, **facts).assigned().notified().handled(5)


def asked(life: Life, minutes: float = 20) -> Life:
    life.owner(Kind.DISSOLUTION, minutes, **ASKED)
    return life


def refusal(life: Life, kind: Kind, actor: Actor, **data: Any) -> str:
    with pytest.raises(Refused) as refused:
        life.act(kind, actor, after(40), **data)
    return str(refused.value)


def risen(life: Life, minutes: float) -> Event:
    """The owner's silence: his own ladder comes to its end."""
    while (event := life.fire(after(minutes), "O1")) is not None:
        if event.kind is Kind.ROSE:
            return event
    raise AssertionError("it did not rise")


# Opened


@pytest.mark.parametrize("actor", [DISPATCHER, SUPERVISOR, LEADER])
def test_who_may_order_it(actor: Actor) -> None:
    life = begun()
    life.act(Kind.OWNED, actor, after(10), trigger="order", tier="district")
    one = life.case.ownership
    assert one is not None
    assert (one.at.tier, one.at.owner, one.at.office, one.above.tier) == ("district", "deputy", "office", "head")
    assert (life.case.state, one.state) == (State.OWNED, State.AWAITING_ACCEPTANCE)


def test_neither_unit_nor_citizen_orders_it() -> None:
    for actor in (Actor(Role.UNIT, "cg"), CITIZEN):
        assert "not allowed" in refusal(begun(), Kind.OWNED, actor, trigger="order", task_id="PS2026112300001-T1")


def test_what_no_unit_has_is_not_owned() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.CLASSIFIED, item=None, confidence=0.1, candidates=[])
    life.act(Kind.GRADED, grade="C")
    life.act(Kind.TRIAGED)
    assert "dispatch it first" in refusal(life, Kind.OWNED, DISPATCHER, trigger="order")


def test_one_is_open_at_a_time_and_a_hearing_follows_dissolution_alone() -> None:
    assert "not allowed" in refusal(begun().owned(), Kind.OWNED, DISPATCHER, trigger="order")
    assert "only after 销案" in refusal(begun(), Kind.OWNED, SYSTEM, trigger="hearing")


def test_a_tier_that_the_district_does_not_have_is_refused() -> None:
    assert refusal(begun(), Kind.OWNED, DISPATCHER, trigger="order", tier="group") == (
        "tier: must be one of unit, district, head: the district file names nobody else"
    )


def test_a_ladders_end_opens_it_once() -> None:
    life = Life.begun(PLAIN, grade="A").assigned("A").notified().handled()
    life.fire_all(after(241))
    assert [event.kind for event in life.events].count(Kind.OWNED) == 1
    assert life.case.ownerships[-1].trigger == "ladder"
    life.fire_all(after(48.1 * HOUR))  # the first round's ladder ends as well
    assert [event.kind for event in life.events].count(Kind.OWNED) == 1


def test_the_second_reopening_and_a_long_standing_matter_are_owned() -> None:
    life = begun()
    for minutes in (30, 60):
        assert owning.due(life.case) is None
        life.completed(minutes).judged(minutes + 5, solved=False, satisfaction=1)
    assert owning.due(life.case) == "second_reopening"
    assert next_step(life.case, PLAIN, after(70), Owed()) is Verb.OWN
    life.owned(70, trigger="second_reopening")
    assert owning.due(life.case) is None
    old = Life.begun(PLAIN)
    old.act(Kind.CLASSIFIED, item="SZ-1", confidence=0.9, candidates=[])
    old.act(Kind.GRADED, grade="C", long_standing=True)
    old.act(Kind.ASSIGNED, unit="cg")
    assert owning.due(old.case) == "long_standing"


def test_it_is_told_to_the_office_once_and_to_the_citizen() -> None:
    life = begun().owned()
    (told,) = life.told("ownership.assigned")
    assert (told.addressee, told.task_id, told.strand) == ("cg", "PS2026112300001-T2", "O1")
    assert told.key == f"PS2026112300001:ownership.assigned:{life.case.seq}:cg"
    assert {key: told.data[key] for key in ("role", "tier", "owner")} == {
        "role": "owner", "tier": "unit", "owner": "cg-leader"
    }  # fmt: skip
    assert [clock["kind"] for clock in told.data["clocks"]] == ["accept"]
    assert told.due_at == after(10 + 24 * HOUR)
    assert len(life.told("citizen.owned")) == 1


# The owner's work


def test_whatever_he_does_implies_that_he_has_accepted() -> None:
    life = begun().owned()
    life.owner(Kind.HOME_VISITED, 20, note="入户")
    one = life.case.ownership
    assert one is not None
    assert one.state is State.IN_PROGRESS
    assert life.case.clock(ClockKind.ACCEPT, "O1").met_at == after(20)  # type: ignore[union-attr]
    assert life.case.clock(ClockKind.VISIT, "O1").met_at == after(20)  # type: ignore[union-attr]
    assert life.case.clock(ClockKind.PLAN, "O1").running  # type: ignore[union-attr]


def test_there_is_always_a_review_ahead_no_later_than_he_has_said() -> None:
    life = begun().owned()
    life.owner(Kind.PLANNED, 20, note="方案", review_at=after(20 + 24 * HOUR).isoformat())
    review = life.case.clock(ClockKind.REVIEW, "O1")
    assert review is not None
    assert (review.running, review.due_at) == (True, after(20 + 24 * HOUR))
    life.owner(Kind.REVIEWED, 30, note="推进")
    review = life.case.clock(ClockKind.REVIEW, "O1")
    assert review is not None
    assert (review.id, review.running) == ("O1.review#1", True)
    task = life.of_the_owner.task_id
    no = refusal(life, Kind.REVIEWED, Actor(Role.UNIT, "cg"), task_id=task, note="x", review_at=after(39).isoformat())
    assert no == "review_at: must be in the future"


def test_only_the_owners_office_acts_for_him() -> None:
    life = begun().owned(tier="district")
    task = life.of_the_owner.task_id
    for unit in ("cg", "party-office"):
        assert "does not hold" in refusal(life, Kind.ACCEPTED, Actor(Role.UNIT, unit), task_id=task)


def test_a_silent_owner_is_followed_by_the_next_up_to_the_head_and_each_is_told_once() -> None:
    life = begun().owned()
    told = list(life.told("ownership.assigned"))
    for minutes, tier, owner in ((60, "district", "deputy"), (120, "head", "head")):
        event = risen(life, minutes * HOUR)
        assert (event.data["tier"], event.data["owner"]) == (tier, owner)
        assert len(life.told("task.reassigned")) == 1, "the owner before him"
        told += life.told("ownership.assigned")
    assert [e.addressee for e in told] == ["cg", "office", "party-office"]
    assert len({e.key for e in told}) == 3
    one = life.case.ownership
    assert one is not None
    assert (one.at.top, one.above.tier) == (True, "group")
    life.fire_all(after(500 * HOUR))
    assert [event.kind for event in life.events].count(Kind.ROSE) == 2, "above the head there is nobody who owns"
    assert [clock.kind for clock in life.case.clocks if clock.of == "O1" and clock.running] == [ClockKind.ACCEPT]


def test_rungs_on_other_clocks_do_not_raise_it() -> None:
    life = begun().owned()
    life.fire_all(after(49 * HOUR))
    rungs = [event for event in life.events if event.data.get("clock") == "first_round#0"]
    assert {event.kind for event in rungs} == {Kind.RUNG}


# 销案


def test_dissolution_waits_for_the_tier_above() -> None:
    life = asked(begun().owned())
    approver = life.of_the_approver
    assert (approver.unit, approver.role, life.case.state) == ("office", "approver", State.OWNED)
    approval = life.case.clock(ClockKind.APPROVAL, "O1")
    assert approval is not None
    assert approval.holder == "leader:deputy"
    (told,) = life.told("ownership.assigned")
    assert (told.addressee, told.data["role"], told.data["disposition"]) == ("office", "approver", "solved")
    owner = life.of_the_owner.task_id
    assert "not hold" in refusal(life, Kind.APPROVED, Actor(Role.UNIT, "cg"), task_id=owner)


def test_the_leading_group_decides_for_the_highest() -> None:
    assert asked(begun().owned(tier="head")).of_the_approver.unit == "group-office"


def test_while_it_is_awaited_it_does_not_rise() -> None:
    life = asked(begun().owned())
    life.fire_all(after(900 * HOUR))
    assert Kind.ROSE not in {event.kind for event in life.events}


def test_refused_the_owner_goes_on_with_a_review_ahead() -> None:
    life = asked(begun().owned())
    life.say(life.of_the_approver, Kind.NOT_APPROVED, 30, reason="还没解决")
    one = life.case.ownership
    assert one is not None
    assert (one.state, one.approver) == (State.IN_PROGRESS, None)
    assert [clock.kind for clock in life.case.clocks if clock.of == "O1" and clock.running] == [ClockKind.REVIEW]
    (told,) = life.told("task.decided")
    assert (told.addressee, told.data["request"], told.data["granted"]) == ("cg", "dissolution", False)
    asked(life, 40)
    assert len([task for task in life.case.tasks if task.role == "approver"]) == 2


def test_approved_the_citizen_is_asked() -> None:
    life = begun().owned().dissolved(30)
    assert (life.case.state, life.case.ownerships[-1].state) == (State.AWAITING_CALLBACK, State.DISSOLVED)
    assert life.case.task is not None
    assert life.case.task.completed_at == after(30)
    assert [clock.kind for clock in life.case.clocks if clock.running] == [ClockKind.CALLBACK]


def test_it_is_not_dissolved_around_an_open_call() -> None:
    life = begun().owned().whistled("sw", minutes=15)
    task = life.of_the_owner.task_id
    assert "not allowed" in refusal(life, Kind.DISSOLUTION, Actor(Role.UNIT, "cg"), task_id=task, **ASKED)


def test_completion_does_not_close_around_it_and_is_said_once() -> None:
    life = begun().owned().completed(30)
    assert (life.case.state, life.case.stage) == (State.OWNED, State.IN_PROGRESS)
    assert not [clock for clock in life.case.clocks if clock.running and not clock.of]
    with pytest.raises(Refused, match="waits for 销案"):
        life.completed(31)
    for kind, data in (
        (Kind.EXTENDED, {"days": 1}),
        (Kind.PAUSED, {"review_at": after(99).isoformat()}),
        (Kind.DELEGATED, {"to": "cg-1"}),
    ):
        assert "waits for 销案" in refusal(life, kind, DISPATCHER, **data)
    for kind in (Kind.REFERRED, Kind.NOT_ACCEPTED):
        assert "not allowed" in refusal(life, kind, DISPATCHER, to="119", name="消防", reason="x")


def test_a_citizen_who_withdraws_does_not_end_it_and_is_not_asked() -> None:
    life = begun().owned()
    assert life.act(Kind.WITHDREW, CITIZEN, after(12)).open
    life.dissolved(30)
    assert (life.case.state, life.case.outcome) == (State.CLOSED, Outcome.WITHDRAWN)


# The hearing


def heard() -> Life:
    return begun().owned().dissolved(30).judged(40, solved=False, satisfaction=1)


def test_after_dissolution_the_hearing_is_all_that_is_left() -> None:
    life = heard()
    assert (life.case.heard, life.case.stage, owning.due(life.case)) == (True, State.IN_PROGRESS, "hearing")
    assert next_step(life.case, PLAIN, after(41), Owed()) is Verb.OWN
    assert [effect.type for effect in life.last] == ["citizen.heard"]
    left = "after 销案 only the hearing (评理) is left"
    assert refusal(life, Kind.ASSIGNED, DISPATCHER, unit="sw") == left
    assert refusal(life, Kind.OWNED, DISPATCHER, trigger="order") == left
    called = {"units": ["sw"], "lead": "sw", "reason": "x", "caller": "dispatcher"}
    assert refusal(life, Kind.WHISTLED, DISPATCHER, **called) == left


def test_the_hearing_is_the_heads_and_ends_by_the_leading_group() -> None:
    life = heard().owned(41, trigger="hearing")
    assert life.case.ownerships[-1].at.tier == "head"
    asked(life, 50)
    assert life.of_the_approver.unit == "group-office"
    life.say(life.of_the_approver, Kind.APPROVED, 60)
    assert (life.case.state, life.case.outcome) == (State.CLOSED, Outcome.CONCLUDED)
    assert "not allowed" in refusal(life, Kind.REOPENED, CITIZEN, reason="还不满意")


# Time and view


def test_the_time_is_the_owners_from_his_notice_and_the_approvers_while_he_decides() -> None:
    life = begun().owned(10)
    life.act(Kind.NOTIFIED, at=after(14), task_id=life.of_the_owner.task_id)
    asked(life, 20)
    life.act(Kind.NOTIFIED, at=after(22), task_id=life.of_the_approver.task_id)
    life.say(life.of_the_approver, Kind.APPROVED, 30)
    held = life.seconds
    assert held["leader:cg-leader"] == 6 * 60
    assert held["leader:deputy"] == 8 * 60
    assert sum(held.values()) == 30 * 60


def test_the_view_shows_each_ownership() -> None:
    life = begun().owned().dissolved(30)
    (shown,) = case_json(life.case, Names(None, {}), after(30))["ownerships"]
    assert shown == {
        "call_id": "PS2026112300001-O1",
        "tier": "unit",
        "owner": "cg-leader",
        "state": "dissolved",
        "disposition": "solved",
        "trigger": "order",
    }


def test_a_refused_field_is_named() -> None:
    with pytest.raises(BadAct) as refused:
        begun().owned(tier="village")
    assert refused.value.field == "tier"
