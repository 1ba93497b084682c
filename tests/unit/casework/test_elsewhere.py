"""Places of other districts are told from the district's own, and from roads that are called like cities."""

import pytest

from casework.elsewhere import Bounds
from ledger.city import City
from ledger.settings import Settings

DISTRICTS = City.of(Settings()).districts


def bounds(code: str) -> Bounds:
    return Bounds.of(DISTRICTS[code], DISTRICTS.values())


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("北京市朝阳区建国路", "北京市"),
        ("福田区莲花街道", "福田区"),
        ("莲花街道", "莲花街道"),
        ("广州天河区体育西路", "广州"),
        ("湖南省长沙", "湖南省"),
        ("深圳市宝安区西乡", "宝安区"),
        ("上海", "上海"),
        ("惠州 大亚湾", "惠州"),
    ],
)
def test_another_place_is_named(place: str, said: str) -> None:
    assert (bounds("pingshan").elsewhere(place) or "").startswith(said)


@pytest.mark.parametrize(
    "place",
    [
        "",
        "深圳市坪山区龙田街道",
        "广东省深圳市",
        "龙田街道老坑社区，近惠州市惠阳区",
        "坪山大道与深汕路交会处",
        "北京路 12 号",
        "南京路口",
        "上海花园",
        "坪山中山市场",
        "重庆小面馆门口",
        "某小区",
        "人民医院",
        "工业园区 A 栋",
    ],
)
def test_the_districts_own_and_what_is_only_called_so_pass(place: str) -> None:
    assert bounds("pingshan").elsewhere(place) is None


@pytest.mark.parametrize("code", sorted(DISTRICTS))
def test_a_districts_own_names_are_never_elsewhere(code: str) -> None:
    here = bounds(code)
    for street in DISTRICTS[code].streets:
        for name in (street.name, *street.aliases, *(community.name for community in street.communities)):
            assert here.elsewhere(name) is None
            assert here.elsewhere(f"{DISTRICTS[code].name}{name}") is None
