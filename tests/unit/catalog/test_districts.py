from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from catalog.districts import District, Unit, UnknownCode
from catalog.items import Catalogue
from catalog.limits import Limit
from catalog.loading import load_catalogue, load_districts
from catalog.policy import Grade, Policy

DISTRICTS = Path(__file__).parents[3] / "deployments" / "districts"
CLOCKS = tuple(type(Policy().clocks).model_fields)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def districts(catalogue: Catalogue) -> dict[str, District]:
    return load_districts(DISTRICTS, catalogue)


def test_every_role_of_the_catalogue_resolves_in_each_district(
    catalogue: Catalogue, districts: dict[str, District]
) -> None:
    assert {"pingshan", "futian", "demo"} <= districts.keys()
    for district in districts.values():
        for role in catalogue.roles:
            duty = district.roles[role]
            for unit in (duty.default, *duty.streets.values(), *duty.communities.values()):
                assert district.unit(unit).code == unit


def test_pingshan_and_futian_have_their_real_streets(districts: dict[str, District]) -> None:
    pingshan, futian = districts["pingshan"], districts["futian"]

    assert _streets(pingshan) == "坪山 龙田 坑梓 马峦 石井 碧岭"
    assert sum(len(street.communities) for street in pingshan.streets) == 23
    assert _streets(futian) == "南园 园岭 福田 沙头 梅林 华富 香蜜湖 莲花 华强北 福保"
    assert all(len(street.communities) >= 3 for street in futian.streets)


def test_pingshan_keeps_the_default_policy_but_answers_at_once_and_futian_gives_other_clocks(
    districts: dict[str, District],
) -> None:
    pingshan, futian = districts["pingshan"].policy, districts["futian"].policy

    assert pingshan == Policy(answer_threshold=0.7)
    assert futian.clocks.completion.limit(Grade.B).natural < pingshan.clocks.completion.limit(Grade.B).natural
    assert futian.clocks.contact.limit(Grade.A) != pingshan.clocks.contact.limit(Grade.A)
    assert futian.clocks.feedback == pingshan.clocks.feedback


def test_the_demo_has_the_same_ladders_and_every_limit_a_few_seconds(districts: dict[str, District]) -> None:
    policy = districts["demo"].policy

    assert (policy.calendar, policy.quiet_hours, policy.rung_grace_seconds) == ("none", None, 0.5)
    for kind in CLOCKS:
        clock = getattr(policy.clocks, kind)
        assert clock.ladder == getattr(Policy().clocks, kind).ladder
        assert all(8 <= clock.limit(grade).natural.total_seconds() <= 50 for grade in Grade)


def test_an_items_own_limit_holds_where_the_district_keeps_it(
    catalogue: Catalogue, districts: dict[str, District]
) -> None:
    item = catalogue.item("SZ-0401")

    assert districts["pingshan"].own_limit(item) == Limit.parse("10wd")
    assert districts["demo"].own_limit(item) is None


def test_units_and_channels_are_found_by_code(districts: dict[str, District]) -> None:
    demo = districts["demo"]

    assert demo.unit("team-linjiang").parent == "street-linjiang"
    assert [unit.code for unit in demo.subordinates("street-linjiang")] == ["team-linjiang"]
    assert demo.channel("hotline").kind == "hotline"
    with pytest.raises(UnknownCode, match="no unit nobody"):
        demo.unit("nobody")
    with pytest.raises(UnknownCode, match="no channel pigeon"):
        demo.channel("pigeon")


CHANGES: dict[str, tuple[tuple[str | int, ...], Any, str]] = {
    "unit twice": (("units", 1, "code"), "command-centre", "the unit “command-centre” is given twice"),
    "unit name twice": (("units", 1, "name"), "区民生诉求指挥中心", "unit name “区民生诉求指挥中心” is given twice"),
    "street twice": (("streets", 1, "code"), "linjiang", "the street “linjiang” is given twice"),
    "community twice": (("streets", 1, "communities", 0, "code"), "dukou", "the community “dukou” is given twice"),
    "leader twice": (("leaders", 1, "code"), "head", "the leader “head” is given twice"),
    "channel twice": (("channels", 1, "code"), "hotline", "the channel “hotline” is given twice"),
    "no parent": (("units", 2, "parent"), "nobody", "there is no unit “nobody”"),
    "own parent": (("units", 2, "parent"), "emergency", "“emergency” cannot be its own parent"),
    "no deputy": (("units", 2, "deputy"), "nobody", "there is no unit “nobody”"),
    "role without unit": (("roles", "fire", "default"), "nobody", "there is no unit “nobody”"),
    "role in no street": (("roles", "fire", "streets"), {"moon": "emergency"}, "there is no place “moon”"),
    "role in no community": (("roles", "fire", "communities"), {"moon": "emergency"}, "there is no place “moon”"),
    "street's unit": (("roles", "fire", "streets"), {"xinhu": "nobody"}, "there is no unit “nobody”"),
    "unknown role": (("roles", "magic"), {"default": "police"}, "the catalogue knows no role “magic”"),
    "leader's office": (("leaders", 0, "office"), "nobody", "there is no unit “nobody”"),
    "leader's unit": (("leaders", 1, "units"), ["nobody"], "there is no unit “nobody”"),
    "leader's street": (("leaders", 1, "streets"), ["moon"], "there is no street “moon”"),
    "leader of a unit's code": (("leaders", 1, "code"), "police", "“police” is a unit's code"),
    "unit of two leaders": (("leaders", 2, "units"), ["utilities"], "“utilities” is linked to “deputy-city” already"),
    "street of two leaders": (("leaders", 2, "streets"), ["linjiang"], "“linjiang” is linked to “deputy-city” already"),
    "leader of no unit": (
        ("leaders", 1),
        {"code": "chief", "title": "局长", "tier": "unit", "office": "police"},
        "no unit",
    ),
    "hours turned round": (("units", 2, "hours"), "18:00-09:00", "ends before it begins"),
}


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_a_district_that_does_not_hold_together_is_refused(
    change: str, catalogue: Catalogue, districts: dict[str, District]
) -> None:
    loc, value, told = CHANGES[change]

    with pytest.raises(ValidationError) as refused:
        _changed(districts["demo"], loc, value, catalogue)

    (problem,) = [each for each in refused.value.errors() if told in each["msg"]]
    assert problem["loc"][: len(loc)] == loc


def test_a_role_that_nobody_has_is_refused(catalogue: Catalogue, districts: dict[str, District]) -> None:
    roles = {role: duty for role, duty in districts["demo"].roles.items() if role != "gas"}

    with pytest.raises(ValidationError, match=r"nobody has the role “gas” .供气., which item SZ-0101 needs"):
        _changed(districts["demo"], ("roles",), roles, catalogue)


def test_an_emergency_line_that_is_missing_is_refused(catalogue: Catalogue, districts: dict[str, District]) -> None:
    with pytest.raises(ValidationError, match="the line “119” is missing"):
        _changed(districts["demo"], ("emergency_lines",), {}, catalogue)


def test_parents_in_a_circle_are_refused(catalogue: Catalogue, districts: dict[str, District]) -> None:
    with pytest.raises(ValidationError, match="its parents form a circle"):
        _changed(districts["demo"], ("units", 10, "parent"), "team-linjiang", catalogue)


def _streets(district: District) -> str:
    return " ".join(street.name.removesuffix("街道") for street in district.streets)


def _changed(district: District, loc: tuple[str | int, ...], value: Any, catalogue: Catalogue) -> District:
    written: Any = district.model_dump(mode="python")
    inner = written
    for step in loc[:-1]:
        if isinstance(inner[step], tuple):
            inner[step] = list(inner[step])
        inner = inner[step]
    inner[loc[-1]] = value
    return District.model_validate(written, context={"catalogue": catalogue})


@pytest.mark.parametrize("duty", ["tel:0755-12345678", "tel:12345", "wecom:market-duty"])
def test_a_units_duty_desk_is_an_offices_line(duty: str) -> None:
    assert Unit(code="market", name="市场局", kind="department", level="district", duty=duty).duty == duty


@pytest.mark.parametrize("duty", ["13800138000", "tel:", "wecom:张三", "mailto:a@b.cn", "tel:+86 755"])
def test_what_is_no_such_line_is_refused(duty: str) -> None:
    with pytest.raises(ValidationError, match="duty"):
        Unit(code="market", name="市场局", kind="department", level="district", duty=duty)


@pytest.mark.parametrize("hours", ["9-18", "09:00", "25:00-26:00", "always"])
def test_a_units_hours_are_written_as_on_the_clock(hours: str) -> None:
    with pytest.raises(ValidationError, match="hours"):
        Unit(code="market", name="市场局", kind="department", level="district", hours=hours)


def test_every_district_has_a_head_and_a_leading_group_and_leaders_of_units(districts: dict[str, District]) -> None:
    for district in districts.values():
        tiers = [leader.tier for leader in district.leaders]
        assert (tiers.count("head"), tiers.count("group")) == (1, 1)
        assert {"unit", "district"} <= set(tiers)
        assert any(unit.hours and unit.deputy for unit in district.units)


def test_units_and_leaders_are_named_by_code(districts: dict[str, District]) -> None:
    demo = districts["demo"]
    assert (demo.names["head"], demo.names["police"]) == ("区长", "示范公安分局")
    assert demo.leader("head").tier == "head"
    with pytest.raises(UnknownCode, match="no leader nobody"):
        demo.leader("nobody")


def test_some_units_of_the_demo_have_a_duty_desk_and_some_have_none(districts: dict[str, District]) -> None:
    duties = [unit.duty for unit in districts["demo"].units]
    assert any(duties)
    assert not all(duties)
