"""The catalogue's files as rows to be judged: classes, items, phrases, co-roles, and each district's share of them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError

from catalog.grades import Weight, grade_of
from catalog.items import Emergency
from catalog.limits import BadLimit, Limit
from catalog.policy import Clocks, Grade
from quality.catalogue_files import CatalogueFiles, code_of, mapping, plain, sequence
from quality.rules import Row

NEEDED = ("code", "name", "covers", "phrases", "importance", "urgency", "role", "level")
YES_OR_NO = TypeAdapter(bool)
PREFIX = "SZ-"
SHORTEST, LOOSEST = Clocks().contact.a, Clocks().completion.c
"""In the one a citizen is phoned, before which nothing can be ended; the other is what the mildest grade promises."""
CALENDAR_DAYS = 7 / 5
"""So many days of the calendar a working day takes."""


def roles(files: CatalogueFiles) -> Iterator[Row]:
    for marked in files.roles_file:
        for role, label in mapping(marked.value).items():
            yield Row(role, {"role": role, "label": plain(label)}, marked, (role,))


def classes(files: CatalogueFiles, today: date) -> Iterator[Row]:
    for marked in files.classes:
        value = mapping(marked.value)
        dated = value.get("dated")
        values = {
            "code": plain(value.get("code")),
            "name": plain(value.get("name")),
            "dated": dated if type(dated) is date else None,
            "days_ahead": (dated - today).days if type(dated) is date else None,
        }
        yield Row(marked.file.name, values, marked)


def items(files: CatalogueFiles) -> Iterator[Row]:
    for marked, n, item in files.items:
        code = plain(item.get("code"))
        own_class = plain(mapping(marked.value).get("code")) or ""
        values = {
            **{name: _scalar(item.get(name)) for name in ("importance", "urgency", "level", "property", "emergency")},
            **{name: plain(item.get(name)) for name in ("code", "name", "covers", "completion", "role")},
            "class": own_class or None,
            "code_class": code.removeprefix(PREFIX)[: len(own_class)] if code else None,
            "phrases": len(sequence(item["phrases"])) if isinstance(item.get("phrases"), list) else None,
            "joint_with": len(sequence(item.get("co_roles"))) if _joint(item) else None,
            **_missing(item),
            **_limit(item),
        }
        yield Row(code_of(marked, n), values, marked, ("items", n))


def _joint(item: Mapping[str, Any]) -> bool:
    """As the loader takes it, for which a quoted "yes" is one too."""
    try:
        return YES_OR_NO.validate_python(item.get("joint", False))
    except ValidationError:
        return False


def _missing(item: Mapping[str, Any]) -> dict[str, Any]:
    """By ``has_FIELD``: something, whatever it is, where the field is written."""
    return {f"has_{name}": None if item.get(name) is None else 1 for name in NEEDED}


def _limit(item: Mapping[str, Any]) -> dict[str, Any]:
    """The item's own limit beside what its grade allows; days are counted as they are written and by the calendar."""
    grade = _grade(item)
    values: dict[str, Any] = {
        "grade": grade.value if grade else None,
        "urgent_grade": grade.value if grade and item.get("emergency") else None,
        "days": None,
        "calendar_days": None,
        "seconds": None,
        "shortest": SHORTEST,
        "shortest_seconds": Limit.parse(SHORTEST).natural.total_seconds(),
        "loosest": LOOSEST,
        "loosest_days": None if grade in (None, Grade.C) else _calendar_days(Limit.parse(LOOSEST)),
    }
    try:
        limit = Limit.parse(plain(item.get("completion")) or "")
    except BadLimit:
        return values
    days = limit.amount if limit.in_working_days else limit.natural.total_seconds() / 86400
    return values | {"days": days, "calendar_days": _calendar_days(limit), "seconds": days * 86400}


def _calendar_days(limit: Limit) -> float:
    return limit.amount * CALENDAR_DAYS if limit.in_working_days else limit.natural.total_seconds() / 86400


def _grade(item: Mapping[str, Any]) -> Grade | None:
    weights = (item.get("importance"), item.get("urgency"))
    known = all(type(weight) is int and weight in get_args(Weight) for weight in weights)
    return grade_of(*weights) if known else None  # type: ignore[arg-type]


def phrases(files: CatalogueFiles) -> Iterator[Row]:
    for marked, n, item in files.items:
        for m, phrase in enumerate(sequence(item.get("phrases"))):
            said = plain(phrase)
            values = {"phrase": said, "said": _plainly(said) if said is not None else None}
            yield Row(code_of(marked, n), values, marked, ("items", n, "phrases", m))


def _plainly(phrase: str) -> str:
    """Without what two writings of one sentence may differ in: width, case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", phrase)).casefold()


def co_roles(files: CatalogueFiles) -> Iterator[Row]:
    for marked, n, item in files.items:
        for m, role in enumerate(sequence(item.get("co_roles"))):
            named = plain(role)
            values = {
                "role": named,
                "once": f"{marked.file}#{n}#{named}",
                "as_lead": 1 if named is not None and named == item.get("role") else None,
            }
            yield Row(code_of(marked, n), values, marked, ("items", n, "co_roles", m))


def needed_roles(files: CatalogueFiles) -> dict[str, str]:
    """Each role of the catalogue that an item needs, to the first item that does."""
    needed: dict[str, str] = {}
    for marked, n, item in files.items:
        for role in (item.get("role"), *sequence(item.get("co_roles"))):
            if plain(role) in files.roles:
                needed.setdefault(str(role), code_of(marked, n))
    return needed


def needed_lines(files: CatalogueFiles) -> dict[str, str]:
    """Each emergency line that an item refers to, to the first item that does."""
    needed: dict[str, str] = {}
    for marked, n, item in files.items:
        if item.get("emergency") in get_args(Emergency):
            needed.setdefault(item["emergency"], code_of(marked, n))
    return needed


def _scalar(value: Any) -> str | int | None:
    return value if isinstance(value, str | int) and not isinstance(value, bool) else None
