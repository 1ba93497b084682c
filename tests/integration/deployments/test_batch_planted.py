"""Batches with known faults at known rows: each found and named, and nothing else; run twice, no second case."""

import random
import re
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deployments.batch import Batch, Received
from deployments.office import Office
from ledger.tables import CaseRow, QuarantineRow
from quality.places import docs_folder
from tests.integration.deployments.planted import FAULTS, MAPPING, good, planted, write

TEN = (
    "garbled",
    "too_early",
    "future",
    "unread_time",
    "elsewhere",
    "missing",
    "formula",
    "too_long",
    "too_short",
    "doubled",
)


CODE = re.compile(r"\\u([0-9a-f]{4})")


async def received(office: Office, path: Path) -> Received:
    return await Batch(path, "demo", "hotline", MAPPING).receive(office, lambda standing, about: None)


def renamed(path: Path) -> Path:
    return path.rename(path.with_name("again.csv"))


def written(folder: Path) -> list[str]:
    """Every file below; what JSON has written as codes is read as characters."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [CODE.sub(lambda code: chr(int(code[1], 16)), file.read_text("utf-8", "replace")) for file in files]


async def counted(office: Office) -> tuple[int, int]:
    """Cases and rows in quarantine."""
    async with office.ledger.database.read() as session:
        cases = await session.scalar(select(func.count()).select_from(CaseRow))
        rows = await session.scalar(select(func.count()).select_from(QuarantineRow))
    return cases or 0, rows or 0


async def proven(office: Office, path: Path, rows: int, bad: int, kinds: tuple[str, ...]) -> None:
    """Twice the same file, under two names."""
    kinds_by_row = write(path, planted(rows, bad, kinds))
    first = await received(office, path)
    assert (first.standing.read, first.standing.accepted, first.standing.repeated) == (rows, rows - bad, 0)
    assert {row.row: row.kinds for row in first.bad_rows} == {row: (kind,) for row, kind in kinds_by_row.items()}
    assert all(row.reason for row in first.bad_rows)
    assert len(set(first.case_nos)) == rows - bad
    assert await counted(office) == (rows - bad, bad)

    second = await received(office, renamed(path))
    assert (second.standing.accepted, second.standing.repeated, second.case_nos) == (0, rows - bad, [])
    assert [(row.row, row.kinds) for row in second.bad_rows] == [(row.row, row.kinds) for row in first.bad_rows]
    assert await counted(office) == (rows - bad, bad)


async def test_every_kind_of_fault_is_found_and_every_good_row_received(office: Office, tmp_path: Path) -> None:
    await proven(office, tmp_path / "made.csv", 280, 5 * len(FAULTS), tuple(FAULTS))


@pytest.mark.slow
async def test_ten_thousand_rows_with_five_hundred_bad_ones_of_ten_kinds(office: Office, tmp_path: Path) -> None:
    await proven(office, tmp_path / "made.csv", 10_000, 500, TEN)


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
async def test_the_suites_pages_show_no_word_of_a_row(office: Office, tmp_path: Path) -> None:
    words = "邻居李小龙每晚唱歌"
    row = good(1, random.Random(1))
    row[1], row[4], row[5] = f"{words}\x00", "欧阳明月", "打不通"
    write(tmp_path / "one.csv", iter([(row, "control")]))
    done = await received(office, tmp_path / "one.csv")
    assert done.bad_rows[0].kinds == ("control", "phone")
    pages = written(docs_folder(office.settings))
    assert any("含有控制字符" in page for page in pages)
    assert not any(said in page for page in pages for said in (words, "欧阳明月", "打不通"))
