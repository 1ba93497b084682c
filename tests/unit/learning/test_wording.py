"""A request's wording: what counts as words and what does not."""

from learning.wording import grams, segments, without_place


def test_digits_punctuation_masks_and_filler_are_no_words() -> None:
    assert segments("您好！请打【手机号】，路灯３盏不亮。KTV太吵，谢谢！") == ("请打", "路灯", "盏不亮", "ktv太吵")
    assert segments("??? 123") == ()


def test_grams_are_characters_and_pairs_within_a_segment() -> None:
    assert grams("路灯，亮") == ["路", "灯", "路灯", "亮"]


def test_the_place_is_left_aside() -> None:
    assert segments(without_place("坪山公园东门路灯不亮", "坪山公园 东门")) == ("路灯不亮",)
    assert without_place("路灯不亮", "") == "路灯不亮"
    assert without_place("路灯不亮", "路") == "路灯不亮"
