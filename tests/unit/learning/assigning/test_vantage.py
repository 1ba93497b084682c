"""Units as they look from a place."""

from learning.assigning.unit_names import HistoricUnit, PlaceNames
from learning.assigning.vantage import OWN_COMMUNITY, OWN_STREET, Vantage, seen_from

PLACES = PlaceNames("坪山区", ("坪山街道", "龙田街道", "坑梓街道"), ("老坑社区", "竹坑社区"))


def test_each_streets_own_unit_is_of_one_kind() -> None:
    own = {seen_from(HistoricUnit("综合执法队", street), street, "", PLACES) for street in ("坪山街道", "龙田街道")}
    assert own == {f"{OWN_STREET}综合执法队"}
    assert seen_from(HistoricUnit("综合执法队", "坪山街道"), "龙田街道", "", PLACES) == "综合执法队（坪山街道）"


def test_a_street_before_the_name_counts_too_and_an_office_by_any_name() -> None:
    assert seen_from(HistoricUnit("坑梓自来水公司"), "坑梓街道", "", PLACES) == f"{OWN_STREET}自来水公司"
    assert seen_from(HistoricUnit("坪山供电局"), "坪山街道", "", PLACES) == "坪山供电局"
    offices = (HistoricUnit("城建办公室", "坪山街道"), HistoricUnit("城建办", "坪山街道"))
    assert len({seen_from(unit, "坪山街道", "", PLACES) for unit in offices}) == 1


def test_ones_own_community_is_of_one_kind() -> None:
    assert seen_from(HistoricUnit("老坑社区"), "龙田街道", "老坑社区", PLACES) == OWN_COMMUNITY
    assert seen_from(HistoricUnit("竹坑社区工作站"), "龙田街道", "竹坑社区", PLACES) == OWN_COMMUNITY
    assert seen_from(HistoricUnit("竹坑社区"), "龙田街道", "老坑社区", PLACES) == "竹坑社区"


def test_numbers_stay_while_units_are_added() -> None:
    units = [HistoricUnit("老坑社区"), HistoricUnit("教育局")]
    vantage = Vantage(PLACES, units)
    before = list(vantage.kinds("龙田街道", "老坑社区"))
    units.append(HistoricUnit("竹坑社区"))
    assert list(vantage.kinds("龙田街道", "老坑社区"))[:2] == before
    elsewhere = vantage.kinds("龙田街道", "竹坑社区")
    assert elsewhere[2] == before[0]
    assert elsewhere[1] == before[1]
    assert vantage.size == 4  # own community, the office, and the two communities by name
