"""A district's models in a folder: the last few, and a pointer to the one in use that is replaced in one step."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from learning.linear import LinearModel
from learning.model_file import About, save_model

KEPT = 5
POINTER = "in-use"
ENDING = ".model"

Stamp = tuple[int, int, int]
"""Tells one pointer from the next: a file that is replaced is another inode."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """`folder` is made when the first model is put in it."""

    folder: Path

    def stamp(self) -> Stamp | None:
        """By one look at the pointer; None where no model is in use."""
        try:
            seen = (self.folder / POINTER).stat()
        except FileNotFoundError:
            return None
        return seen.st_ino, seen.st_mtime_ns, seen.st_size

    def in_use(self) -> Path | None:
        """The file of the model in use. It may be gone or damaged; whoever loads it is told."""
        try:
            name = (self.folder / POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return self.folder / Path(name).name

    def put(self, model: LinearModel, about: About, at: datetime) -> Path:
        """Keep a model under its time; none of the kept ones is written over."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = at.astimezone(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        file = self.folder / f"{name}{ENDING}"
        save_model(file, model, about)
        return file

    def use(self, file: Path) -> None:
        """From now on this model is in use, in every process that looks; then forget all but the last few."""
        beside = self.folder / f".{POINTER}.{os.getpid()}"
        beside.write_text(f"{file.name}\n", encoding="utf-8")
        beside.replace(self.folder / POINTER)
        self._prune()

    def models(self) -> list[Path]:
        """Oldest first."""
        return sorted(self.folder.glob(f"*{ENDING}"))

    def _prune(self) -> None:
        used = self.in_use()
        old = [file for file in self.models() if file != used]
        for file in old[: max(0, len(old) - (KEPT - 1))]:
            file.unlink(missing_ok=True)
