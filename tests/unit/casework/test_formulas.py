"""What a spreadsheet would run, and what only begins like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.formulas import is_formula


@pytest.mark.parametrize(
    "cell",
    [
        "=cmd|' /C calc'!A0",
        '=HYPERLINK("http://x.example","点我")',
        "=1+1",
        "=-1+1",
        "=A1",
        '=A1&"元"',
        '=SUM(A1:A2)&"元"',
        '="a"&"b"',
        "==cmd|' /C calc'!A0",
        "＝SUM(1)",
        "@SUM(1+1)*cmd|' /C calc'!A0",
        "+cmd|' /C calc'!A0",
        "-2+3+cmd|' /C calc'!A0",
        '-1+HYPERLINK("x")',
        "\t=1+1",
        "\r=1+1",
        ' =WEBSERVICE("http://x.example")',
        '=DDE("cmd";"/C calc";"1")',
    ],
)
def test_formulas_are_seen(cell: str) -> None:
    assert is_formula(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "",
        "-路灯坏了",
        "- 第一，路灯坏了；第二，井盖缺失",
        "-WIFI(免费)连不上",
        "+86 138 0013 8000",
        "+8613800138000",
        "-122.5",
        "@张三（请看）",
        "@物业：路灯坏了",
        "======",
        "=路灯坏了=",
        "=1楼没水",
        "=A栋没电",
        "1+1=2",
        "'=1+1",
        "路灯=坏了",
        "——转自市民热线",
    ],
)
def test_prose_numbers_and_phones_pass(cell: str) -> None:
    assert not is_formula(cell)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1), st.sampled_from("-+@=—"))
def test_a_sign_before_chinese_is_no_formula(words: str, sign: str) -> None:
    assert not is_formula(sign + words)


@given(st.from_regex(r"\A[ \t]*=[A-Z]{1,8}\([0-9A-Z,:]*\)\Z"))
def test_any_function_after_an_equals_sign_is_one(cell: str) -> None:
    assert is_formula(cell)
