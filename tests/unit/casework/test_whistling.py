"""Whistle calls: who may call and sign off, what is missing for the joint result, whose time it is, who is told."""

from typing import Any

import pytest
from lives import DISPATCHER, SUPERVISOR, Life, after

from casework.clocks import ClockKind
from casework.effects import overtaken
from casework.errors import BadAct, NotAllowed, Refused
from casework.events import SYSTEM, Actor, Kind, Role
from casework.owing import Door
from casework.states import State
from casework.steps import Owed, Verb, next_step
from casework.view import Names, case_json
from casework.whistling import missing
from catalog.policy import Action, Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
STREET = Actor(Role.UNIT, "lj")
CALL = "PS2026112300001-W1"


def whistled(*units: str, caller: str = "lj") -> Life:
    return Life.begun(PLAIN).assigned().notified().handled(5).whistled(*(units or ("sw", "jt", "hb")), caller=caller)


def done(life: Life, *units: str, minutes: float = 20) -> Life:
    for unit in units:
        life.say(life.part(unit), Kind.PART_COMPLETED, minutes, note="已办")
    return life


def filed(life: Life, minutes: float = 25) -> Life:
    life.say(life.part("sw"), Kind.JOINT_RESULT, minutes, result="噪声已停")
    return life


def signed_off(life: Life, minutes: float = 30, by: Actor = STREET, **ratings: int) -> Life:
    said = ratings or {"sw": 5, "jt": 4, "hb": 3}
    life.act(Kind.SIGNED_OFF, by, after(minutes), call_id=CALL, ratings=said)
    return life


def refusal(life: Life, kind: Kind, actor: Actor, **data: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        life.act(kind, actor, after(40), **data)
    return refused.value


# The call


def test_a_call_gives_each_unit_its_part_and_shows_joint_handling() -> None:
    life = whistled()
    assert (life.case.state, life.case.stage) == (State.JOINT_HANDLING, State.IN_PROGRESS)
    parts = life.case.parts(CALL)
    assert [(part.unit, part.role, part.state, part.task_id[-2:]) for part in parts] == [
        ("sw", "lead", "awaiting_report_in", "T2"),
        ("jt", "co", "awaiting_report_in", "T3"),
        ("hb", "co", "awaiting_report_in", "T4"),
    ]
    assert life.case.unit == "cg", "the unit that has the case has it still"
    kinds = {(clock.of, clock.kind, clock.holder) for clock in life.case.clocks if clock.of and clock.running}
    assert kinds == {
        (of, kind, f"department:{unit}")
        for of, unit in (("T2", "sw"), ("T3", "jt"), ("T4", "hb"))
        for kind in (ClockKind.REPORT_IN, ClockKind.PART)
    } | {("W1", ClockKind.JOINT, "department:sw")}


def test_the_lead_stands_first_wherever_it_is_named() -> None:
    life = Life.begun(PLAIN).assigned().whistled("jt", "sw", lead="sw")
    assert [part.unit for part in life.case.parts(CALL)] == ["sw", "jt"]


def test_no_clock_of_a_call_is_due_after_completion() -> None:
    life = Life.begun(PLAIN, grade="A").assigned("A").whistled("sw", "jt")
    completion = life.clock(ClockKind.COMPLETION).due_at
    assert completion is not None
    assert all(clock.due_at <= completion for clock in life.case.clocks if clock.of and clock.due_at)


@pytest.mark.parametrize("actor", [STREET, DISPATCHER, SYSTEM], ids=["street", "dispatcher", "item"])
def test_who_may_call(actor: Actor) -> None:
    life = Life.begun(PLAIN).assigned()
    data = {"units": ["sw"], "lead": "sw", "reason": "x", "caller": "dispatcher"}
    assert life.act(Kind.WHISTLED, actor, after(2), **data).state is State.JOINT_HANDLING


@pytest.mark.parametrize(
    ("units", "lead", "sentence"),
    [
        (["sw", "sw"], "sw", "units: must name each unit once"),
        (["sw", "jt"], "hb", "lead: must be one of the units"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(units: list[str], lead: str, sentence: str) -> None:
    life = Life.begun(PLAIN).assigned()
    no = refusal(life, Kind.WHISTLED, STREET, units=units, lead=lead, reason="x", caller="lj")
    assert str(no) == sentence


def test_one_call_is_open_at_a_time() -> None:
    data = {"units": ["sw"], "lead": "sw", "reason": "x", "caller": "lj"}
    assert isinstance(refusal(whistled(), Kind.WHISTLED, STREET, **data), NotAllowed)
    life = signed_off(filed(done(whistled(), "jt", "hb")))
    assert isinstance(refusal(life, Kind.WHISTLED, STREET, **data), NotAllowed), "the work is done"


def test_nobody_is_called_while_dissolution_is_awaited() -> None:
    life = Life.begun(PLAIN).assigned().owned()
    life.owner(Kind.DISSOLUTION, 20, disposition="solved", evidence=["https://a.cn/1"], opinion="同意")
    no = refusal(life, Kind.WHISTLED, STREET, units=["sw"], lead="sw", reason="x", caller="lj")
    assert "销案 is awaited" in str(no)


def test_an_item_calls_its_units_once_and_not_where_others_did() -> None:
    life = Life.begun(PLAIN)
    life.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.9, candidates=[])
    life.act(Kind.GRADED, grade="C", call_roles=["water"])
    life.act(Kind.ASSIGNED, unit="cg")
    assert next_step(life.case, PLAIN, after(1), Owed()) is Verb.WHISTLE
    life.whistled("sw")
    assert next_step(life.case, PLAIN, after(10), Owed(), but=set(Action)) is None


# The parts


def test_a_part_goes_from_reporting_in_to_arrival_to_work_to_its_end() -> None:
    life = whistled()
    life.say(life.part("jt"), Kind.REPORTED_IN, 12)
    assert life.part("jt").state is State.AWAITING_ARRIVAL
    assert life.case.clock(ClockKind.REPORT_IN, "T3").met_at == after(12)  # type: ignore[union-attr]
    assert life.case.clock(ClockKind.ARRIVAL, "T3").running  # type: ignore[union-attr]
    life.say(life.part("jt"), Kind.ARRIVED, 15)
    assert life.part("jt").state is State.IN_PROGRESS
    life.say(life.part("jt"), Kind.PART_COMPLETED, 20, note="已拆除")
    assert (life.part("jt").state, life.part("jt").result) == (State.DONE, "已拆除")
    assert not [clock for clock in life.case.clocks if clock.of == "T3" and clock.running]


def test_a_later_fact_implies_the_earlier_and_a_late_copy_changes_nothing() -> None:
    life = whistled()
    life.say(life.part("jt"), Kind.ARRIVED, 12)
    assert life.case.clock(ClockKind.REPORT_IN, "T3").met_at == after(12)  # type: ignore[union-attr]
    life.say(life.part("jt"), Kind.REPORTED_IN, 13)
    assert life.part("jt").state is State.IN_PROGRESS
    done(life, "jt", minutes=14)
    life.say(life.part("jt"), Kind.ARRIVED, 15)
    assert life.part("jt").state is State.DONE


def test_only_the_called_unit_speaks_of_its_part() -> None:
    life = whistled()
    part = life.part("jt")
    for actor in (Actor(Role.UNIT, "sw"), STREET):
        no = refusal(life, Kind.REPORTED_IN, actor, task_id=part.task_id, call_id=CALL)
        assert str(no) == "this unit does not hold the task"
    handler = life.case.task
    assert handler is not None
    assert isinstance(
        refusal(life, Kind.REPORTED_IN, Actor(Role.UNIT, "cg"), task_id=handler.task_id, call_id=CALL), NotAllowed
    )


def test_the_other_parts_stand_where_one_is_silent_and_its_rungs_reach_the_leader() -> None:
    life = done(whistled(), "jt")
    life.fire(after(60), "T4")  # 50 % of two hours, and behind it the reminder
    fired = life.fire(after(10 + 180.1), "T4")  # 150 %
    assert fired is not None
    assert {(e.type, e.addressee) for e in life.last} >= {
        ("task.supervised", "hb"),
        ("task.supervised", "office"),
    }
    fired = life.fire(after(10 + 240.1), "T4")
    assert fired is not None
    assert (fired.kind, fired.data["trigger"]) == (Kind.OWNED, "ladder")
    assert (life.case.state, life.part("jt").state) == (State.OWNED, State.DONE)
    assert life.part("hb").state is State.AWAITING_REPORT_IN


def test_a_leader_in_charge_of_two_silent_units_is_told_of_each_by_name() -> None:
    life = whistled()
    for part in ("T3", "T4"):
        life.fire(after(10 + 180.1), part)
    told = [e for e in life.owed if (e.type, e.addressee) == ("task.supervised", "office")]
    assert [one.data["holder"] for one in told] == ["department:jt", "department:hb"]
    assert len({one.data["due_at"] for one in told}) == 1


def test_the_word_of_a_part_is_not_overtaken_by_what_another_did() -> None:
    life = whistled()
    for part in ("T3", "T4"):
        life.fire(after(10 + 180.1), part)
    life.say(life.part("hb"), Kind.REPORTED_IN, 10 + 100)
    told = {e.data["holder"]: e for e in life.owed if (e.type, e.addressee) == ("task.supervised", "office")}
    assert overtaken("task.supervised", None, life.case, told["department:hb"].data)
    assert not overtaken("task.supervised", None, life.case, told["department:jt"].data)


# The joint result


def test_the_joint_result_is_refused_with_what_is_missing() -> None:
    life = done(whistled(), "jt")
    lead = life.part("sw")
    no = refusal(life, Kind.JOINT_RESULT, Actor(Role.UNIT, "sw"), task_id=lead.task_id, call_id=CALL, result="好")
    assert str(no) == "these parts are neither done nor excused: hb"
    assert life.case.whistle is not None
    assert missing(life.case, life.case.whistle) == ("hb",)


def test_only_the_lead_files_it() -> None:
    life = done(whistled(), "jt", "hb")
    co = life.part("jt")
    no = refusal(life, Kind.JOINT_RESULT, Actor(Role.UNIT, "jt"), task_id=co.task_id, call_id=CALL, result="好")
    assert isinstance(no, NotAllowed)


def test_it_ends_the_leads_own_part_and_is_told_to_the_caller() -> None:
    life = filed(done(whistled(), "jt", "hb"))
    assert life.part("sw").state is State.DONE
    assert life.case.clock(ClockKind.JOINT, "W1").met_at == after(25)  # type: ignore[union-attr]
    approval = life.case.clock(ClockKind.APPROVAL, "W1")
    assert approval is not None
    assert (approval.running, approval.holder) == (True, "department:lj")
    assert [(e.door, e.addressee, e.type, e.data["request"]) for e in life.last] == [
        (Door.UNIT, "lj", "task.decided", "joint_result")
    ]
    desk = filed(done(whistled(caller="dispatcher"), "jt", "hb"))
    assert [(e.door, e.addressee, e.type) for e in desk.last] == [(Door.STAFF, "dispatcher", "staff.joint_result")]


def test_the_handler_cannot_complete_around_an_open_call() -> None:
    with pytest.raises(NotAllowed, match="its joint result completes the case"):
        whistled().completed(30)


# Excused


def test_the_caller_excuses_a_part() -> None:
    life = done(whistled(), "jt")
    life.act(Kind.EXCUSED, STREET, after(21), call_id=CALL, unit="hb", reason="用不着")
    assert life.part("hb").state is State.EXCUSED
    assert not [clock for clock in life.case.clocks if clock.of == "T4" and clock.running]
    assert [(e.addressee, e.type) for e in life.last] == [("hb", "task.withdrawn")]
    assert filed(life).part("sw").state is State.DONE


@pytest.mark.parametrize("unit", ["jt", "nobody"])
def test_only_an_open_part_is_excused(unit: str) -> None:
    no = refusal(done(whistled(), "jt"), Kind.EXCUSED, STREET, call_id=CALL, unit=unit, reason="x")
    assert isinstance(no, BadAct)
    assert str(no) == "unit: must be a unit whose part is open: sw, hb"


def test_who_did_not_call_excuses_nobody_and_signs_nothing_off() -> None:
    life = filed(done(whistled(), "jt", "hb"))
    for kind, said in ((Kind.SIGNED_OFF, {"ratings": {}}), (Kind.EXCUSED, {"unit": "hb", "reason": "x"})):
        no = refusal(life, kind, Actor(Role.UNIT, "sw"), call_id=CALL, **said)
        assert str(no) == "only who has called may do this, or who owns the case"


def test_where_the_lead_is_excused_the_next_leads() -> None:
    life = whistled()
    life.act(Kind.EXCUSED, STREET, after(12), call_id=CALL, unit="sw", reason="主责不在")
    assert [(part.unit, part.role) for part in life.case.parts(CALL)] == [("sw", "co"), ("jt", "lead"), ("hb", "co")]
    joint = life.case.clock(ClockKind.JOINT, "W1")
    assert joint is not None
    assert (joint.holder, joint.running) == ("department:jt", True)
    assert [(e.addressee, e.type) for e in life.last] == [("sw", "task.withdrawn"), ("jt", "whistle.called")]


def test_a_call_whose_parts_are_all_excused_is_over_and_the_unit_goes_on() -> None:
    life = whistled("sw", "jt")
    for unit in ("sw", "jt"):
        life.act(Kind.EXCUSED, STREET, after(12), call_id=CALL, unit=unit, reason="x")
    assert (life.case.whistle, life.case.state) == (None, State.IN_PROGRESS)
    assert not [clock for clock in life.case.clocks if clock.of and clock.running]
    assert life.completed(30).case.state is State.AWAITING_CALLBACK


# Sign-off


def test_the_sign_off_completes_the_case_and_rates_everybody() -> None:
    life = signed_off(filed(done(whistled(), "jt", "hb")))
    assert life.case.state is State.AWAITING_CALLBACK
    assert life.case.task is not None
    assert (life.case.task.completed_at, life.case.task.result) == (after(30), "噪声已停")
    assert [clock.kind for clock in life.case.clocks if clock.running] == [ClockKind.CALLBACK]
    assert [(e.addressee, e.type, e.data["rating"]) for e in life.last] == [
        ("sw", "task.decided", 5),
        ("jt", "task.decided", 4),
        ("hb", "task.decided", 3),
    ]


def test_before_the_joint_result_nothing_is_signed_off() -> None:
    no = refusal(done(whistled(), "jt"), Kind.SIGNED_OFF, STREET, call_id=CALL, ratings={})
    assert str(no) == ("the lead has not filed the joint result, and these parts are neither done nor excused: hb")


@pytest.mark.parametrize(
    ("ratings", "sentence"),
    [
        ({"sw": 5}, "ratings: must rate every unit that took part: hb, jt is missing"),
        ({"sw": 5, "jt": 1, "hb": 1, "cg": 5}, "ratings: must rate units that were called: cg was not"),
    ],
)
def test_every_unit_that_took_part_is_rated_and_no_other(ratings: dict[str, int], sentence: str) -> None:
    life = filed(done(whistled(), "jt", "hb"))
    assert str(refusal(life, Kind.SIGNED_OFF, STREET, call_id=CALL, ratings=ratings)) == sentence


def test_another_call_is_not_signed_off_by_its_name() -> None:
    life = filed(done(whistled(), "jt", "hb"))
    no = refusal(life, Kind.SIGNED_OFF, STREET, call_id="PS2026112300001-W2", ratings={})
    assert str(no) == f"the call that is open is {CALL}"


def test_the_owners_office_or_the_desk_signs_off_for_a_silent_caller() -> None:
    owned = filed(done(whistled(), "jt", "hb")).owned(26)
    signed_off(owned, by=Actor(Role.UNIT, "cg"))
    assert (owned.case.state, owned.case.whistle) == (State.OWNED, None)
    assert signed_off(filed(done(whistled(), "jt", "hb")), by=SUPERVISOR).case.state is State.AWAITING_CALLBACK


def test_a_sign_off_ends_what_was_passed_on_and_what_was_disputed() -> None:
    life = Life.begun(PLAIN).assigned().notified().handled(5)
    life.unit(Kind.DECLINED, 6, reason="不归我管", proposed_unit="sw")
    signed_off(filed(life.whistled("sw", caller="lj")), sw=5)
    assert (life.case.disputed, life.case.state) == (None, State.AWAITING_CALLBACK)
    passed = Life.begun(PLAIN).assigned().notified().handled(5)
    giver = passed.case.task
    passed.unit(Kind.DELEGATED, 6, to="cg-1")
    signed_off(filed(passed.whistled("sw", caller="lj")), sw=5)
    assert passed.case.delegator is None
    assert giver is not None
    assert passed.case.given(giver.task_id).state is State.DONE  # type: ignore[union-attr]


# Time and messages


def test_each_unit_is_told_once_with_its_own_clocks() -> None:
    life = whistled()
    calls = life.told("whistle.called")
    assert [(e.addressee, e.strand, e.data["role"], e.data["caller"], e.data["call_id"]) for e in calls] == [
        ("sw", "T2", "lead", "lj", CALL),
        ("jt", "T3", "co", "lj", CALL),
        ("hb", "T4", "co", "lj", CALL),
    ]
    assert {kind["kind"] for kind in calls[1].data["clocks"]} == {"report_in", "part"}
    assert [e.key for e in calls] == [f"PS2026112300001:whistle.called:{life.case.seq}:{u}" for u in ("sw", "jt", "hb")]
    assert calls[1].due_at == after(10 + 120)
    assert [e.type for e in life.last if e.door is Door.CITIZEN] == ["citizen.joint"]


def test_the_time_of_a_call_is_the_leads_then_the_callers_and_sums_to_what_has_elapsed() -> None:
    life = whistled()
    life.act(Kind.NOTIFIED, at=after(12), task_id=life.part("sw").task_id)
    signed_off(filed(done(life, "jt", "hb"), 25), 30)
    held = life.seconds
    assert held["department:sw"] == 13 * 60, "from its notice to its result"
    assert held["department:lj"] == 5 * 60, "from the result to the sign-off"
    assert sum(held.values()) == 30 * 60


def test_a_part_that_is_declined_goes_on_until_the_caller_excuses_it() -> None:
    life = whistled()
    life.say(life.part("jt"), Kind.PART_DECLINED, 12, reason="与我无关")
    assert life.part("jt").state is State.AWAITING_REPORT_IN
    assert [(e.addressee, e.data["request"], e.data["part"]) for e in life.last] == [("lj", "part_declined", "jt")]


def test_the_view_shows_the_call_with_its_parts() -> None:
    life = done(whistled(), "jt")
    shown = case_json(life.case, Names(None, {"sw": "区水务局"}), after(30))
    assert (shown["state"], shown["state_zh"], shown["department"]["code"]) == ("joint_handling", "待联合处置", "cg")
    (call,) = shown["whistles"]
    assert {key: call[key] for key in ("call_id", "state", "caller", "lead")} == {
        "call_id": CALL,
        "state": "joint_handling",
        "caller": "lj",
        "lead": "sw",
    }
    assert call["parts"][:2] == [
        {"department": {"code": "sw", "name": "区水务局"}, "task_id": "PS2026112300001-T2", "role": "lead",
         "state": "awaiting_report_in"},
        {"department": {"code": "jt", "name": "jt"}, "task_id": "PS2026112300001-T3", "role": "co", "state": "done"},
    ]  # fmt: skip
    assert {(task["task_id"][-2:], task["role"]) for task in shown["tasks"]} == {
        ("T1", "handler"), ("T2", "lead"), ("T3", "co"), ("T4", "co")
    }  # fmt: skip
    signed_off(filed(done(life, "hb")))
    (call,) = case_json(life.case, Names(None, {}), after(30))["whistles"]
    assert (call["state"], call["ratings"]) == ("done", {"sw": 5, "jt": 4, "hb": 3})
