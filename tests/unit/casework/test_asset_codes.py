"""Codes of things, as they stand in a register and in a citizen's words."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.asset_codes import MOST, codes_in, is_code, written


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("翠湖路编号JG-0012的井盖不见了", ("JG-0012",)),
        ("编号ＪＧ－００１２，井盖坏了", ("JG-0012",)),
        ("灯杆 ld_20001 和 LD-20001 不亮", ("LD-20001",)),
        ("箱号440310001234旁边", ("440310001234",)),
        ("3栋502房，电话见附件", ()),
        ("2026年1000元", ()),
        ("JG-0012、YS20001两个井盖", ("JG-0012", "YS20001")),
        ("AB-CDE 没有数字", ()),
        ("", ()),
    ],
)
def test_codes_are_found_in_words(words: str, codes: tuple[str, ...]) -> None:
    assert codes_in(words) == codes


def test_a_part_of_a_longer_run_is_no_code() -> None:
    assert "JG-0012" not in codes_in("XJG-0012 JG-00125")


def test_no_text_makes_many_look_ups() -> None:
    assert len(codes_in(" ".join(f"A{n:05}" for n in range(1000)))) == MOST


@given(st.text(string.ascii_letters + string.digits + "-", min_size=1, max_size=45))
def test_what_a_register_takes_is_found_in_words(code: str) -> None:
    kept = written(code)
    if is_code(kept):
        assert codes_in(f"路边{code}的井盖坏了") == (kept,)
