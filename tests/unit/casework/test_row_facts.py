"""What is measured on a row."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.elsewhere import Bounds
from casework.row_facts import RowFacts, row_facts
from ledger.city import City
from ledger.settings import Settings

DISTRICTS = City.of(Settings()).districts
BOUNDS = Bounds.of(DISTRICTS["demo"], DISTRICTS.values())
NOW = datetime(2026, 3, 1, tzinfo=UTC)


def measured(cells: dict[str, str] | None = None, **fields: str) -> RowFacts:
    return row_facts(cells or {}, {"text": "路灯不亮", **fields}, BOUNDS, NOW)


def test_a_plain_row_has_its_length_and_nothing_else() -> None:
    assert measured() == RowFacts(length=4, words=4)


@pytest.mark.parametrize(
    ("words", "count"),
    [("路灯", 2), ("好", 1), ("？？！", 0), ("12345", 0), ("3号楼停水", 5), ("help", 4), ("😀😀", 0)],
)
def test_words_are_letters_and_digits_beside_letters(words: str, count: int) -> None:
    assert measured(text=words).words == count


def test_the_field_that_is_wrong_is_named() -> None:
    facts = measured({"标题": "=1+1"}, place="锟斤拷", addressee="区长\x1b[0m")
    assert (facts.garbled, facts.formula, facts.control) == ("place", "标题", "addressee")


@pytest.mark.parametrize(
    "harmless", ["一\t二\r\n三", "软\x0b回车", "👨\u200d👩\u200d👧 全家", "\ufeff路灯", "好\u3000的"]
)
def test_layout_and_emoji_are_no_control_characters(harmless: str) -> None:
    assert measured(text=harmless).control is None


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b", "\x7f", "\x9b", "\u202e", "\ud83d", "\uffff"])
def test_what_no_person_types_is(bad: str) -> None:
    assert measured(text=f"路灯{bad}不亮").control == "text"


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>路灯", "<img src=x onerror=alert(1)>", "点 javascript:void(0)", "<IFRAME src=//x>"],
)
def test_scripts_are_seen(words: str) -> None:
    assert measured(text=words).markup == "text"


@pytest.mark.parametrize("words", ["<p>路灯不亮</p><br/>", "温度<0，on=关", "3<5 而且 5>3", "学了 JavaScript：没用"])
def test_a_mailboxs_tags_and_signs_are_no_scripts(words: str) -> None:
    assert measured(text=words).markup is None


def test_a_time_is_measured_in_its_year_and_from_now() -> None:
    early, late, none = measured(created_at="1900-01-01"), measured(created_at="2026-03-01T10:00+08:00"), measured()
    assert (early.year, early.unread_time) == (1900, None)
    assert (late.year, late.ahead) == (2026, 7200.0)
    assert (none.year, none.ahead, none.unread_time) == (None, None, None)
    assert measured(created_at="昨天") == RowFacts(length=4, words=4, unread_time="created_at")


@pytest.mark.parametrize("phone", ["13800138000", "138 0013 8000", "+8613800138000", "0755-12345678", "12345"])
def test_phones_that_can_be_dialled(phone: str) -> None:
    assert measured(**{"contact.phone": phone}).phone is None


@pytest.mark.parametrize("phone", ["1380013800", "138001380000", "12", "打不通", "138O0138000", "1" * 30])
def test_phones_that_cannot(phone: str) -> None:
    assert measured(**{"contact.phone": phone}).phone == "contact.phone"


@given(st.text(max_size=200), st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_written_can_be_measured_and_no_fact_repeats_it(words: str, place: str, asked: str) -> None:
    facts = measured({"列": words}, text=words, place=place, created_at=asked)
    told = {facts.garbled, facts.formula, facts.control, facts.unread_time, facts.phone, facts.property}
    assert told <= {None, "text", "place", "created_at", "列"}
    assert facts.elsewhere is None or facts.elsewhere in place
