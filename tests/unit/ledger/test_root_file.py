"""The file of roots: what is appended is read, whatever a crash has left."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ledger import root_file
from ledger.root_file import Head, Line

SINCE = datetime(2026, 11, 22, 3, tzinfo=UTC)


def line(day: str) -> Line:
    heads = [Head("PS2026112200001", 7, "a" * 64)]
    return Line(day, SINCE, SINCE + timedelta(days=1), "0" * 64, "f" * 64, heads)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "elsewhere" / "roots.jsonl"


def test_what_is_appended_is_read(file: Path) -> None:
    assert root_file.read(file).lines == []
    for day in ("2026-11-22", "2026-11-23"):
        root_file.append(file, line(day))
    assert root_file.read(file).lines == [line("2026-11-22"), line("2026-11-23")]
    assert len(file.read_bytes().splitlines()) == 2


def test_a_line_that_a_crash_cut_short_counts_for_nothing(file: Path) -> None:
    root_file.append(file, line("2026-11-22"))
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:40])
    root_file.append(file, line("2026-11-23"))
    found = root_file.read(file)
    assert [one.day for one in found.lines] == ["2026-11-22", "2026-11-23"]
    assert found.unreadable == [2]


def test_the_file_can_be_written_anew(file: Path) -> None:
    root_file.append(file, line("2026-11-22"))
    root_file.rewrite(file, [line("2026-11-23")])
    assert root_file.read(file).lines == [line("2026-11-23")]
    assert [one.name for one in file.parent.iterdir()] == [file.name]
