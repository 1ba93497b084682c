"""What an item says of a case at its grading, and which units its other roles are there."""

from functools import cache
from pathlib import Path

import pytest
from lives import Life

from casework.events import Kind
from casework.grading import graded
from casework.routing import Location, addressed_leader, units_for_roles
from casework.screening import screen
from casework.steps import Owed, Verb, next_step
from catalog.districts import District
from catalog.items import Catalogue
from catalog.loading import load_catalogue, load_district
from catalog.policy import Grade, Policy

DISTRICTS = Path(__file__).parents[3] / "deployments" / "districts"
PLAIN = Policy(calendar="none", quiet_hours=None)
GAS, SHARED_FLATS, PETITION = "SZ-0101", "SZ-0207", "多年未决的信访积案"


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


@cache
def demo() -> District:
    return load_district(DISTRICTS / "demo.yaml", catalogue())


def test_an_emergency_goes_to_the_items_line_first() -> None:
    found = graded(catalogue().item(GAS), demo(), emergency=True, hint=Grade.A)
    assert (found["grade"], found["line"]) == ("A", "gas")
    assert first_step(**found) is Verb.REFER


def test_a_grade_a_without_danger_now_is_handled_as_any_other() -> None:
    found = graded(catalogue().item(GAS), demo(), emergency=False, hint=Grade.C)
    assert found["grade"] == "A"
    assert "line" not in found
    assert first_step(**found) is Verb.ASSIGN


def test_danger_of_an_item_without_a_line_is_handled_at_once() -> None:
    found = graded(catalogue().item(SHARED_FLATS), demo(), emergency=True, hint=Grade.A)
    assert (found["grade"], "line" in found) == ("A", False)


@pytest.mark.parametrize(
    ("words", "referred"), [("家里有很浓的燃气味，快来人", True), ("请问燃气软管多久要更换一次", False)]
)
def test_whether_it_is_one_now_the_screen_says(words: str, referred: bool) -> None:
    screening = screen(words)
    found = graded(catalogue().item(GAS), demo(), emergency=screening.emergency, hint=screening.grade_hint)
    assert ("line" in found) is referred


def first_step(**found: object) -> Verb | None:
    life = Life.begun(PLAIN, emergency="line" in found)
    life.act(Kind.CLASSIFIED, item=GAS, confidence=0.9, candidates=[])
    life.act(Kind.GRADED, **found)
    return next_step(life.case, PLAIN, life.now, Owed())


def test_a_joint_item_calls_its_other_roles_as_soon_as_it_has_a_handler() -> None:
    found = graded(catalogue().item(SHARED_FLATS), demo(), emergency=False, hint=Grade.C)
    assert found["call_roles"] == ["police", "fire"]
    life = Life.begun(PLAIN)
    life.act(Kind.CLASSIFIED, item=SHARED_FLATS, confidence=0.9, candidates=[])
    life.act(Kind.GRADED, **found)
    life.act(Kind.ASSIGNED, unit="street-linjiang")
    assert next_step(life.case, PLAIN, life.now, Owed()) is Verb.WHISTLE


def test_few_items_are_joint_and_each_of_them_names_others() -> None:
    joint = [item for item in catalogue().items if item.joint]
    assert 1 <= len(joint) <= 12
    assert all(item.co_roles for item in joint)


def test_an_item_that_only_has_co_roles_calls_nobody() -> None:
    assert "call_roles" not in graded(catalogue().item(GAS), demo(), emergency=False, hint=Grade.C)


def test_a_long_standing_matter_is_said_to_be_one() -> None:
    (item,) = [item for item in catalogue().items if item.name == PETITION]
    assert graded(item, demo(), emergency=False, hint=Grade.C)["long_standing"] is True


def test_an_unknown_item_says_nothing_but_the_grade() -> None:
    assert graded(None, demo(), emergency=False, hint=Grade.B) == {"grade": "B", "limit": None}


def test_units_of_roles_are_those_of_the_place_each_once() -> None:
    there = Location("linjiang", "jiangpan")
    assert units_for_roles(demo(), ["street_enforcement", "fire", "emergency_management"], there) == (
        "team-linjiang",
        "emergency",
    )
    assert units_for_roles(demo(), ["street_enforcement"], Location()) == ("urban-management",)


@pytest.mark.parametrize(
    ("addressee", "channel", "leader"),
    [
        ("区长", "hotline", "head"),
        ("尊敬的分管应急副区长", "web", "deputy-safety"),
        ("deputy-people", "app", "deputy-people"),
        (None, "leader", "head"),
        ("领导", "leader", "head"),
        (None, "hotline", None),
        ("王女士", "hotline", None),
    ],
)
def test_a_request_is_addressed_to_a_leader_by_title_code_or_channel(
    addressee: str | None, channel: str, leader: str | None
) -> None:
    assert addressed_leader(demo(), addressee, channel) == leader
