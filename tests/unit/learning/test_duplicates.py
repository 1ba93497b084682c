"""The same matter at the same place, as the shipped weights judge it with the real catalogue."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.items import Catalogue
from learning.duplicates import Duplicates, Weights, features, fit
from learning.likeness import Told

ALIKE = (
    (("路灯不亮", "滨江路86号"), ("路灯坏了三盏", "滨江路90号")),
    (("电梯坏了三天", "幸福里"), ("我们这里电梯停运好几天没人修", "幸福里3栋")),
    (("荷园雅居门口共享单车乱停", ""), ("荷园雅居大门口单车堆成山", "")),
)
UNLIKE = (
    (("路灯不亮", "滨江路86号"), ("路灯不亮", "渡口路8号")),
    (("电梯坏了三天", "幸福里"), ("电梯坏了三天", "阳光城")),
    (("电梯坏了三天", "幸福里"), ("垃圾桶没人清理", "幸福里")),
    (("请问社保怎么补缴", ""), ("请问居住证怎么办理", "")),
)


@pytest.fixture(scope="module")
def duplicates(catalogue: Catalogue) -> Duplicates:
    return Duplicates.from_catalogue(catalogue)


def told(said: tuple[str, str]) -> Told:
    return Told(*said, street="linjiang", community="jiangpan")


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_other_words_for_the_same_are_the_same(
    duplicates: Duplicates, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert duplicates.probability(told(one), told(other)) > 0.5


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_the_same_words_for_something_else_are_not(
    duplicates: Duplicates, one: tuple[str, str], other: tuple[str, str]
) -> None:
    assert duplicates.probability(told(one), told(other)) < 0.5


@settings(max_examples=40)
@given(st.text(max_size=80), st.text(max_size=20), st.text(max_size=80), st.text(max_size=20))
def test_it_is_a_probability_and_does_not_depend_on_the_order(
    duplicates: Duplicates, text: str, place: str, other_text: str, other_place: str
) -> None:
    one, other = Told(text, place), Told(other_text, other_place)
    forth, back = duplicates.probability(one, other), duplicates.probability(other, one)
    assert 0 <= forth <= 1
    assert forth == pytest.approx(back)


def test_many_at_once_are_each_as_by_itself(duplicates: Duplicates) -> None:
    one, others = told(ALIKE[0][0]), [told(ALIKE[0][1]), told(UNLIKE[0][1])]
    assert list(duplicates.probabilities(one, others)) == [duplicates.probability(one, other) for other in others]


def test_comparing_takes_no_more_than_milliseconds(duplicates: Duplicates) -> None:
    one, others = told(ALIKE[0][0]), [told(ALIKE[1][1])] * 50
    start = time.process_time()
    duplicates.probabilities(one, others)
    assert time.process_time() - start < 50 * 0.005


def test_weights_are_learnt_from_pairs() -> None:
    rows = np.random.default_rng(5).uniform(0, 1, (400, 3))
    same = rows @ np.array([3.0, 1.0, 0.0]) > 2
    learnt = fit(rows, same)
    assert learnt.coefficients[0] > learnt.coefficients[1] > abs(learnt.coefficients[2])
    assert ((learnt.probabilities(rows) > 0.5) == same).mean() > 0.9


def test_features_are_a_row_for_each_pair(duplicates: Duplicates) -> None:
    pairs = [(told(one), told(other)) for one, other in (*ALIKE, *UNLIKE)]
    rows = features(duplicates.likeness, pairs)
    assert rows.shape == (len(pairs), 3)
    assert np.abs(rows).max() <= 1


def test_likeness_speaks_for_and_never_against(duplicates: Duplicates) -> None:
    assert min(duplicates.weights.coefficients) > 0
    none, all_of_it = Weights((1.0, 1.0, 1.0), -1.0).probabilities(np.array([[0.0, 0, 0], [1, 1, 1]]))
    assert none < 0.5 < all_of_it
