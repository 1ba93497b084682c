"""Batches against real databases: good rows become cases, bad ones go into quarantine, a second run opens nothing."""

import json
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from deployments.batch import Batch
from deployments.errors import CommandFailed
from deployments.office import Office
from ledger.city import UnknownDistrict
from ledger.tables import QuarantineRow

PHONE = "13800138000"
ROWS = [
    ["标题", "内容", "电话", "性质"],
    ["一", "江畔社区路灯不亮", PHONE, "投诉"],
    ["二", "井盖缺失，请尽快处理", "", ""],
    ["三", "", "", ""],
    ["四", "噪音扰民", "请打 138", ""],
    ["五", "停水了", "", "谣言"],
    ["六", "感谢社区帮忙", "", "感谢"],
]
MAPPING = ("text=内容", "contact.phone=电话", "property=性质")


def written(path: Path, encoding: str) -> Path:
    if encoding == "xlsx":
        book = openpyxl.Workbook()
        for row in ROWS:
            book.active.append([cell or None for cell in row])
        book.save(path.with_suffix(".xlsx"))
        return path.with_suffix(".xlsx")
    lines = [",".join(f'"{cell}"' for cell in row) for row in ROWS]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    return path


async def received(office: Office, path: Path, **more: object) -> dict[str, object]:
    told: list[int] = []
    done = await Batch(path, "demo", columns=MAPPING, **more).receive(office, lambda now, about: told.append(now.read))
    assert told[-1] == done.standing.read
    return done.document()


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "xlsx"])
async def test_good_rows_are_received_and_bad_ones_kept_with_their_reasons(
    office: Office, tmp_path: Path, encoding: str
) -> None:
    path = written(tmp_path / "rows.csv", encoding)
    first = await received(office, path)
    assert (first["read"], first["accepted"], first["repeated"], first["quarantined"]) == (6, 3, 0, 3)
    assert [(bad["row"], bad["reason"].partition("：")[0]) for bad in first["bad_rows"]] == [
        (4, "text"),
        (5, "contact.phone"),
        (6, "property"),
    ]
    cases = [(await office.ledger.cases.load(case_no)).case for case_no in first["case_nos"]]
    assert [(case.nature, case.has_phone) for case in cases] == [
        ("complaint", True),
        (cases[1].nature, False),
        ("thanks", False),
    ]
    kept = await office.ledger.quarantine.rows("demo")
    assert [json.loads(row.content)["标题"] for row in kept] == ["三", "四", "五"]

    second = await received(office, path.rename(tmp_path / f"again{path.suffix}"))
    assert (second["accepted"], second["repeated"], second["quarantined"]) == (0, 3, 3)


async def test_a_row_in_quarantine_is_sealed_and_kept_once(office: Office, tmp_path: Path) -> None:
    path = written(tmp_path / "rows.csv", "utf-8")
    for _ in range(2):
        await received(office, path)
    assert len(await office.ledger.quarantine.rows("demo")) == 3
    async with office.ledger.database.read() as session:
        rows = list(await session.scalars(select(QuarantineRow)))
    assert all("打 138".encode() not in row.sealed and "138" not in row.reason for row in rows)


async def test_only_as_many_rows_as_asked_for_are_read(office: Office, tmp_path: Path) -> None:
    counts = await received(office, written(tmp_path / "rows.csv", "utf-8"), limit=2)
    assert (counts["read"], counts["accepted"]) == (2, 2)


async def test_a_row_with_more_cells_than_the_header_is_not_guessed_at(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text('内容,电话,性质\n路灯不亮，坏了,,,"多余"\n', encoding="utf-8")
    counts = await received(office, path)
    assert counts["quarantined"] == 1
    assert "多出 1 格" in counts["bad_rows"][0]["reason"]


async def test_what_is_wrong_with_the_whole_is_told_before_anything_is_received(office: Office, tmp_path: Path) -> None:
    path = written(tmp_path / "rows.csv", "utf-8")
    with pytest.raises(CommandFailed):
        await Batch(path, "demo", columns=["text=正文"]).receive(office, lambda standing, about: None)
    with pytest.raises(UnknownDistrict):
        await Batch(path, "nowhere", columns=MAPPING).receive(office, lambda standing, about: None)
    assert await office.ledger.lists.by_state() == {}
