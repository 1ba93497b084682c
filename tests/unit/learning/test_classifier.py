"""The classifier on three items that can be seen whole."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.items import Catalogue, CatalogueItem
from learning.classifier import Classification, Classifier, kin


@pytest.mark.parametrize(
    ("text", "item", "word"),
    [
        ("我家门口的路灯灭了两天", "SZ-9001", "路灯"),
        ("隔壁工地夜里打桩，吵得没法睡", "SZ-9002", "打桩"),
        ("干了半年活，工资一分没拿到", "SZ-9003", "工资"),
    ],
)
def test_a_request_finds_its_item_and_says_why(small: Classifier, text: str, item: str, word: str) -> None:
    judged = small.classify(text)
    assert judged.item == item
    assert any(word in passage for passage in judged.candidates[0].words)


def test_the_best_candidate_is_the_answer(small: Classifier) -> None:
    judged = small.classify("工地不发工资")
    assert judged.item == judged.candidates[0].item
    assert judged.confidence >= judged.candidates[0].confidence
    assert all(first.confidence >= second.confidence for first, second in pairwise(judged.candidates))
    assert len({candidate.item for candidate in judged.candidates}) == 3


def test_items_of_the_same_consequences_are_kin(three_items: Catalogue) -> None:
    lamps, noise, wages = three_items.items
    graver = noise.model_copy(update={"importance": 3, "urgency": 3})
    police = wages.model_copy(update={"role": "police"})
    group = three_items.classes[0]

    def kin_of(*items: CatalogueItem) -> list[int]:
        changed = Catalogue(version="test", roles={}, classes=(group.model_copy(update={"items": items}),))
        return list(kin(["", *(item.code for item in items)], changed))

    assert kin_of(lamps, noise, wages) == [0, 1, 1, 1]
    assert kin_of(lamps, graver, wages) == [0, 1, 2, 1]
    assert kin_of(lamps, noise, police) == [0, 1, 1, 2]


@pytest.mark.parametrize("text", ["", "???", "12345", "【手机号】", "Ωμέγα"])
def test_without_a_known_word_there_is_no_item(small: Classifier, text: str) -> None:
    assert small.classify(text) == Classification("", 0.0, ())


def test_a_place_named_in_the_text_decides_nothing(small: Classifier) -> None:
    assert small.classify("工地路的灯不亮了", place="工地路") == small.classify(" 的灯不亮了")


def test_the_same_text_gets_the_same_answer(small: Classifier) -> None:
    assert small.classify("路灯不亮") == small.classify("路灯不亮")


@given(st.text(max_size=200))
def test_any_text_gets_a_confidence(small: Classifier, text: str) -> None:
    judged = small.classify(text)
    assert 0 <= judged.confidence <= 1
    assert bool(judged.item) == bool(judged.candidates)


def test_a_request_takes_milliseconds(classifier: Classifier) -> None:
    text = "和平路的路灯从昨天晚上开始一排都不亮，下班走路很害怕，麻烦尽快修好"
    fastest = min(_seconds(classifier, text) for _ in range(20))
    assert fastest < 0.005


def _seconds(classifier: Classifier, text: str) -> float:
    start = time.perf_counter()
    classifier.classify(text)
    return time.perf_counter() - start
