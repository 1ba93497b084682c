from pathlib import Path

import pytest
from pydantic import ValidationError

from catalog.items import Catalogue, CatalogueItem, UnknownItem
from catalog.loading import CATALOGUE_FOLDER, load_catalogue
from catalog.policy import Grade

PINGSHAN_CLASSES = [
    *("安全隐患", "治安维稳", "环保水务", "规土城建", "市容环卫", "市政设施", "交通运输", "劳动社保", "食药市监"),
    *("文体旅游", "教育卫生", "组织人事", "党建群团", "党纪政纪", "民政服务", "统一战线", "社区管理", "专业事件采集"),
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_the_18_classes_of_pingshan_hold_at_least_72_items(catalogue: Catalogue) -> None:
    assert [each.name for each in catalogue.classes] == PINGSHAN_CLASSES
    assert len(catalogue.items) >= 72
    assert all(len(each.items) >= 3 for each in catalogue.classes)


def test_an_item_knows_its_class(catalogue: Catalogue) -> None:
    item = catalogue.item("SZ-0601")

    assert (item.class_code, item.class_name, item.grade) == ("06", "市政设施", Grade.A)


def test_an_unknown_item_is_named_with_the_catalogues_version(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownItem, match=f"no item SZ-9999 in catalogue {catalogue.version}"):
        catalogue.item("SZ-9999")


def test_no_phrase_and_no_name_stands_for_two_items(catalogue: Catalogue) -> None:
    phrases = [phrase for item in catalogue.items for phrase in item.phrases]
    names = [item.name for item in catalogue.items]

    assert len(phrases) == len(set(phrases))
    assert len(names) == len(set(names))


def test_hazards_supplies_and_every_property_have_their_items(catalogue: Catalogue) -> None:
    graded = {item.name: item.grade for item in catalogue.items}
    hazards = ("燃气泄漏", "井盖缺失破损", "电线垂落与漏电", "高空坠物与抛物", "消防通道堵塞", "学校门口过街安全")
    supplies = ("停水与水压不足", "停电与供电故障", "停气与供气故障", "红绿灯故障")

    assert {graded[name] for name in hazards} == {Grade.A}
    assert {graded[name] for name in supplies} == {Grade.B}
    assert {"help", "question", "suggestion", "thanks", "report"} <= {item.property for item in catalogue.items}


def test_whoever_is_rung_at_once_is_needed_for_life_and_safety(catalogue: Catalogue) -> None:
    rung = [item for item in catalogue.items if item.emergency]

    assert {item.grade for item in rung} == {Grade.A}
    assert {"110", "119", "120", "122", "gas", "power"} == {item.emergency for item in rung}


def test_every_item_has_phrases_and_keywords_to_learn_from(catalogue: Catalogue) -> None:
    for item in catalogue.items:
        assert len(item.phrases) >= 8
        assert len(item.keywords) >= 5
        assert all(len(phrase) >= 6 for phrase in item.phrases)


def test_roles_used_names_an_item_that_needs_each_role(catalogue: Catalogue) -> None:
    assert catalogue.roles_used.keys() == catalogue.roles.keys()
    for role, code in catalogue.roles_used.items():
        item = catalogue.item(code)
        assert role in (item.role, *item.co_roles)


@pytest.mark.parametrize("completion", ["16wd", "16d", "400h"])
def test_no_item_promises_longer_than_15_working_days(catalogue: Catalogue, completion: str) -> None:
    written = catalogue.item("SZ-0601").model_dump(mode="json") | {"completion": completion}

    with pytest.raises(ValidationError, match="longer than an item may promise"):
        CatalogueItem.model_validate(written)


def test_the_version_tells_the_newest_date_and_changes_with_the_content(tmp_path: Path, catalogue: Catalogue) -> None:
    copied = _copy(tmp_path / "same")
    changed = _copy(tmp_path / "changed")
    file = changed / "items" / "06-municipal.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("name: 路灯故障", "name: 路灯不亮"), encoding="utf-8")

    assert load_catalogue(copied).version == catalogue.version
    assert load_catalogue(changed).version != catalogue.version
    assert catalogue.version.startswith(f"{max(each.dated for each in catalogue.classes):%Y.%m.%d}-")


def _copy(folder: Path) -> Path:
    for file in CATALOGUE_FOLDER.rglob("*.yaml"):
        copy = folder / file.relative_to(CATALOGUE_FOLDER)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(file.read_bytes())
    return folder
