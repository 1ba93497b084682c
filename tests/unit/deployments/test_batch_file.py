"""Files of requests: encodings, delimiters, Excel, blank and ragged rows."""

from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from deployments.batch_encoding import encoding_of
from deployments.batch_file import Row, open_batch_file
from deployments.errors import CommandFailed

TEXT = '编号,内容\r\n1,路灯不亮\r\n2,"井盖\r\n缺失"\r\n'


def rows_of(path: Path) -> list[Row]:
    with open_batch_file(path) as file:
        return list(file.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_in_each_encoding_that_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(TEXT.encode(encoding))
    with open_batch_file(path) as file:
        assert file.header == ("编号", "内容")
        assert [row.cells for row in file.rows] == [("1", "路灯不亮"), ("2", "井盖\r\n缺失")]


def test_the_encoding_is_judged_by_the_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"text\n" + b"plain\n" * 400_000 + "路灯".encode("gb18030"))
    assert encoding_of(path) == "gb18030"


def test_what_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(b"\xff\x00\xff\xff\xff")
    with pytest.raises(CommandFailed, match="UTF-8"):
        rows_of(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_seen_in_the_header(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"a{delimiter}b\n1{delimiter}2\n", encoding="utf-8")
    assert rows_of(path) == [Row(2, ("1", "2"))]


def test_rows_are_numbered_as_a_spreadsheet_does_blank_ones_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    path.write_text("a,b\n1,2\n\n , \n3\n4,5,6,,\n", encoding="utf-8")
    assert rows_of(path) == [Row(2, ("1", "2")), Row(5, ("3", "")), Row(6, ("4", "5"), surplus=1)]


def test_excel_cells_are_read_as_they_would_be_typed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["内容", "电话", "时间", "空"])
    book.active.append(["路灯不亮", 13800138000.0, datetime(2026, 3, 1, 8, 30), None])  # noqa: DTZ001  Excel has no zones
    book.save(tmp_path / "rows.xlsx")
    assert rows_of(tmp_path / "rows.xlsx") == [Row(2, ("路灯不亮", "13800138000", "2026-03-01T08:30:00", ""))]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("rows.csv", b"", "表头"),
        ("rows.xlsx", b"not a workbook", "Excel"),
        ("rows.xls", b"", "xlsx"),
    ],
)
def test_other_files_are_refused_with_what_to_do(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(CommandFailed, match=told):
        rows_of(path)
