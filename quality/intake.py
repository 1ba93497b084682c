"""What is expected of a row of an import. The suite sees facts (`casework.row_facts`), never a citizen's words."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from casework.row_facts import RowFacts
from catalog.texts import text
from quality.checkpoint import judge
from quality.rules import Row, Rule, Table, absent, between, present

NAME = "intake"
LONGEST = 20_000  # characters, as in the intake form
FEWEST = 2  # 停水 is a request
FIRST_YEAR = 2000
CLOCKS_DIFFER = 3600  # seconds

FACTS = tuple(field.name for field in fields(RowFacts))
RULES: tuple[Rule, ...] = (
    between("ragged", "surplus", None, 0),
    present("missing", "length", "text"),
    between("too_long", "length", None, LONGEST, "text"),
    between("too_short", "words", FEWEST, None, "text"),
    absent("garbled", "garbled"),
    absent("formula", "formula"),
    absent("control", "control"),
    absent("markup", "markup"),
    absent("unread_time", "unread_time", "created_at"),
    between("too_early", "year", FIRST_YEAR, None, "created_at"),
    between("future", "ahead", None, CLOCKS_DIFFER, "created_at"),
    absent("elsewhere", "elsewhere", "place"),
    absent("phone", "phone", "contact.phone"),
    absent("property", "property", "property"),
    absent("doubled", "doubled", "external_id"),
    absent("form", "form"),
)
OVERSHADOWS = {  # where the one holds the others say nothing more
    "ragged": frozenset(rule.name for rule in RULES) - {"ragged"},
    "garbled": frozenset({"control", "too_short"}),
    "formula": frozenset({"too_short"}),
}
NAMES_ITS_FIELD = ("garbled", "formula", "control", "markup")
SAID_BETTER = "form"  # what the form refuses, unless a rule has said so already


@dataclass(frozen=True, slots=True)
class RowFault:
    """One thing that is wrong with a row: its kind, which is the rule's name, and its sentence with the field."""

    kind: str
    sentence: str


def row_faults(chunk: Sequence[tuple[int, RowFacts]], docs: Path | None, at: datetime) -> list[list[RowFault]]:
    """The faults of each row, in the order of the rules; none of most.

    Each row comes with its number, by which the suite's pages name it; they go to `docs`, where it is given.
    """
    rows = [Row(str(number), _values(facts)) for number, facts in chunk]
    table = Table("rows", RULES, rows)
    found: list[list[str]] = [[] for _ in chunk]
    for breach in judge(NAME, [table], docs, at):
        found[breach.row].append(RULES[breach.rule].name)
    return [[_told(kind, facts) for kind in _heard(kinds)] for kinds, (_, facts) in zip(found, chunk, strict=True)]


def _values(facts: RowFacts) -> dict[str, Any]:
    return {name: getattr(facts, name) for name in FACTS}


def _heard(kinds: Sequence[str]) -> list[str]:
    silent = frozenset().union(*(OVERSHADOWS.get(kind, frozenset()) for kind in kinds))
    heard = [kind for kind in kinds if kind not in silent]
    return [kind for kind in heard if kind != SAID_BETTER] or heard


def _told(kind: str, facts: RowFacts) -> RowFault:
    values = _values(facts)
    sentence = text(f"quality.intake.{kind}", **values)
    rule = next(rule for rule in RULES if rule.name == kind)
    field = rule.field[0] if rule.field else values[kind] if kind in NAMES_ITS_FIELD else ""
    return RowFault(kind, f"{field}：{sentence}" if field else sentence)
