"""Questions that ask the same come together."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from learning.alike import alike


def test_the_same_question_in_other_words_is_one_group() -> None:
    texts = ["请问采砂许可证怎么办", "采砂许可证在哪里办理", "小孩几岁上学", "请问办理采砂许可证要什么材料"]
    assert alike(texts) == [[0, 1, 3], [2]]


@given(st.lists(st.text(max_size=30), max_size=12))
def test_every_text_is_in_one_group(texts: list[str]) -> None:
    groups = alike(texts)
    assert sorted(n for group in groups for n in group) == list(range(len(texts)))
    assert all(len(a) >= len(b) for a, b in pairwise(groups))
