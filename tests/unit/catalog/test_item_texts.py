"""What the catalogue's texts must be, so that a classifier may learn from them and anybody may read them."""

import re

import pytest

from catalog.items import Catalogue, CatalogueItem
from catalog.loading import load_catalogue
from catalog.policy import Grade

FIRST_NINE = [f"{n:02d}" for n in range(1, 10)]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def _texts(item: CatalogueItem) -> list[str]:
    return [item.name, item.covers, item.excludes, *item.keywords, *item.phrases]


def _simplified(text: str) -> bool:
    """GB 2312 holds the simplified characters in daily use and hardly a traditional one."""
    return text.encode("gb2312", errors="ignore").decode("gb2312") == text


def test_every_text_is_simplified_chinese(catalogue: Catalogue) -> None:
    assert not _simplified("電動車進樓")

    assert [(item.code, text) for item in catalogue.items for text in _texts(item) if not _simplified(text)] == []


def test_no_text_holds_a_number_that_could_be_somebodys(catalogue: Catalogue) -> None:
    assert [item.code for item in catalogue.items if re.search(r"\d{7}", "\n".join(_texts(item)))] == []


def test_no_keyword_is_given_twice_in_an_item(catalogue: Catalogue) -> None:
    doubled = [item.code for item in catalogue.items if len(item.keywords) != len(set(item.keywords))]

    assert doubled == []


def test_the_first_nine_classes_name_what_a_district_is_asked_in_detail(catalogue: Catalogue) -> None:
    sizes = {each.code: len(each.items) for each in catalogue.classes if each.code in FIRST_NINE}

    assert sizes.keys() == set(FIRST_NINE)
    assert sum(sizes.values()) >= 350
    assert min(sizes.values()) >= 30


def test_joint_work_is_asked_only_where_there_is_somebody_to_join(catalogue: Catalogue) -> None:
    assert [item.code for item in catalogue.items if item.joint and not item.co_roles] == []


def test_an_incident_is_not_given_longer_than_its_grade(catalogue: Catalogue) -> None:
    rung = [item for item in catalogue.items if item.emergency]

    assert {item.grade for item in rung} == {Grade.A}
    assert [item.code for item in rung if item.completion not in (None, "1h", "2h")] == []
