"""A file of many requests, CSV or Excel: its header, and its rows one after another."""

import codecs
import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catalog.texts import text
from deployments.errors import CommandFailed

ENCODINGS = ("utf-8", "gb18030")  # what a spreadsheet here saves as CSV is one of them
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
DELIMITERS = ",\t;"
CHUNK = 1 << 20
LONGEST_CELL = 1 << 24


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts (the header is 1), its cells, and how many more than the header."""

    number: int
    cells: tuple[str, ...]
    surplus: int = 0


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file that is open: `rows` can be read once."""

    header: tuple[str, ...]
    rows: Iterator[Row]


@contextmanager
def open_batch_file(path: Path) -> Iterator[BatchFile]:
    """Open by the name's ending. Raises `CommandFailed` for what is neither CSV nor Excel, `OSError`."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        yield from _excel(path)
    elif path.suffix.lower() in (".csv", ".tsv", ".txt"):
        yield from _csv(path)
    else:
        raise CommandFailed(text("cli.import.unknown_kind", file=path.name))


def _csv(path: Path) -> Iterator[BatchFile]:
    encoding = encoding_of(path)
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline()
        delimiter = max(DELIMITERS, key=first.count)
        file.seek(0)
        yield _shaped(path, csv.reader(file, delimiter=delimiter))


def _excel(path: Path) -> Iterator[BatchFile]:
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True)
        except (BadZipFile, InvalidFileException, KeyError):
            raise CommandFailed(text("cli.import.not_excel", file=path.name)) from None
        sheet = book.worksheets[0]
        yield _shaped(path, (tuple(map(_cell, cells)) for cells in sheet.iter_rows(values_only=True)))


def _cell(value: Any) -> str:
    """A cell as it would be typed: Excel keeps a phone number as 13800000000.0."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _shaped(path: Path, records: Iterable[Sequence[str]]) -> BatchFile:
    lines = iter(records)
    header = tuple(name.strip() for name in next(lines, ()))
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        raise CommandFailed(text("cli.import.empty", file=path.name))
    return BatchFile(header, _rows(lines, len(header)))


def _rows(lines: Iterator[Sequence[str]], width: int) -> Iterator[Row]:
    """Blank rows are passed over; a short one is filled up."""
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        surplus = [cell for cell in cells[width:] if cell.strip()]
        yield Row(number, (*cells[:width], *[""] * (width - len(cells))), len(surplus))


def encoding_of(path: Path) -> str:
    """The first encoding that the whole file can be read in. Raises `CommandFailed`, `OSError`."""
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in MARKS.items():
        if start.startswith(mark):
            return name
    for name in ENCODINGS:
        if _readable(path, name):
            return name
    raise CommandFailed(text("cli.import.unknown_encoding", file=path.name))


def _readable(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        try:
            while chunk := file.read(CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
