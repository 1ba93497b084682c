"""Two versions of the catalogue, in words."""

from typing import Any

import pytest

from catalog.difference import Difference, differences
from catalog.items import Catalogue, CatalogueItem
from catalog.loading import load_catalogue


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def with_item(catalogue: Catalogue, code: str, /, **changes: Any) -> Catalogue:
    """The catalogue with one item changed; `drop=True` leaves it out."""
    drop = changes.pop("drop", False)

    def changed(item: CatalogueItem) -> list[CatalogueItem]:
        if item.code != code:
            return [item]
        return [] if drop else [item.model_copy(update=changes)]

    classes = tuple(
        each.model_copy(update={"items": tuple(new for item in each.items for new in changed(item))})
        for each in catalogue.classes
    )
    return Catalogue(version="2027.01.01-00000000", roles=catalogue.roles, classes=classes)


def told(old: Catalogue, new: Catalogue) -> list[str]:
    return [each.sentence for each in differences(old, new)]


def test_the_same_says_nothing(catalogue: Catalogue) -> None:
    assert differences(catalogue, catalogue) == []


def test_an_item_that_came_or_went(catalogue: Catalogue) -> None:
    item = catalogue.item("SZ-0602")
    without = with_item(catalogue, "SZ-0602", drop=True)

    assert told(catalogue, without) == [f"删去 SZ-0602“{item.name}”"]
    assert told(without, catalogue) == [
        f"新增 SZ-0602“{item.name}”：市政设施，{item.grade.value} 级，{len(item.phrases)} 条说法"
    ]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "路灯不亮"}, "SZ-0602 由“{name}”改名为“路灯不亮”"),
        ({"completion": "5d"}, "SZ-0602“{name}”的办结时限由 3d 改为 5d"),
        ({"completion": None}, "SZ-0602“{name}”的办结时限由 3d 改为 按等级"),
        ({"level": "community"}, "SZ-0602“{name}”的办理层级由{level}改为社区级"),
        ({"role": "housing"}, "SZ-0602“{name}”的牵头角色由“{role}”改为“住房建设与物业监管”"),
        ({"co_roles": ("fire", "gas"), "joint": True}, "SZ-0602“{name}”的协办角色由“{co_roles}”改为“消防救援、供气”"),
        ({"importance": 3, "urgency": 3}, "SZ-0602“{name}”由 B 级改为 A 级（重要性×紧急性 {weights} → 3×3）"),
        ({"property": "help"}, "SZ-0602“{name}”的诉求性质由无改为求助"),
        ({"emergency": "power"}, "SZ-0602“{name}”的应急专线由 无 改为 power"),
        ({"long_standing": True}, "SZ-0602“{name}”是否积案由否改为是"),
        ({"basis": "某条例"}, "SZ-0602“{name}”的依据由{basis}改为某条例"),
        ({"keywords": ()}, "SZ-0602“{name}”的关键词增 0 个、减 {keywords} 个，现有 0 个"),
    ],
)
def test_what_an_item_says_otherwise(catalogue: Catalogue, changes: dict[str, Any], sentence: str) -> None:
    base = with_item(catalogue, "SZ-0602", completion="3d", level="street", co_roles=(), joint=False, property=None)
    item = base.item("SZ-0602")
    values = {
        "name": item.name,
        "level": "街道级",
        "role": catalogue.roles[item.role],
        "co_roles": "无",
        "weights": f"{item.importance}×{item.urgency}",
        "basis": item.basis or "无",
        "keywords": len(item.keywords),
    }

    assert sentence.format(**values) in told(base, with_item(base, "SZ-0602", **changes))


def test_phrases_are_counted(catalogue: Catalogue) -> None:
    phrases = catalogue.item("SZ-0602").phrases
    new = with_item(catalogue, "SZ-0602", phrases=(*phrases[1:], "灯杆歪了", "灯罩掉了"))

    (found,) = differences(catalogue, new)

    assert found == Difference(
        "phrases",
        "SZ-0602",
        f"SZ-0602“{catalogue.item('SZ-0602').name}”的说法增 2 条、减 1 条，现有 {len(phrases) + 1} 条",
    )


def test_weights_that_leave_the_grade_are_told_as_such(catalogue: Catalogue) -> None:
    base = with_item(catalogue, "SZ-0602", importance=1, urgency=1)

    (sentence,) = told(base, with_item(base, "SZ-0602", urgency=2))

    assert sentence.endswith("的重要性×紧急性由 1×1 改为 1×2，仍为 C 级")


def test_the_same_matter_under_another_code_is_not_two_items(catalogue: Catalogue) -> None:
    name = catalogue.item("SZ-0602").name

    assert told(catalogue, with_item(catalogue, "SZ-0602", code="SZ-0699")) == [
        f"“{name}”的编号由 SZ-0602 改为 SZ-0699"
    ]


def test_roles_and_classes_come_and_go_by_name(catalogue: Catalogue) -> None:
    roles = {**catalogue.roles, "drones": "低空巡查", "gas": "燃气"}
    del roles["rail"]
    first, *others = catalogue.classes
    classes = (first.model_copy(update={"name": "安全"}), *others[1:])
    new = Catalogue(version="2027.01.01-00000000", roles=roles, classes=classes)

    sentences = told(catalogue, new)

    assert sentences[:5] == [
        "大类 01 由“安全隐患”改名为“安全”",
        "删去大类 02 治安维稳",
        "新增角色 drones（低空巡查）",
        "角色 gas 由“供气”改称“燃气”",
        "删去角色 rail（轨道交通建设协调）",
    ]
    assert len(sentences) == 5 + len(others[0].items)
