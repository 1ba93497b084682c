"""Where two policies differ, field by field: the district's file against the form in Prefect's UI."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

MISSING = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, as the file has it and as the form has it; ``—`` where it is not there."""

    field: str
    file: str
    form: str


def differences(file: Mapping[str, Any], form: Mapping[str, Any]) -> list[Difference]:
    """In the order of the file's fields, then those that only the form has."""
    return list(_differences(file, form, ""))


def _differences(file: Any, form: Any, field: str) -> Iterator[Difference]:
    if isinstance(file, Mapping) and isinstance(form, Mapping):
        for key in dict.fromkeys((*file, *form)):
            inner = f"{field}.{key}" if field else str(key)
            yield from _differences(file.get(key, MISSING), form.get(key, MISSING), inner)
    elif file != form:
        yield Difference(field, _shown(file), _shown(form))


def _shown(value: Any) -> str:
    return "—" if value is MISSING else json.dumps(value, ensure_ascii=False)
