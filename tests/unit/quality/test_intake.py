"""The suite for rows of an import: each rule by a row that breaks it, and what a row is told of."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from casework.row_facts import RowFacts
from ledger.intake import TEXT_LIMIT
from quality.intake import LONGEST, RULES, row_faults

AT = datetime(2026, 3, 1, tzinfo=UTC)
GOOD: dict[str, Any] = {"length": 12, "words": 10, "year": 2026, "ahead": -60.0}
BREAKS: dict[str, dict[str, Any]] = {
    "ragged": {"surplus": 1},
    "missing": {"length": None, "words": None},
    "too_long": {"length": LONGEST + 1},
    "too_short": {"words": 1},
    "garbled": {"garbled": "place"},
    "formula": {"formula": "标题"},
    "control": {"control": "text"},
    "markup": {"markup": "text"},
    "unread_time": {"unread_time": "created_at", "year": None, "ahead": None},
    "too_early": {"year": 1900},
    "future": {"ahead": 7200.0},
    "elsewhere": {"elsewhere": "北京市"},
    "phone": {"phone": "contact.phone"},
    "property": {"property": "property"},
    "doubled": {"doubled": 2},
    "form": {"form": "longitude：最大为 180"},
}


def kinds(*rows: dict[str, Any]) -> list[list[str]]:
    judged = row_faults([(n, RowFacts(**{**GOOD, **row})) for n, row in enumerate(rows, 2)], None, AT)
    return [[fault.kind for fault in faults] for faults in judged]


def test_each_rule_is_broken_by_its_own_row_alone() -> None:
    assert set(BREAKS) == {rule.name for rule in RULES}
    assert kinds({}, *BREAKS.values()) == [[], *([name] for name in BREAKS)]


def test_what_is_just_allowed_passes() -> None:
    edges = ({"length": LONGEST, "words": 2}, {"year": 2000}, {"ahead": 3600.0}, {"year": None, "ahead": None})
    assert kinds(*edges) == [[], [], [], []]


def test_a_row_is_told_what_there_is_to_mend_and_not_what_follows_from_it() -> None:
    told = kinds(
        {"surplus": 2, "length": None, "words": None},
        {"garbled": "text", "control": "text"},
        {"formula": "text", "words": 0},
        {"phone": "contact.phone", "property": "property", "form": "contact.phone：格式不对"},
    )
    assert told == [["ragged"], ["garbled"], ["formula"], ["phone", "property"]]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("garbled", "place：是乱码"),
        ("formula", "标题：像是电子表格公式"),
        ("too_early", "created_at：1900 年"),
        ("doubled", "external_id：编号与第 2 行相同"),
        ("form", "longitude：最大为 180"),
        ("ragged", "比表头多出 1 格"),
    ],
)
def test_the_sentence_names_the_field(row: str, said: str) -> None:
    ((fault,),) = row_faults([(2, RowFacts(**{**GOOD, **BREAKS[row]}))], None, AT)
    assert fault.sentence.startswith(said)


def test_the_suite_and_the_form_have_one_limit() -> None:
    assert LONGEST == TEXT_LIMIT


def test_pages_are_written_where_they_are_asked_for(tmp_path: Path) -> None:
    row_faults([(2, RowFacts(**GOOD))], tmp_path, AT)
    assert (tmp_path / "index.html").exists()
