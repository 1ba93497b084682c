"""Texts as features."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.linalg import norm

from learning.blocks import SHORT, Text, fit_blocks, grams, plain

TEXTS = [("路灯不亮", "整条街的路灯都不亮"), ("路灯坏了", "街上的路灯坏了没人修"), ("拖欠工资", "老板拖欠工资")]


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("A3区魏家坡巷", "区魏家坡巷"),
        ("K市、J11市的路", "市 市的路"),
        ("2019年12月", "0年0月"),
        ("ＫＴＶ噪音", "ktv噪音"),
        ("【手机号】请回电", "请回电"),
        ("！？", ""),
    ],
)
def test_what_a_text_says_without_places_numbers_and_marks(text: str, seen: str) -> None:
    assert plain(text) == seen


def test_a_gram_does_not_cross_a_blank() -> None:
    assert grams("路灯，不亮", 2) == ["路灯", "不亮"]
    assert grams("路灯", 3) == []


def test_each_block_of_a_text_has_its_own_length() -> None:
    blocks, matrix = fit_blocks(TEXTS)
    assert {(block.field, block.order) for block in blocks.blocks} == {(f, n) for f in (0, 1) for n in SHORT} - {(0, 3)}
    start = 0
    for block in blocks.blocks:
        width = len(block.grams)
        lengths = norm(matrix[:, start : start + width], axis=1)
        assert all(length == pytest.approx(block.weight) or length == 0 for length in lengths)
        start += width
    assert matrix.shape == (3, start)
    assert blocks.names == tuple(name for block in blocks.blocks for name in block.grams)


def test_what_one_text_alone_says_is_not_kept() -> None:
    blocks, _ = fit_blocks(TEXTS)
    assert "路灯" in blocks.names
    assert not {"老板", "工资没", "没人修"} & set(blocks.names)


def test_texts_with_nothing_in_common_cannot_be_learnt_from() -> None:
    with pytest.raises(ValueError, match="give more texts"):
        fit_blocks([("甲",), ("乙",)])


WORDS = st.text(st.sampled_from("路灯不亮坏了老板工资 ，a1"), max_size=30)


@given(st.lists(st.tuples(WORDS, WORDS), max_size=8), st.tuples(WORDS, WORDS))
def test_texts_are_counted_as_the_library_does(texts: list[Text], asked: Text) -> None:
    blocks, matrix = fit_blocks([*TEXTS, *texts])
    assert blocks.matrix([*TEXTS, *texts]).toarray() == pytest.approx(matrix.toarray(), abs=1e-6)
    row = blocks.matrix([asked])
    assert row.shape == (1, len(blocks.names))
    assert row.has_canonical_format
    assert np.isfinite(row.data).all()


def test_some_columns_alone_are_those_columns() -> None:
    blocks, _ = fit_blocks(TEXTS)
    wanted = np.array([0, 2, len(blocks.names) - 1])
    some = blocks.only(wanted)
    assert some.names == tuple(blocks.names[n] for n in wanted)
    assert some.matrix(TEXTS).shape == (3, 3)
