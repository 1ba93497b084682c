"""What is learnt from."""

from catalog.items import Catalogue
from learning.examples import NOTHING, from_catalogue, idle_talk
from learning.wording import grams


def test_each_item_gives_its_name_its_scope_and_its_phrases(three_items: Catalogue) -> None:
    lamps = [example for example in from_catalogue(three_items) if example.item == "SZ-9001"]
    assert [example.text for example in lamps if not example.spoken] == ["路灯故障", "道路照明路灯不亮、闪烁、灯杆倾斜"]
    assert [example.text for example in lamps if example.spoken] == list(three_items.item("SZ-9001").phrases)


def test_keywords_are_one_example(three_items: Catalogue) -> None:
    group = three_items.classes[0]
    lamp = group.items[0].model_copy(update={"keywords": ("不亮", "黑漆漆")})
    changed = Catalogue(version="test", roles={}, classes=(group.model_copy(update={"items": (lamp,)}),))
    assert "不亮 黑漆漆" in [example.text for example in from_catalogue(changed)]


def test_idle_talk_is_of_no_item() -> None:
    talk = idle_talk()
    assert {example.item for example in talk} == {NOTHING}
    assert len({example.text for example in talk}) == len(talk) >= 80
    assert sum(bool(grams(example.text)) for example in talk) >= len(talk) - 3
