"""The file of daily roots: one JSON line a day, with the heads that its root covers. It proves itself line by line."""

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import NamedTuple


class Head(NamedTuple):
    """A case's last event of a day: its number in the case, and its hash, which covers all before it."""

    case_no: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Line:
    """One day's root as the file has it."""

    day: str
    since: datetime
    until: datetime
    previous: str
    root: str
    heads: Sequence[Head]

    def written(self) -> bytes:
        document = {
            "day": self.day,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "cases": len(self.heads),
            "previous": self.previous,
            "root": self.root,
            "heads": self.heads,
        }
        return json.dumps(document, separators=(",", ":")).encode() + b"\n"

    @classmethod
    def parse(cls, written: bytes) -> "Line":
        """Raises `ValueError`, `TypeError` or `KeyError` for what is no such line."""
        found = json.loads(written)
        since, until = (datetime.fromisoformat(found[name]) for name in ("since", "until"))
        heads = [Head(*head) for head in found["heads"]]
        return cls(found["day"], since, until, found["previous"], found["root"], heads)


@dataclass(frozen=True, slots=True)
class Read:
    """What the file holds: its lines, and the numbers of those that cannot be read."""

    lines: list[Line]
    unreadable: list[int]


def read(file: Path) -> Read:
    """Nothing where there is no file. A line that a crash has cut short counts for nothing."""
    found = Read([], [])
    if not file.exists():
        return found
    for number, written in enumerate(file.read_bytes().split(b"\n"), 1):
        try:
            found.lines.append(Line.parse(written)) if written.strip() else None
        except (ValueError, TypeError, KeyError):
            found.unreadable.append(number)
    return found


def append(file: Path, line: Line) -> None:
    """Durable when it returns."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab+") as out:
        if out.tell():
            out.seek(-1, os.SEEK_END)
            torn = out.read(1) != b"\n"  # a crash has cut the last line short: the new one begins on its own
            out.write(b"\n" * torn)
        out.write(line.written())
        out.flush()
        os.fsync(out.fileno())


def rewrite(file: Path, lines: Sequence[Line]) -> None:
    """Put these lines in the file's place at once."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(descriptor, "wb") as out:
        out.writelines(line.written() for line in lines)
        out.flush()
        os.fsync(out.fileno())
    Path(aside).replace(file)
