"""Scores, and what they would have been without an example."""

from dataclasses import replace

import numpy as np
import pytest

from catalog.items import Catalogue
from learning.examples import Example, from_catalogue
from learning.scorer import fit
from learning.wording import grams

ALMOST_NOTHING = 1e-9  # an example of this weight is as good as absent, while the vocabulary stays


@pytest.fixture
def examples(three_items: Catalogue) -> tuple[Example, ...]:
    return from_catalogue(three_items)


def test_an_item_scores_its_own_words_highest(examples: tuple[Example, ...]) -> None:
    scorer, _ = fit(examples)
    scores = scorer.scores(scorer.vector("门口的路灯灭了"))
    assert scorer.items[int(scores.argmax())] == "SZ-9001"
    assert not scorer.vector("xyz 123").nnz
    assert not scorer.vector("").nnz


def test_held_out_scores_are_those_of_a_model_fitted_without(examples: tuple[Example, ...]) -> None:
    _, held_out = fit(examples)
    for n, example in enumerate(examples):
        without = fit([*examples[:n], replace(example, weight=ALMOST_NOTHING), *examples[n + 1 :]])[0]
        scores = without.scores(without.vector(example.text))
        np.testing.assert_allclose(held_out.without_itself[n], scores, atol=1e-5)


def test_held_out_items_are_those_of_a_model_fitted_without_them(examples: tuple[Example, ...]) -> None:
    _, held_out = fit(examples)
    for column, item in enumerate(("SZ-9001", "SZ-9002", "SZ-9003")):
        rest = [replace(each, weight=ALMOST_NOTHING) if each.item == item else each for each in examples]
        without, others = fit(rest)[0], [n for n in range(3) if n != column]
        for n, example in enumerate(examples):
            if example.item == item:
                scores = without.scores(without.vector(example.text))
                np.testing.assert_allclose(held_out.without_item(n)[others], scores[others], atol=1e-5)
                assert held_out.without_item(n)[column] == -1


def test_contributions_name_the_grams_that_count(examples: tuple[Example, ...]) -> None:
    scorer, _ = fit(examples)
    lamps, wages = scorer.contributions(scorer.vector("路灯不亮，老板"), ["SZ-9001", "SZ-9003"])
    assert set(lamps) >= {"路灯", "不亮", "老板"}
    assert lamps["路灯"] > lamps["不亮"] > 0 > lamps["老板"]
    assert wages["老板"] > 0 > wages["路灯"]


def test_weights_grow_with_the_texts_and_not_with_items_times_grams(catalogue: Catalogue) -> None:
    """Hundreds of items are worth having only if each adds no more than its own words."""
    examples = from_catalogue(catalogue)
    scorer, _ = fit(examples)
    assert scorer.weights.nnz <= sum(len(set(grams(example.text))) for example in examples)
    assert scorer.weights.nnz < 0.05 * len(scorer.grams) * len(scorer.items)


def test_a_gram_counts_less_the_more_items_use_it() -> None:
    texts = ("路灯不亮", "路灯闪烁", "井盖不见")
    scorer, _ = fit([Example(f"SZ-{n}", text, 1.0, spoken=True) for n, text in enumerate(texts)])
    (gains,) = scorer.contributions(scorer.vector("路灯闪烁"), ["SZ-1"])
    assert gains["闪烁"] > gains["路灯"] > 0
