"""What is expected of data, as data: tables of rows, and rules over their columns. Nothing here needs the library."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.marked import Loc, Marked


@dataclass(frozen=True, slots=True)
class Rule:
    """One expectation of a table. A value that is None is not judged, but by `present` and `absent`.

    `name` is the last step of its sentence's key, `field` where in the row's place the fault is, `expects` the class in
    `great_expectations.expectations` and `given` its arguments. A `once` rule is broken by every row of a value that
    stands twice, and told of all but the first.
    """

    name: str
    field: Loc
    expects: str
    given: Mapping[str, Any]
    once: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that are judged."""
        return tuple(str(self.given[name]) for name in ("column", "column_A", "column_B") if name in self.given)


@dataclass(frozen=True, slots=True)
class Row:
    """One row: whose it is (an item's code, a case's number, a line's number), and its values by column.

    The values are what the rules judge and what their sentences may say. `loc` is its place in the file it is from.
    """

    subject: str
    values: Mapping[str, Any]
    marked: Marked | None = None
    loc: Loc = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind and what is expected of them."""

    name: str
    rules: tuple[Rule, ...]
    rows: Sequence[Row] = field(repr=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a rule judges; what only sentences say is not shown to the library."""
        return tuple(dict.fromkeys(column for rule in self.rules for column in rule.columns))


def present(name: str, column: str, *loc: str | int) -> Rule:
    return Rule(name, loc, "ExpectColumnValuesToNotBeNull", {"column": column})


def absent(name: str, column: str, *loc: str | int) -> Rule:
    return Rule(name, loc, "ExpectColumnValuesToBeNull", {"column": column})


def unique(name: str, column: str, *loc: str | int) -> Rule:
    return Rule(name, loc, "ExpectColumnValuesToBeUnique", {"column": column}, once=True)


def among(name: str, column: str, values: Collection[Any], *loc: str | int) -> Rule:
    return Rule(name, loc, "ExpectColumnValuesToBeInSet", {"column": column, "value_set": sorted(values)})


def matching(name: str, column: str, pattern: str, *loc: str | int) -> Rule:
    """A text of this form. Its groups are made plain ones: pandas warns of groups that it does not hand out."""
    plain = re.sub(r"(?<!\\)\((?!\?)", "(?:", pattern)
    return Rule(name, loc, "ExpectColumnValuesToMatchRegex", {"column": column, "regex": plain})


def long(name: str, column: str, least: int, most: int | None, *loc: str | int) -> Rule:
    """A text of so many characters, both ends included."""
    given = {"column": column, "min_value": least, "max_value": most}
    return Rule(name, loc, "ExpectColumnValueLengthsToBeBetween", given)


def between(name: str, column: str, least: float | None, most: float | None, *loc: str | int) -> Rule:
    """A number from `least` to `most`, both included."""
    return Rule(name, loc, "ExpectColumnValuesToBeBetween", {"column": column, "min_value": least, "max_value": most})


def at_least(name: str, column: str, other: str, *loc: str | int) -> Rule:
    """A number not smaller than that of another column; not judged where either is None."""
    given = {"column_A": column, "column_B": other, "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    return Rule(name, loc, "ExpectColumnPairValuesAToBeGreaterThanB", given)


def same(name: str, column: str, other: str, *loc: str | int) -> Rule:
    """The same value as in another column; not judged where either is None."""
    given = {"column_A": column, "column_B": other, "ignore_row_if": "either_value_is_missing"}
    return Rule(name, loc, "ExpectColumnPairValuesToBeEqual", given)
