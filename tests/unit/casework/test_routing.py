from pathlib import Path

import pytest

from casework.routing import Location, locate, responsible_unit
from catalog.districts import District
from catalog.items import Catalogue
from catalog.loading import load_catalogue, load_districts

DISTRICTS = Path(__file__).parents[3] / "deployments" / "districts"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture(scope="module")
def districts(catalogue: Catalogue) -> dict[str, District]:
    return load_districts(DISTRICTS, catalogue)


@pytest.mark.parametrize(
    ("place", "words", "expected"),
    [
        ("龙田街道竹坑社区第三工业区", "", Location("longtian", "zhukeng")),
        ("竹坑", "", Location("longtian", "zhukeng")),
        ("坪山区马峦街道", "", Location("maluan")),
        ("坪山区坪山街道六联社区", "", Location("pingshan", "liulian")),
        ("坪山大道旁", "", Location()),  # the district's own name says nothing of the street
        ("坑梓", "", Location("kengzi")),  # street and community alike: only the street is sure
        ("坑梓社区", "", Location("kengzi", "kengzi")),
        ("", "石井金龟村路口井盖坏了", Location("shijing", "jingui")),
        ("碧岭街道", "汤坑社区篮球场没有灯", Location("biling", "tangkeng")),
        ("碧岭街道", "跟竹坑社区那边一样没人管", Location("biling")),  # the words do not move it
        ("汤坑社区", "我住在竹坑社区", Location("biling", "tangkeng")),
        ("龙田街道，靠近坑梓社区", "", Location("longtian")),
        ("龙田那边的坑梓社区", "", Location("kengzi", "kengzi")),  # the longer name is the surer one
        ("某某花园", "路灯坏了", Location()),
    ],
)
def test_locate_in_pingshan(districts: dict[str, District], place: str, words: str, expected: Location) -> None:
    assert locate(districts["pingshan"], place, words) == expected


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("福田区福田街道福民社区", Location("futian", "fumin")),
        ("福田区莲花街道莲花北", Location("lianhua", "lianhuabei")),
        ("莲花二村小学门口", Location("huafu", "lianhua-2")),
        ("香蜜湖地铁站", Location("xiangmihu")),
        ("东园社区", Location("nanyuan", "badeng")),  # merged in 2020: its old name is an alias
        ("福田", Location()),
    ],
)
def test_locate_in_futian(districts: dict[str, District], place: str, expected: Location) -> None:
    assert locate(districts["futian"], place) == expected


def test_every_place_is_found_by_its_full_name(districts: dict[str, District]) -> None:
    for district in districts.values():
        for street in district.streets:
            assert locate(district, f"{district.name}{street.name}") == Location(street.code)
            for community in street.communities:
                where = f"{district.name}{street.name}{community.name}一号"
                assert locate(district, where) == Location(street.code, community.code)


def test_the_community_then_the_street_then_the_district_has_the_duty(
    catalogue: Catalogue, districts: dict[str, District]
) -> None:
    pingshan = districts["pingshan"]
    neighbours = catalogue.item("SZ-0205")

    assert responsible_unit(pingshan, neighbours, Location("longtian", "zhukeng")).unit == "community-zhukeng"
    assert responsible_unit(pingshan, neighbours, Location("longtian")).unit == "street-longtian"
    assert responsible_unit(pingshan, neighbours, Location()).unit == "command-centre"


def test_the_reason_says_item_place_and_unit(catalogue: Catalogue, districts: dict[str, District]) -> None:
    pingshan = districts["pingshan"]
    stalls, gas = catalogue.item("SZ-0502"), catalogue.item("SZ-0101")

    assert responsible_unit(pingshan, stalls, Location("kengzi", "jinsha")).reason_zh == (
        "按职责清单，“占道经营与流动摊贩”由属地单位办理；地点在坑梓街道金沙社区，由坑梓街道综合行政执法队负责"
    )
    assert "未写明所在街道" in responsible_unit(pingshan, stalls, Location()).reason_zh
    assert responsible_unit(pingshan, gas, Location("kengzi")).reason_zh == (
        "按职责清单，“燃气泄漏”由深圳燃气集团坪山片区负责"
    )


def test_every_item_has_a_unit_in_every_place(catalogue: Catalogue, districts: dict[str, District]) -> None:
    for district in districts.values():
        places = [Location()] + [
            Location(street.code, community.code) for street in district.streets for community in street.communities
        ]
        for item in catalogue.items:
            for place in places:
                assert district.unit(responsible_unit(district, item, place).unit)
