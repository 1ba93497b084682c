"""Where policies differ, field by field: the district's file, the form in Prefect's UI, the ledger."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.marked import Loc, written

MISSING = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, as the file has it and as the form has it; ``—`` where it is not there."""

    field: str
    file: str
    form: str


def differences(file: Mapping[str, Any], form: Mapping[str, Any]) -> list[Difference]:
    """In the order of the file's fields, then those that only the form has."""
    return [Difference(written(loc), _shown(one), _shown(other)) for loc, (one, other) in differing(file, form)]


def differing(*bodies: Any) -> Iterator[tuple[Loc, tuple[Any, ...]]]:
    """Each field in which not all bodies agree, with its value in each, `MISSING` where it is not there."""
    return _differing(bodies, ())


def _differing(values: tuple[Any, ...], loc: Loc) -> Iterator[tuple[Loc, tuple[Any, ...]]]:
    if all(isinstance(value, Mapping) for value in values):
        for key in dict.fromkeys(key for value in values for key in value):
            yield from _differing(tuple(value.get(key, MISSING) for value in values), (*loc, str(key)))
    elif any(value != values[0] for value in values):
        yield loc, values


def _shown(value: Any) -> str:
    return "—" if value is MISSING else json.dumps(value, ensure_ascii=False)
