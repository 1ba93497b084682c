"""The catalogue's and the districts' files as they are written, before any of it is believed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from catalog.loading import class_faults, district_faults
from catalog.marked import Fault, LoadError, Marked, read_marked
from quality.rules import Row

Written = tuple[Marked, int, Mapping[str, Any]]
"""An item: its file, its place among the items of its file, its fields."""


@dataclass(frozen=True)
class CatalogueFiles:
    """`broken` are the files that cannot be read at all."""

    roles_file: tuple[Marked, ...]
    classes: tuple[Marked, ...]
    districts: tuple[Marked, ...]
    broken: tuple[Fault, ...]

    @classmethod
    def read(cls, catalogue: Path, districts: Path) -> "CatalogueFiles":
        """Every file of the two folders."""
        broken: list[Fault] = []
        return cls(
            tuple(_read([catalogue / "roles.yaml"], broken)),
            tuple(_read(_yaml_files(catalogue / "items", broken), broken)),
            tuple(_read(_yaml_files(districts, broken), broken)),
            tuple(broken),
        )

    @cached_property
    def roles(self) -> dict[str, Any]:
        """Role code to what it is called."""
        return mapping(self.roles_file[0].value) if self.roles_file else {}

    @cached_property
    def items(self) -> tuple[Written, ...]:
        return tuple(
            (marked, n, mapping(item))
            for marked in self.classes
            for n, item in enumerate(sequence(mapping(marked.value).get("items")))
        )

    def unread(self) -> Iterator[Row]:
        """What kept a file from being read as it was meant: no YAML, a key written twice, a date of no calendar."""
        for fault in self.broken:
            yield faulty(fault)
        for marked in (*self.roles_file, *self.classes, *self.districts):
            yield Row(marked.file.name, {"problem": None}, marked)
            yield from map(faulty, marked.faults)

    def misshapen(self) -> Iterator[Row]:
        """What does not have the shape of a class or of a district, each by itself."""
        for marked in self.classes:
            yield Row(marked.file.name, {"problem": None}, marked)
            yield from (faulty(fault, marked) for fault in class_faults(marked))
        for marked in self.districts:
            yield Row(marked.file.name, {"problem": None}, marked)
            yield from (faulty(fault, marked) for fault in district_faults(marked))


def faulty(fault: Fault, marked: Marked | None = None) -> Row:
    """A row that is a fault already: the reader's own, which knows its place."""
    item = re.match(r"items\[(\d+)\]", fault.field)
    subject = code_of(marked, int(item[1])) if item and marked else fault.file.name
    loc = (fault.field,) if fault.field else ()
    return Row(subject, {"problem": fault.sentence}, Marked(fault.file, None, {(): fault.line}), loc)


def code_of(marked: Marked, n: int) -> str:
    """What the n-th item of a file calls itself; its place where it has no code."""
    item = mapping(sequence(mapping(marked.value).get("items"))[n])
    return plain(item.get("code")) or f"items[{n}]"


def mapping(value: Any) -> dict[str, Any]:
    """A mapping, empty where something else is written: its shape is told of by itself."""
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def plain(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _read(files: list[Path], broken: list[Fault]) -> Iterator[Marked]:
    for file in files:
        try:
            yield read_marked(file)
        except LoadError as error:
            broken += error.faults


def _yaml_files(folder: Path, broken: list[Fault]) -> list[Path]:
    files = sorted(folder.glob("*.yaml"))
    if not files:
        broken.append(Fault(folder, 1, "", "there is no *.yaml file in this folder: name the right folder"))
    return files
