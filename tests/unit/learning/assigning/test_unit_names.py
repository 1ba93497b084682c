"""Spellings of units in a district's history, and what they mean."""

import pytest

from learning.assigning.unit_names import HistoricUnit, PlaceNames, Spellings

PLACES = PlaceNames("坪山区", ("坪山街道", "龙田街道", "坑梓街道", "马峦街道"), ("坪山社区", "老坑社区", "坑梓社区"))
SPELLED = (
    *("坪山街道综合执法队", "坪山街道综合执法队（坪山街道办事处）", "马峦办事处综合执法队", "龙田街道综合执法队"),
    *("城建办", "城建办（龙田街道办事处）", "城建办（坑梓街道办事处）", "环境水务局", "坪山自来水公司", "坪山供电局"),
    *("坑梓自来水公司", "坑梓自来水公司（坑梓辖区）", "老坑社区", "老坑社区（龙田街道办事处）", "坪山社区"),
    *("财政局（国资办）", "综治办（马峦）", "坪山自来水公司（坪山街道办事处）"),
)
SPELLINGS = Spellings(PLACES, SPELLED)


@pytest.mark.parametrize(
    ("spelled", "same"),
    [
        ("坪山街道综合执法队", "坪山街道综合执法队（坪山街道办事处）"),
        ("坑梓自来水公司", "坑梓自来水公司（坑梓辖区）"),
        ("老坑社区", "老坑社区（龙田街道办事处）"),
        ("坪山自来水公司", "坪山自来水公司（坪山街道办事处）"),
    ],
)
def test_with_and_without_its_street_it_is_one_unit(spelled: str, same: str) -> None:
    assert SPELLINGS.unit(spelled, "龙田街道") == SPELLINGS.unit(same, "坪山街道")


def test_units_of_one_name_in_several_streets_stay_apart() -> None:
    teams = [SPELLINGS.unit(name, "") for name in ("坪山街道综合执法队", "马峦办事处综合执法队", "龙田街道综合执法队")]
    assert [(unit.name, unit.street) for unit in teams] == [
        ("综合执法队", "坪山街道"),
        ("综合执法队", "马峦街道"),
        ("综合执法队", "龙田街道"),
    ]


def test_a_bare_name_that_several_streets_have_is_that_of_the_requests_street() -> None:
    assert SPELLINGS.unit("城建办", "坑梓街道") == SPELLINGS.unit("城建办（坑梓街道办事处）", "龙田街道")
    assert SPELLINGS.unit("城建办", "坑梓街道") != SPELLINGS.unit("城建办", "龙田街道")
    assert str(SPELLINGS.unit("城建办", "坑梓街道")) == "城建办（坑梓街道）"


@pytest.mark.parametrize("name", ["环境水务局", "坪山供电局", "坪山社区", "财政局（国资办）"])
def test_other_names_stay_as_they_are(name: str) -> None:
    assert SPELLINGS.unit(name, "坪山街道") == HistoricUnit(name)


def test_one_streets_own_office_needs_no_street() -> None:
    assert SPELLINGS.unit("综治办（马峦）", "龙田街道") == HistoricUnit("综治办")


def test_a_street_in_the_name_of_its_only_unit_stays_there() -> None:
    for spelled in ("坑梓自来水公司", "坑梓自来水公司（坑梓辖区）"):
        assert SPELLINGS.unit(spelled, "龙田街道") == HistoricUnit("坑梓自来水公司")


def test_brackets_of_another_street_are_told() -> None:
    rows = [("城建办（龙田街道办事处）", "龙田街道"), ("城建办（龙田街道办事处）", "坑梓街道"), ("城建办", "坑梓街道")]
    assert list(SPELLINGS.disagreeing(rows)) == [rows[1]]
