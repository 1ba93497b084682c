"""A copy of the real catalogue and districts, to plant faults in, and what the check tells of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.loading import CATALOGUE_FOLDER
from quality.catalogue import check_catalogue
from quality.findings import Finding

DISTRICTS = Path(__file__).parents[3] / "deployments" / "districts"


class Copy:
    """The files as anybody would edit them."""

    def __init__(self, folder: Path) -> None:
        self.catalogue, self.districts = folder / "catalogue", folder / "districts"
        shutil.copytree(CATALOGUE_FOLDER, self.catalogue)
        shutil.copytree(DISTRICTS, self.districts)

    def class_file(self, class_code: str) -> Path:
        (file,) = (self.catalogue / "items").glob(f"{class_code}-*.yaml")
        return file

    def district_file(self, code: str) -> Path:
        return self.districts / f"{code}.yaml"

    @contextmanager
    def edited(self, file: Path) -> Iterator[dict[str, Any]]:
        """The file's value, written back at the end."""
        value = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        yield value
        written = yaml.dump(value, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=1000)
        file.write_text(written, encoding="utf-8")

    @contextmanager
    def item(self, code: str) -> Iterator[dict[str, Any]]:
        with self.edited(self.class_file(code[3:5])) as value:
            yield next(item for item in value["items"] if item["code"] == code)

    def check(self, docs: Path | None = None) -> tuple[Finding, ...]:
        return check_catalogue(self.catalogue, self.districts, docs, datetime.now(UTC)).findings


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def line_of(file: Path, item: str | None, field: str) -> int:
    """The line of a field in the item of this code, or at the top; found as a reader would."""
    lines = file.read_text(encoding="utf-8").splitlines()
    start = next(n for n, line in enumerate(lines) if item is None or line.strip() == f"- code: {item}")
    sought: Callable[[str], bool] = lambda line: line.strip().removeprefix("- ").startswith(f"{field}:")  # noqa: E731
    return next(n for n, line in enumerate(lines[start:], start + 1) if sought(line))
