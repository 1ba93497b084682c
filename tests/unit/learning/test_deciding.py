"""The words that decided, readable."""

from hypothesis import given
from hypothesis import strategies as st

from learning.deciding import MOST, deciding_words


def test_overlapping_pairs_are_joined_and_the_strongest_come_first() -> None:
    gains = {"路灯": 0.3, "灯不": 0.2, "不亮": 0.25, "老板": 0.6, "街上": 0.01}
    assert deciding_words("街上路灯不亮，老板", gains) == ("路灯不亮", "老板")


def test_edges_that_begin_no_word_are_trimmed() -> None:
    assert deciding_words("门口的路灯", {"的路": 0.2, "路灯": 0.3}) == ("路灯",)


def test_what_speaks_against_is_not_named() -> None:
    assert deciding_words("路灯不亮", {"路灯": -0.3, "不亮": -0.1}) == ()
    assert deciding_words("", {}) == ()


@given(st.text(alphabet="路灯不亮老板的了，", max_size=30), st.floats(0.01, 1), st.floats(-1, 1))
def test_words_are_passages_of_the_text(text: str, one: float, two: float) -> None:
    words = deciding_words(text, {"路灯": one, "灯不": two, "老板": two, "板的": one})
    assert len(words) == len(set(words)) <= MOST
    assert all(word in text and len(word) > 1 for word in words)
