"""Of which other cases one is told, and when a case joins another without anybody's word."""

from dataclasses import replace
from typing import Any

import pytest
from lives import DISPATCHER, Life, after

from casework.case import Case
from casework.clocks import ClockKind
from casework.errors import NotAllowed
from casework.events import SYSTEM, Kind
from casework.owing import Door
from casework.states import State
from casework.steps import Owed, Verb, next_step
from casework.suspecting import MOST, joining, looked_for_since, worth_telling
from casework.view import Names, case_json
from catalog.policy import Policy

OTHER = "PS2026112300002"
PLAIN = Policy(calendar="none", quiet_hours=None)
SURE = PLAIN.model_copy(update={"merge_threshold": 0.9})


def graded(grade: str = "C", policy: Policy = SURE) -> Life:
    life = Life.begun(policy)
    life.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.9, candidates=[])
    life.act(Kind.GRADED, grade=grade)
    return life


def suspected(probability: float = 0.95, grade: str = "C", policy: Policy = SURE) -> Life:
    life = graded(grade, policy)
    life.act(Kind.SUSPECTED, suspects=[{"case_no": OTHER, "probability": probability}])
    return life


def into(grade: str = "C") -> Case:
    """A case that a unit is at work on."""
    return replace(Life.begun(PLAIN).assigned(grade, unit="sw").case, case_no=OTHER)


def join(life: Life, other: Case, others: tuple[str, ...] = ()) -> Any:
    return joining(life.case, other, life.policy, others, at=after(1), reason="同一件事")


def test_the_surest_are_told_first_and_the_unlikely_not_at_all() -> None:
    found = {"a": 0.5, "b": 0.49, "c": 0.99, "d": 0.7, "e": 0.6}
    told = worth_telling(found, PLAIN)
    assert [one["case_no"] for one in told] == ["c", "d", "e"]
    assert len(told) == MOST
    assert worth_telling(found, PLAIN.model_copy(update={"suspect_threshold": 1.0})) == []


def test_nothing_is_looked_for_where_the_policy_has_no_days() -> None:
    assert looked_for_since(PLAIN, after(0)) == after(-PLAIN.duplicate_days * 24 * 60)
    assert looked_for_since(PLAIN.model_copy(update={"duplicate_days": 0}), after(0)) is None


def test_a_suspicion_is_shown_and_changes_nothing_else() -> None:
    life = suspected()
    assert case_json(life.case, Names(None, {}), after(1))["suspects"] == [{"case_no": OTHER, "probability": 0.95}]
    assert life.case.state is State.RECEIVED
    assert life.last == []
    assert replace(life.case, suspects=(), seq=0, last_at=None) == replace(graded().case, seq=0, last_at=None)
    assert next_step(life.case, SURE, after(1), Owed()) is Verb.ASSIGN


def test_it_joins_a_case_that_somebody_works_on() -> None:
    life, other = suspected(), into()
    act = join(life, other)
    assert act.data == {"into": OTHER, "unit": "sw", "reason": "同一件事"}
    life.admitted(act)
    assert (life.case.merged_into, life.case.unit, life.case.suspects) == (OTHER, "sw", ())
    assert life.case.state is State.IN_PROGRESS
    assert [(effect.type, effect.addressee) for effect in life.last if effect.door is Door.UNIT] == [
        ("task.assigned", "sw")
    ]
    assert [effect.type for effect in life.last if effect.door is Door.CITIZEN] == ["citizen.merged"]


def test_its_promises_run_on_from_receipt() -> None:
    life = suspected()
    before = {kind: life.clock(kind) for kind in (ClockKind.FEEDBACK, ClockKind.FIRST_ROUND)}
    life.admitted(join(life, into()))
    for kind, clock in before.items():
        now = life.clock(kind)
        assert now.running
        assert (now.started_at, now.due_at) == (clock.started_at, clock.due_at)


def test_it_takes_the_graver_grade_of_the_other() -> None:
    life = suspected()
    life.admitted(join(life, into("B")))
    assert life.case.grade == "B"


def test_a_dispatcher_undoes_it_and_it_is_not_suspected_any_more() -> None:
    life = suspected()
    life.admitted(join(life, into()))
    life.act(Kind.UNMERGED, DISPATCHER, after(5))
    assert (life.case.merged_into, life.case.suspects, life.case.state) == (None, (), State.TRIAGE)


@pytest.mark.parametrize(
    ("life", "other", "others"),
    [
        pytest.param(suspected(policy=PLAIN), into(), (), id="no threshold is set"),
        pytest.param(suspected(0.89), into(), (), id="not sure enough"),
        pytest.param(graded(), into(), (), id="nothing is suspected"),
        pytest.param(suspected(grade="A"), into("A"), (), id="a hazard"),
        pytest.param(suspected(), into("A"), (), id="into a hazard"),
        pytest.param(suspected(grade="B"), into("C"), (), id="into a lighter case"),
        pytest.param(suspected(), into(), ("PS2026112300003",), id="others follow it"),
        pytest.param(suspected(), replace(graded().case, case_no=OTHER), (), id="nobody works on the other yet"),
        pytest.param(suspected(), replace(into(), stage=State.CLOSED), (), id="the other is closed"),
        pytest.param(suspected(), replace(into(), merged_into="PS2026112300003"), (), id="the other follows a third"),
    ],
)
def test_otherwise_a_dispatcher_sees_to_it(life: Life, other: Case, others: tuple[str, ...]) -> None:
    assert join(life, other, others) is None


def test_not_with_a_unit_that_the_complaint_is_about() -> None:
    life = suspected()
    life.case = replace(life.case, recused=("sw",))
    assert join(life, into()) is None


def test_once_assigned_only_staff_merge() -> None:
    life = graded()
    life.act(Kind.ASSIGNED, unit="cg")
    with pytest.raises(NotAllowed):
        life.act(Kind.MERGED, SYSTEM, after(1), into=OTHER, unit="sw")
    with pytest.raises(NotAllowed):
        life.act(Kind.SUSPECTED, SYSTEM, after(1), suspects=[])
