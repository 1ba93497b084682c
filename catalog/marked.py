"""A YAML file with its marks: the values, the line each stands on, and what was written twice."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    Loader = yaml.SafeLoader | yaml.CSafeLoader
LOADER: "type[Loader]" = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
"""The C one where there is one: it reads a catalogue of a thousand items in a fifth of the time."""
Loc = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file: printed as ``file:line: field: sentence``."""

    file: Path
    line: int
    field: str
    sentence: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return f"{where}{self.field}: {self.sentence}" if self.field else f"{where}{self.sentence}"


class LoadError(Exception):
    """Files of the catalogue or of a district do not hold together; one fault a line."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def written(loc: Loc) -> str:
    """``("streets", 0, "code")`` as ``streets[0].code``."""
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)
    return steps.removeprefix(".")


@dataclass(frozen=True, slots=True)
class Marked:
    """What a YAML file says, and where it says it."""

    file: Path
    value: Any
    lines: dict[Loc, int]
    faults: tuple[Fault, ...] = field(default=())

    def line_of(self, loc: Loc) -> int:
        """The line of a field; of the nearest thing around it where the field is not written."""
        while loc not in self.lines and loc:
            loc = loc[:-1]
        return self.lines.get(loc, 1)

    def fault(self, loc: Loc, sentence: str) -> Fault:
        return Fault(self.file, self.line_of(loc), written(loc), sentence)


def read_marked(file: Path) -> Marked:
    """Read one YAML document. Raises `LoadError` where there is no such file or it is not YAML; a key written
    twice is a fault of the result, so that it is told together with the others."""
    try:
        content = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError((Fault(file, 1, "", f"the file cannot be read as UTF-8 text ({error})"),)) from error
    loader = LOADER(content)
    try:
        node = loader.get_single_node()
        reader = _Reader(loader, file)
        value = reader.value(node, ()) if node else None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise LoadError((Fault(file, line, "", f"this is not YAML: {error.problem}"),)) from error
    finally:
        loader.dispose()
    return Marked(file, value, reader.lines, tuple(reader.faults))


class _Reader:
    """Turns YAML nodes into plain values and keeps their marks."""

    def __init__(self, loader: "Loader", file: Path) -> None:
        self.loader = loader
        self.file = file
        self.lines: dict[Loc, int] = {}
        self.faults: list[Fault] = []

    def value(self, node: yaml.Node, loc: Loc) -> Any:
        self.lines.setdefault(loc, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*loc, n)) for n, child in enumerate(node.value)]
        try:
            return self.loader.construct_object(node)
        except ValueError as error:  # a date that no calendar has
            self.faults.append(Fault(self.file, node.start_mark.line + 1, written(loc), f"“{node.value}”: {error}"))
            return node.value

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*loc, key)
            line = key_node.start_mark.line + 1
            if key in found:
                first = self.lines[here]
                self.faults.append(
                    Fault(self.file, line, written(here), f"written twice, first in line {first}: keep one")
                )
                continue
            self.lines[here] = line
            found[key] = self.value(value_node, here)
        return found
