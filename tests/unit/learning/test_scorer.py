"""Scores, and what they would have been without an example."""

from dataclasses import replace

import numpy as np
import pytest

from catalog.items import Catalogue
from learning.examples import Example, from_catalogue
from learning.scorer import fit

ALMOST_NOTHING = 1e-9  # an example of this weight is as good as absent, while the vocabulary stays


@pytest.fixture
def examples(three_items: Catalogue) -> tuple[Example, ...]:
    return from_catalogue(three_items)


def test_an_item_scores_its_own_words_highest(examples: tuple[Example, ...]) -> None:
    scorer, _ = fit(examples)
    scores = scorer.scores("门口的路灯灭了")
    assert scores is not None
    assert scorer.items[int(scores.argmax())] == "SZ-9001"
    assert scorer.scores("xyz 123") is None
    assert scorer.scores("") is None


def test_held_out_scores_are_those_of_a_model_fitted_without(examples: tuple[Example, ...]) -> None:
    _, held_out = fit(examples)
    for n, example in enumerate(examples):
        without = fit([*examples[:n], replace(example, weight=ALMOST_NOTHING), *examples[n + 1 :]])[0]
        scores = without.scores(example.text)
        assert scores is not None
        np.testing.assert_allclose(held_out.without_itself[n], scores, atol=1e-5)


def test_held_out_items_are_those_of_a_model_fitted_without_them(examples: tuple[Example, ...]) -> None:
    _, held_out = fit(examples)
    for column, item in enumerate(("SZ-9001", "SZ-9002", "SZ-9003")):
        rest = [replace(each, weight=ALMOST_NOTHING) if each.item == item else each for each in examples]
        without, others = fit(rest)[0], [n for n in range(3) if n != column]
        for n, example in enumerate(examples):
            if example.item == item:
                scores = without.scores(example.text)
                assert scores is not None
                np.testing.assert_allclose(held_out.without_item[n][others], scores[others], atol=1e-5)
                assert held_out.without_item[n][column] == -1


def test_contributions_name_the_grams_that_count(examples: tuple[Example, ...]) -> None:
    scorer, _ = fit(examples)
    gains = scorer.contributions("路灯不亮，老板", "SZ-9001")
    assert set(gains) >= {"路灯", "不亮", "老板"}
    assert gains["路灯"] > gains["不亮"] > 0 > gains["老板"]
