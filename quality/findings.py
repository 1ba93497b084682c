"""What a failed checkpoint says: which row, where it stands, and one sentence of what is wrong with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from catalog.marked import written
from catalog.texts import text
from quality.checkpoint import Breach
from quality.rules import Row, Rule, Table


@dataclass(frozen=True, slots=True)
class Finding:
    """`subject` is whose row it is; file, line and field are empty where the row is of no file."""

    rule: str
    subject: str
    sentence: str
    file: str = ""
    line: int = 0
    field: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.file else ""
        return f"{where}{' '.join(filter(None, (self.subject, self.field)))}: {self.sentence}"

    def document(self) -> dict[str, Any]:
        return {
            "rule": self.rule,
            "row": self.subject,
            "file": self.file or None,
            "line": self.line or None,
            "field": self.field or None,
            "sentence": self.sentence,
        }


def findings(name: str, tables: Sequence[Table], breaches: Sequence[Breach]) -> list[Finding]:
    """One for each place in a file, however many rules break there: the first rule is the one to mend first."""
    told: set[tuple[str, str]] = set()
    found = []
    for breach in breaches:
        table, row = tables[breach.table], tables[breach.table].rows[breach.row]
        rule = table.rules[breach.rule]
        first = _first(table, rule, breach.row)
        if first is row:
            continue
        finding = _finding(name, rule, row, first)
        if finding.file and (finding.file, finding.field) in told:
            continue
        told.add((finding.file, finding.field))
        found.append(finding)
    return sorted(found, key=lambda finding: (finding.file, finding.line))


def _first(table: Table, rule: Rule, row: int) -> Row | None:
    """The first row with the same value, for a rule that lets one of them have it."""
    if not rule.once:
        return None
    (column,) = rule.columns
    value = table.rows[row].values[column]
    return next(other for other in table.rows if other.values[column] == value)


def _finding(name: str, rule: Rule, row: Row, first: Row | None) -> Finding:
    values = dict(row.values) | ({"first": _named(first)} if first else {})
    sentence = text(f"quality.{name}.{rule.name}", **values)
    if row.marked is None:
        return Finding(rule.name, row.subject, sentence, field=written(rule.field))
    loc = (*row.loc, *rule.field)
    return Finding(rule.name, row.subject, sentence, str(row.marked.file), row.marked.line_of(loc), written(loc))


def _named(row: Row) -> str:
    where = f"（{row.marked.file.name}:{row.marked.line_of(row.loc)}）" if row.marked else ""
    return f"{row.subject}{where}"
