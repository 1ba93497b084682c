"""Which strands' runs must look again after an act."""

from casework.case import Case
from casework.events import CITIZEN, Actor, Kind, Role
from casework.strands import MAIN
from ledger.calling import called
from tests.unit.casework.lives import Life

STREET = Actor(Role.UNIT, "street-a")
NOTHING: frozenset[str] = frozenset()


def whistled() -> Life:
    """Three units are called, the handler's own leads."""
    life = Life.begun().assigned().notified().handled()
    life.act(Kind.WHISTLED, STREET, units=["cg", "sz", "gas"], lead="cg", reason="管道", caller="street-a")
    return life


def part(life: Life, kind: Kind, n: int, unit: str) -> tuple[Case, Case]:
    """The case before and after a word of a called unit."""
    before = life.case
    return before, life.act(kind, Actor(Role.UNIT, unit), task_id=f"{before.case_no}-T{n}", note="x")


def test_a_word_about_the_request_is_the_requests_own() -> None:
    life = Life.begun().assigned()
    before = life.case
    after = life.unit(Kind.PROGRESS, 3, note="在办")
    assert called(before, Kind.PROGRESS, (), after, None) == {MAIN}
    assert called(after, Kind.PROGRESS, (), after, None) == {MAIN}
    assert called(after, Kind.NOTIFIED, (), after, MAIN) == NOTHING


def test_a_word_about_a_part_is_the_parts_own() -> None:
    before, after = part(whistled(), Kind.REPORTED_IN, 3, "sz")
    assert called(before, Kind.REPORTED_IN, (), after, None) == {"T3"}
    assert called(before, Kind.REPORTED_IN, (), after, "T3") == NOTHING
    assert called(before, Kind.REPORTED_IN, (MAIN,), after, "T3") == {MAIN}
    assert called(after, Kind.REPORTED_IN, (), after, None) == NOTHING  # a late copy


def test_the_end_of_a_part_is_its_cases_too() -> None:
    before, after = part(whistled(), Kind.PART_COMPLETED, 3, "sz")
    assert called(before, Kind.PART_COMPLETED, (), after, None) == {MAIN, "T3"}


def test_a_case_that_is_called_to_has_something_new_for_each() -> None:
    life = Life.begun().assigned().notified().handled()
    before = life.case
    after = life.act(Kind.WHISTLED, STREET, units=["cg", "sz"], lead="cg", reason="管道", caller="street-a")
    assert called(before, Kind.WHISTLED, (), after, None) == {MAIN, "T2", "T3"}
    assert called(before, Kind.WHISTLED, (), after, MAIN) == {"T2", "T3"}


def test_the_end_of_a_case_is_every_open_parts() -> None:
    life = whistled()
    part(life, Kind.PART_COMPLETED, 3, "sz")
    before = life.case
    after = life.act(Kind.WITHDREW, CITIZEN)
    assert called(before, Kind.WITHDREW, (), after, None) == {MAIN, "T2", "T4"}


def test_a_move_to_another_policy_is_every_open_strands() -> None:
    life = whistled()
    part(life, Kind.PART_COMPLETED, 3, "sz")
    assert called(life.case, Kind.MOVED, (), life.case, None) == {MAIN, "T2", "T4"}
