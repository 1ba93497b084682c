"""A catalogue of 4,096 items, as large as a real city's: loaded and checked whole."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from catalog.loading import CATALOGUE_FOLDER, load_catalogue
from quality.catalogue import check_catalogue
from tests.unit.quality.conftest import DISTRICTS

pytestmark = pytest.mark.slow

CLASSES = ITEMS = 64
ROLES: dict[str, str] = yaml.safe_load((CATALOGUE_FOLDER / "roles.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    (folder / "items").mkdir()
    (folder / "roles.yaml").write_bytes((CATALOGUE_FOLDER / "roles.yaml").read_bytes())
    for n in range(1, CLASSES + 1):
        content = {"code": f"{n:02}", "name": f"第{n}大类", "dated": datetime(2026, 11, 1, tzinfo=UTC).date()}
        written = yaml.dump({**content, "items": list(_items(n))}, Dumper=yaml.CSafeDumper, allow_unicode=True)
        (folder / "items" / f"{n:02}-made.yaml").write_text(written, encoding="utf-8")
    return folder


def _items(n: int) -> Iterator[dict[str, Any]]:
    roles = sorted(ROLES)
    for m in range(1, ITEMS + 1):
        yield {
            "code": f"SZ-{n:02}{m:02}",
            "name": f"第{n}类第{m}项事项",
            "covers": f"第{n}类中的第{m}件事情，以及与它相关的一切",
            "phrases": [f"第{n}类第{m}项有人来反映第{k}回" for k in range(8)],
            "keywords": [f"词{n}之{m}之{k}" for k in range(5)],
            "importance": m % 3 + 1,
            "urgency": n % 3 + 1,
            "role": roles[(n + m) % len(roles)],
            "level": "street",
        }


def test_4096_items_are_loaded_checked_and_found_sound(large: Path) -> None:
    began = time.monotonic()
    catalogue = load_catalogue(large)
    loaded = time.monotonic()
    report = check_catalogue(large, DISTRICTS, None, datetime.now(UTC))
    checked = time.monotonic()

    print(f"{len(catalogue.items)} items: loaded in {loaded - began:.1f} s, checked in {checked - loaded:.1f} s")
    assert len(catalogue.items) == report.counts["items"] == 4096
    assert report.findings == ()


def test_one_fault_among_4096_items_is_found(large: Path) -> None:
    file = large / "items" / "42-made.yaml"
    sound = file.read_text(encoding="utf-8")
    file.write_text(sound.replace("第42类第7项有人来反映第3回", "第1类第2项有人来反映第5回"), encoding="utf-8")
    try:
        (found,) = check_catalogue(large, DISTRICTS, None, datetime.now(UTC)).findings
    finally:
        file.write_text(sound, encoding="utf-8")

    assert (found.rule, found.subject, found.field) == ("phrase_twice", "SZ-4207", "items[6].phrases[3]")
    assert "SZ-0102（01-made.yaml:" in found.sentence
