"""The plain methods beside which figures are shown."""

from datetime import UTC, datetime

import pytest

from deployments.evaluating.plain import ByMajority, by_svm
from learning.assigning.facts import Facts
from learning.assigning.unit_names import HistoricUnit
from learning.errors import TooLittle

NOON = datetime(2026, 5, 6, 12, tzinfo=UTC)
GREEN, STREET, WATER = map(HistoricUnit, ("园林", "街道", "水务"))


def test_nobody_is_named_before_anything_was_seen() -> None:
    assert ByMajority().named(Facts(NOON, sub="树木"), 3) == ()


def test_the_closest_requests_are_looked_up_first_and_the_others_fill_up() -> None:
    plain = ByMajority()
    here, elsewhere = Facts(NOON, sub="树木", community="六和"), Facts(NOON, sub="树木", community="坪环")
    for facts, unit in ((elsewhere, STREET), (elsewhere, STREET), (elsewhere, WATER), (here, GREEN)):
        plain.learn(facts, unit)
    assert plain.named(here, 3) == (GREEN, STREET, WATER)
    assert plain.named(elsewhere, 1) == (STREET,)
    assert plain.named(Facts(NOON, sub="井盖", community="沙田"), 3)[0] == STREET  # the commonest of all


def test_a_label_is_told_by_characters() -> None:
    taught = ["路灯不亮", "路灯坏了", "拖欠工资", "工资没发"]
    assert by_svm(taught, ["灯", "灯", "薪", "薪"], ["巷口路灯灭了", "老板欠工资"]) == ["灯", "薪"]
    with pytest.raises(TooLittle):
        by_svm(taught, ["灯"] * 4, ["路灯"])
