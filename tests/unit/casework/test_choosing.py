"""Which unit a request goes to: rulings, then the thing's register, then habit, then the table; never who is blamed."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.choosing import Asset, Choice, Habit, Known, Precedent, Rule, choices, choose, habit
from casework.routing import Location, responsible_unit
from catalog.districts import District
from catalog.items import Catalogue, CatalogueItem
from ledger.city import City
from ledger.settings import Settings

CITY = City.of(Settings())
DISTRICT: District = CITY.district("pingshan")
CATALOGUE: Catalogue = CITY.catalogue
MANHOLE = CATALOGUE.item("SZ-0601")
HERE = Location("longtian", "laokeng")
UNITS = [unit.code for unit in DISTRICT.units]
GONE = "abolished-office"

units = st.sampled_from([*UNITS, GONE])
locations = st.sampled_from(
    [Location(), *(Location(s.code, c.code) for s in DISTRICT.streets for c in s.communities), Location("kengzi")]
)
knowns = st.builds(
    Known,
    st.none() | st.builds(Precedent, st.just("PS2026010100001"), units, st.just("三定方案")),
    st.none() | st.builds(Asset, st.just("JG-0012"), st.just("井盖"), st.none() | units, st.none() | units),
    st.none() | st.builds(Habit, units, st.integers(3, 12), st.sampled_from(["community", "street"])),
)


@given(st.sampled_from(CATALOGUE.items), locations, knowns, st.sets(st.sampled_from(UNITS), max_size=6))
def test_whatever_is_known_a_blamed_unit_is_never_chosen_and_the_first_other_is(
    item: CatalogueItem, location: Location, known: Known, blamed: set[str]
) -> None:
    found = choices(DISTRICT, item, location, known)
    codes = [one.unit for one in found]
    assert GONE not in codes
    assert len(codes) == len(set(codes))
    assert [list(Rule).index(one.rule) for one in found] == sorted(list(Rule).index(one.rule) for one in found)
    chosen = choose(DISTRICT, found, blamed)
    free = [code for code in codes if code not in blamed]
    assert (chosen.unit if chosen else None) == (free[0] if free else None)
    assert chosen is None or chosen.why


@given(locations, knowns)
def test_the_table_always_has_a_unit(location: Location, known: Known) -> None:
    found = choices(DISTRICT, MANHOLE, location, known)
    assert responsible_unit(DISTRICT, MANHOLE, location).unit in [one.unit for one in found]


@given(knowns.filter(lambda known: known.precedent is not None and known.precedent.unit != GONE))
def test_a_ruling_comes_first_and_is_shown(known: Known) -> None:
    first = choices(DISTRICT, MANHOLE, HERE, known)[0]
    assert known.precedent is not None
    assert (first.unit, first.rule) == (known.precedent.unit, Rule.PRECEDENT)
    assert first.ruling == {"case_no": "PS2026010100001", "ruling": "三定方案"}


ASSET = Asset("JG-0012", "井盖", "water-affairs", "telecom")
HABIT = Habit("works", 4, "community")


@pytest.mark.parametrize(
    ("known", "order"),
    [
        (Known(), [("services-longtian", "table")]),
        (Known(asset=ASSET), [("telecom", "asset"), ("water-affairs", "asset"), ("services-longtian", "table")]),
        (Known(habit=HABIT), [("works", "habit"), ("services-longtian", "table")]),
        (
            Known(asset=ASSET, habit=HABIT),
            [("telecom", "asset"), ("water-affairs", "asset"), ("works", "habit"), ("services-longtian", "table")],
        ),
        (Known(asset=Asset("JG-0012", "井盖", None, "services-longtian")), [("services-longtian", "asset")]),
    ],
)
def test_the_thing_before_the_habit_before_the_table(known: Known, order: Sequence[tuple[str, str]]) -> None:
    assert [(one.unit, one.rule) for one in choices(DISTRICT, MANHOLE, HERE, known)] == order


def test_each_rule_says_its_evidence() -> None:
    ruled = Known(Precedent("PS1", "works", "三定方案"), ASSET, Habit("transport", 4, "street"))
    said = [one.why for one in choices(DISTRICT, MANHOLE, HERE, ruled)]
    assert said == [
        "同一事项、同一街道已有裁决（PS1），由区建筑工务署负责",
        "来文写明井盖编号 JG-0012，登记的养护单位是坪山通信运营企业，由其负责",
        "来文写明井盖编号 JG-0012，登记的权属单位是区水务局，由其负责",
        "“井盖缺失破损”在龙田街道最近 4 件都由分拨员派给市交通运输局坪山管理局，照此派给市交通运输局坪山管理局",
        responsible_unit(DISTRICT, MANHOLE, HERE).reason_zh,
    ]
    assert "在龙田街道老坑社区最近 4 件" in choices(DISTRICT, MANHOLE, HERE, Known(habit=HABIT))[0].why


def test_who_was_passed_over_is_said_and_nobody_left_is_a_dispatchers_matter() -> None:
    found = choices(DISTRICT, MANHOLE, HERE, Known(asset=ASSET))
    chosen = choose(DISTRICT, found, {"telecom", "water-affairs"})
    assert isinstance(chosen, Choice)
    assert chosen.unit == "services-longtian"
    assert chosen.why.startswith("诉求反映的正是坪山通信运营企业、区水务局，已回避；按职责清单")
    assert choose(DISTRICT, found, {one.unit for one in found}) is None


@pytest.mark.parametrize(
    ("decided", "expected"),
    [
        ([], None),
        ([("1", "a"), ("2", "a")], None),
        ([("3", "a"), ("2", "a"), ("1", "a")], Habit("a", 3, "street")),
        ([("4", "a"), ("3", "a"), ("2", "a"), ("1", "b")], Habit("a", 3, "street")),
        ([("4", "b"), ("3", "a"), ("2", "a"), ("1", "a")], None),
        ([("1", "a"), ("1", "a"), ("1", "a")], None),
        ([("3", "a"), ("3", "b"), ("2", "a"), ("1", "a")], Habit("a", 3, "street")),
        ([("3", "b"), ("3", "a"), ("2", "a"), ("1", "a")], None),
    ],
)
def test_three_cases_on_end_make_a_habit_and_one_other_ends_it(
    decided: list[tuple[str, str]], expected: Habit | None
) -> None:
    assert habit(decided, "street") == expected
