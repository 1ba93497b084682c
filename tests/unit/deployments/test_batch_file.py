"""Files of requests: encodings, delimiters, Excel, blank and ragged rows."""

import csv
import tempfile
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.garbled import garbled
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


CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=40)
CELL = st.one_of(CHINESE, st.text(st.sampled_from('a1 ,;"\n路灯，。'), max_size=20))


@given(st.lists(st.tuples(CHINESE, CELL), min_size=1, max_size=30), st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_any_cells_come_back_from_each_encoding(rows: list[tuple[str, str]], encoding: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        with path.open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([("内容标题", "说明"), *rows])
        assert [row.cells for row in rows_of(path)] == rows


@pytest.mark.parametrize(("whole", "other"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_a_row_in_another_encoding_is_lost_alone(tmp_path: Path, whole: str, other: str) -> None:
    path = tmp_path / "rows.csv"
    good = "江畔社区路灯不亮，请尽快派人处理\n"
    path.write_bytes(f"内容\n{good * 30}".encode(whole) + "井盖缺失\n".encode(other) + good.encode(whole) * 30)
    cells = [row.cells[0] for row in rows_of(path)]
    assert encoding_of(path) == whole
    assert [n for n, words in enumerate(cells) if words != good.strip()] == [30]
    assert garbled(cells[30])


def test_a_quote_that_is_never_closed_is_told_with_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.batch_file.LONGEST_CELL", 1000)
    path = tmp_path / "rows.csv"
    path.write_text('a,b\n1,2\n"' + "路灯不亮\n" * 300, encoding="utf-8")
    with pytest.raises(CommandFailed, match="第 2 行之后"):
        rows_of(path)


def test_a_workbook_that_says_it_is_small_is_read_to_its_end(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for n in range(4):
        book.active.append([f"内容{n}", n])
    book.save(tmp_path / "rows.xlsx")
    path = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(tmp_path / "rows.xlsx") as made, zipfile.ZipFile(path, "w") as wrong:
        for name in made.namelist():
            wrong.writestr(name, made.read(name).replace(b'<dimension ref="A1:B4"', b'<dimension ref="A1:A1"'))
    assert [row.cells for row in rows_of(path)] == [("内容1", "1"), ("内容2", "2"), ("内容3", "3")]


def test_a_workbook_whose_texts_would_fill_the_memory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = openpyxl.Workbook()
    book.active.append(["内容"])
    path = tmp_path / "rows.xlsx"
    book.save(path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as more:  # openpyxl itself writes each text into its cell
        more.writestr("xl/sharedStrings.xml", b"<sst/>" + b" " * (2 << 20))
    assert rows_of(path) == []
    monkeypatch.setattr("deployments.batch_file.MOST_STRINGS", 1 << 20)
    with pytest.raises(CommandFailed, match="2 MB，超过 1 MB：请另存为 UTF-8 的 CSV"):
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
