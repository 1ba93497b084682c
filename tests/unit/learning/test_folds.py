"""Parts of labelled texts."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from learning.folds import distinct, likeness, parts

TOLD = st.lists(
    st.tuples(st.text("路灯工资区A3，", min_size=1, max_size=8), st.sampled_from(["甲", "乙", "丙"])),
    min_size=1,
    max_size=50,
)


@given(TOLD, st.integers(2, 6))
def test_copies_stay_together_and_labels_are_spread(told: list[tuple[str, str]], n: int) -> None:
    texts, labels = [(text,) for text, _ in told], [label for _, label in told]
    where = parts(texts, labels, n)
    of_copy = {likeness(text): part for text, part in zip(texts, where, strict=True)}
    assert [of_copy[likeness(text)] for text in texts] == list(where)
    first = {likeness(text): label for text, label in reversed(list(zip(texts, labels, strict=True)))}
    for label, count in distinct(texts, labels).items():
        held = Counter(int(of_copy[copy]) for copy, owner in first.items() if owner == label)
        assert sum(held.values()) == count
        assert max(held.values()) - min(held.get(part, 0) for part in range(n)) <= 1
        assert count == 1 or len(held) > 1  # something is left to learn from


@given(TOLD, st.randoms())
def test_the_order_of_texts_changes_no_part(told: list[tuple[str, str]], chance: object) -> None:
    told = list({likeness((text,)): (text, label) for text, label in told}.values())
    texts, labels = [(text,) for text, _ in told], [label for _, label in told]
    where = dict(zip(texts, parts(texts, labels, 5), strict=True))
    chance.shuffle(told)  # type: ignore[attr-defined]
    again = parts([(text,) for text, _ in told], [label for _, label in told], 5)
    assert {(text,): part for (text, _), part in zip(told, again, strict=True)} == where


def test_numbers_places_and_punctuation_do_not_make_another_text() -> None:
    assert likeness(("A3区停水3天！",)) == likeness(("B7区停水12天",))
    assert likeness(("停水",)) != likeness(("停电",))
