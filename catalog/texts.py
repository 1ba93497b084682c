"""Every text a user sees, in Chinese, by key: ``text("state.received")``."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from catalog.marked import LoadError, Loc, read_marked

TEXTS_FILE = Path(__file__).with_name("zh_CN.yaml")


class UnknownText(LookupError):
    """There is no text under this key, or a value the text needs was not given."""


def text(key: str, **values: object) -> str:
    """The text under a dotted key, filled in with `str.format`. Raises `UnknownText`."""
    try:
        written = all_texts()[key]
    except KeyError:
        raise UnknownText(f"there is no text “{key}”: add it to {TEXTS_FILE.name}") from None
    try:
        return written.format(**values)
    except KeyError as missing:
        raise UnknownText(f"the text “{key}” needs the value {missing}: {written}") from None


@cache
def all_texts() -> dict[str, str]:
    """Dotted key to text, read once. Raises `LoadError`."""
    return read_texts(TEXTS_FILE)


def read_texts(file: Path) -> dict[str, str]:
    """Dotted key to text. Raises `LoadError` for a key written twice or a value that is no text."""
    marked = read_marked(file)
    texts = dict(_flat(marked.value, ()))
    wrong = [
        marked.fault(loc, f"“{value}” is not a text: put it in quotes")
        for loc, value in texts.items()
        if not isinstance(value, str)
    ]
    if marked.faults or wrong:
        raise LoadError((*marked.faults, *wrong))
    return {".".join(str(step) for step in loc): value for loc, value in texts.items()}


def _flat(value: Any, loc: Loc) -> Iterator[tuple[Loc, Any]]:
    if not isinstance(value, dict):
        yield loc, value
        return
    for key, inner in value.items():
        yield from _flat(inner, (*loc, key))
