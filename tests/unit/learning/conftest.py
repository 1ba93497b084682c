"""A catalogue of three items, for tests that need to see all of it, and classifiers fitted once a session."""

from datetime import date

import pytest

from catalog.items import Catalogue, CatalogueClass, CatalogueItem
from catalog.loading import load_catalogue
from learning.classifier import Classifier


@pytest.fixture(scope="session")
def three_items() -> Catalogue:
    """SZ-9001 street lamps, SZ-9002 building noise, SZ-9003 unpaid wages."""
    items = (
        _item(
            "SZ-9001",
            "路灯故障",
            "道路照明路灯不亮、闪烁、灯杆倾斜",
            "路灯不亮|整条街的路灯都黑了|路灯一闪一闪|灯杆歪了要倒|巷子里没有灯|路灯坏了没人修",
        ),
        _item(
            "SZ-9002",
            "施工噪声",
            "工地夜间施工、打桩、混凝土浇筑噪音扰民",
            "工地半夜打桩太吵|夜间施工噪音大|凌晨还在浇混凝土|工地吵得睡不着|施工声音太大|半夜机器轰隆响",
        ),
        _item(
            "SZ-9003",
            "拖欠工资",
            "用人单位拖欠克扣工资、不发加班费",
            "老板拖欠工资|三个月没发工资|工地不给工钱|讨薪没人理|加班费不发|包工头跑了工资没结",
        ),
    )
    group = CatalogueClass(code="90", name="试验类", dated=date(2026, 11, 1), items=items)
    return Catalogue(version="test", roles={"works": "试验"}, classes=(group,))


def _item(code: str, name: str, covers: str, phrases: str) -> CatalogueItem:
    said = tuple(phrases.split("|"))
    return CatalogueItem(
        code=code, name=name, covers=covers, phrases=said, importance=2, urgency=2, role="works", level="district"
    )


@pytest.fixture(scope="session")
def small(three_items: Catalogue) -> Classifier:
    return Classifier.from_catalogue(three_items)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The real one."""
    return load_catalogue()


@pytest.fixture(scope="session")
def classifier(catalogue: Catalogue) -> Classifier:
    return Classifier.from_catalogue(catalogue)
