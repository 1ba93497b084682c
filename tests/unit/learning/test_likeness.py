"""What two requests share, told apart: words of a matter, names, and where they are."""

import pytest

from catalog.items import Catalogue
from learning.likeness import Likeness, Reading, Told, said_alike

LAMP = Told("路灯不亮好几天了", "幸福里3栋", "longtian", "laokeng")


@pytest.fixture(scope="module")
def likeness(three_items: Catalogue) -> Likeness:
    return Likeness.from_catalogue(three_items)


def read(likeness: Likeness, text: str, place: str = "") -> Reading:
    return likeness.read(Told(text, place))


def test_what_the_catalogue_says_is_matter_and_what_it_does_not_is_a_name(likeness: Likeness) -> None:
    reading = read(likeness, "路灯不亮，星湖湾9栋")
    assert {"路灯", "不亮"} <= reading.matter.keys()
    assert {"星湖", "湖湾9", "9栋"} <= reading.names.keys()
    assert not reading.matter.keys() & reading.names.keys()


def test_a_request_is_wholly_like_itself(likeness: Likeness) -> None:
    reading = likeness.read(LAMP)
    assert likeness.features(reading, reading) == pytest.approx([1, 1, 1])


def test_the_same_matter_elsewhere_shares_the_words_and_no_name(likeness: Likeness) -> None:
    here, there = read(likeness, "星湖湾，路灯不亮"), read(likeness, "金色里，路灯不亮")
    matter, both, _ = likeness.features(here, there)
    assert matter > 0.7
    assert both < matter
    assert likeness.features(here, read(likeness, "星湖湾，路灯不亮"))[1] > both


def test_another_matter_at_the_same_place_shares_few_words(likeness: Likeness) -> None:
    matter, both, _ = likeness.features(read(likeness, "星湖湾，路灯不亮"), read(likeness, "星湖湾，老板拖欠工资"))
    assert matter < 0.2
    assert both < 0.5


def test_nothing_known_is_nothing_shared(likeness: Likeness) -> None:
    nothing = read(likeness, "???【手机号】")
    assert list(likeness.features(nothing, nothing)) == [0, 0, 0]


@pytest.mark.parametrize(
    ("street", "community", "together"),
    [
        ("longtian", "laokeng", 1),
        ("longtian", None, 1),
        ("longtian", "zhukeng", -1),
        ("kengzi", None, -1),
        (None, None, 0),
    ],
)
def test_places_by_their_codes(likeness: Likeness, street: str | None, community: str | None, together: int) -> None:
    other = Told("路灯不亮", "", street, community)
    assert likeness.features(likeness.read(LAMP), likeness.read(other))[2] == together


def test_a_place_within_the_other_agrees_and_another_house_does_so_in_part(likeness: Likeness) -> None:
    home = likeness.read(LAMP)
    assert said_alike(home, read(likeness, "", "幸福里")) == pytest.approx(1)
    assert 0 < (said_alike(home, read(likeness, "", "幸福里8栋")) or 0) < 1
    assert said_alike(home, read(likeness, "", "阳光城")) == 0
    assert said_alike(home, read(likeness, "路灯不亮")) is None
