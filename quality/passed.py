"""Which files a check has passed: the same files under the same rules need not be judged again."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

RULES = (Path(__file__).parent, Path(__file__).parents[1] / "catalog")
"""The code that judges: other rules may find what the last ones let pass."""


@dataclass(frozen=True, slots=True)
class Passed:
    """The digest of what has passed last, kept in `file`."""

    file: Path

    def knows(self, digest: str) -> bool:
        """Whether the last check that passed was of this; not where the file is missing or makes no sense."""
        try:
            return bool(json.loads(self.file.read_text(encoding="utf-8")) == {"passed": digest})
        except (OSError, ValueError):
            return False

    def remember(self, digest: str) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.write_text(json.dumps({"passed": digest}), encoding="utf-8")
        fresh.replace(self.file)


def digest_of(folders: Sequence[Path]) -> str:
    """Of every YAML file under these folders, of the rules, and of the library's version."""
    found = hashlib.sha256(version("great-expectations").encode())
    for file in (*_files(folders, "*.yaml"), *_files(RULES, "*.py")):
        content = file.read_bytes()
        found.update(f"\0{file.name}\0{len(content)}\0".encode() + content)
    return found.hexdigest()


def _files(folders: Sequence[Path], pattern: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.rglob(pattern))
