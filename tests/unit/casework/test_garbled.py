"""Mojibake is told from Chinese, by example and for any Chinese text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.garbled import garbled

WORDS = "江畔社区路灯不亮，请尽快维修"
COMMON = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可"
CHINESE = st.text(COMMON + "路灯亮坏水电噪音扰社区街道，。！", min_size=6, max_size=60)


@pytest.mark.parametrize(
    "wrong",
    [
        WORDS.encode().decode("gb18030", "replace"),
        WORDS.encode().decode("gbk", "ignore"),
        WORDS.encode().decode("latin-1"),
        WORDS.encode().decode("cp1252", "replace"),
        WORDS.encode("gb18030").decode("latin-1"),
        WORDS.encode("gb18030").decode("cp1252", "replace"),
        WORDS.encode("gb18030").decode("utf-8", "replace"),
        "路灯\ufffd亮",
        "锟斤拷锟斤拷",
        "烫烫烫烫",
        f"地点：{WORDS.encode().decode('gb18030', 'replace')}",
    ],
)
def test_what_was_read_in_another_encoding_is_seen(wrong: str) -> None:
    assert garbled(wrong)


@pytest.mark.parametrize(
    "right",
    [
        "",
        WORDS,
        "plain words",
        "café à la carte — naïve “Zoë”",
        "路灯😀坏了",
        "身份证号0000-00000000××××××，电话158××××9361",
        "第一项········第 3 页",
        "±°²³½",
        "１３８００１３８０００",
        "温度 −5℃，±2°，§3，½ 处",
        "ﾊﾝｶｸ・カナ",
        "한국어 상담",
        "囍嚚龘靐齉 生僻字",
        "娣梃瀹炴 女士",
    ],
)
def test_what_is_only_rare_passes(right: str) -> None:
    assert not garbled(right)


@given(CHINESE)
def test_any_chinese_text_passes_and_does_not_once_it_is_decoded_wrongly(words: str) -> None:
    assert not garbled(words)
    if sum("\u4e00" <= character <= "\u9fff" for character in words) >= 6:
        assert garbled(words.encode().decode("gb18030", "replace"))
        assert garbled(words.encode().decode("latin-1"))
        assert garbled(words.encode("gb18030").decode("utf-8", "replace"))
