"""The machinery: each kind of rule names the rows that break it, and a suite that cannot judge says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog.marked import Marked
from quality.checkpoint import CheckBroken, judge
from quality.findings import findings
from quality.room import KEPT, thin_out
from quality.rules import (
    Row,
    Rule,
    Table,
    absent,
    among,
    at_least,
    between,
    long,
    matching,
    present,
    same,
    unique,
)

AT = datetime(2026, 11, 1, tzinfo=UTC)

# A rule of each kind, and values of which those at the given places break it; None breaks only what is about None.
KINDS: list[tuple[Rule, list[Any], list[int]]] = [
    (present("missing", "x"), ["a", None, ""], [1]),
    (absent("shape", "x"), [None, "a", 0], [1, 2]),
    (unique("code_twice", "x"), ["a", "b", "a", None, None], [0, 2]),
    (among("level", "x", ["a", "b"]), ["a", "c", None], [1]),
    (among("weight", "x", [1, 2, 3]), [1, 0, "3", None], [1, 2]),
    (matching("limit_form", "x", r"^[1-9]\d*(h|wd)$"), ["5wd", "0h", "5 wd", None], [1, 2]),
    (long("name_long", "x", 2, 3), ["一", "一二", "一二三四", None], [0, 2]),
    (between("phrases_few", "x", 6, None), [5, 6, 7.5, None], [0]),
    (between("limit_long", "x", None, 15), [15, 15.5, None], [1]),
]


def table(rule: Rule, **columns: list[Any]) -> Table:
    rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    return Table("made", (rule,), [Row(f"R{n}", values) for n, values in enumerate(rows)])


def test_each_kind_of_rule_names_the_rows_that_break_it() -> None:
    pairs = [
        (at_least("limit_loose", "x", "y"), [3, 2, None, 1], [3, 3, 1, None], [1]),
        (same("code_class", "x", "y"), ["01", "02", None, "01"], ["01", "01", "01", None], [1]),
    ]
    tables = [table(rule, x=values) for rule, values, _ in KINDS]
    tables += [table(rule, x=left, y=right) for rule, left, right, _ in pairs]
    expected = [broken for _, _, broken in KINDS] + [broken for *_, broken in pairs]

    # A source may hold a name once: here the tables are told apart by it.
    named = [Table(f"made-{n}", each.rules, each.rows) for n, each in enumerate(tables)]
    found: list[list[int]] = [[] for _ in named]
    for breach in judge("catalogue", named, None, AT):
        found[breach.table].append(breach.row)

    assert found == expected


def test_a_table_without_rows_breaks_nothing(tmp_path: Path) -> None:
    empty = Table("made", (unique("code_twice", "x"), present("missing", "y")), [])

    assert judge("catalogue", [empty], tmp_path, AT) == []
    assert (tmp_path / "index.html").exists()


def test_a_rule_that_cannot_judge_is_no_pass_and_tells_no_value() -> None:
    mixed = table(between("phrases_few", "x", 6, None), x=[7, "张三的电话"])

    with pytest.raises(CheckBroken) as broken:
        judge("catalogue", [mixed], None, AT)

    assert str(broken.value) == "the rule phrases_few cannot judge what the table made holds"


def test_of_one_place_the_first_rule_is_told_and_of_two_the_second_place() -> None:
    marked = Marked(Path("a.yaml"), None, {(): 1, ("items", 0, "code"): 3, ("items", 1, "code"): 9})
    rules = (matching("code_form", "code", "^SZ", "code"), unique("code_twice", "code", "code"))
    rows = [Row("X", {"code": "X"}, marked, ("items", n)) for n in range(2)]
    made = Table("items", rules, rows)

    found = findings("catalogue", [made], judge("catalogue", [made], None, AT))

    assert [(each.rule, each.line, each.field) for each in found] == [
        ("code_form", 3, "items[0].code"),
        ("code_form", 9, "items[1].code"),
    ]
    assert str(found[0]) == "a.yaml:3: X items[0].code: 事项编号“X”的形式不对，应如 SZ-0101"


def test_pages_of_earlier_runs_stay_until_there_are_too_many(tmp_path: Path) -> None:
    made = table(present("missing", "x"), x=["a", None])

    for n in range(3):
        judge("catalogue", [made], tmp_path, AT + timedelta(days=n))
    shown = [page.parts[-3] for page in (tmp_path / "validations" / "catalogue-made").rglob("*.html")]
    thin_out(tmp_path, kept=1)
    judge("catalogue", [made], tmp_path, AT + timedelta(days=3))
    left = [page.parts[-3] for page in (tmp_path / "validations" / "catalogue-made").rglob("*.html")]

    assert sorted(shown) == [f"202611{day:02}T000000.000000Z" for day in (1, 2, 3)]
    assert sorted(left) == [f"202611{day:02}T000000.000000Z" for day in (3, 4)]
    assert len(list((tmp_path / KEPT["validation_results_store"]).rglob("*.json"))) == 2
