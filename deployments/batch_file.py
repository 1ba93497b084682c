"""A file of many requests, CSV or Excel: its header, and its rows one after another."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from catalog.texts import text
from deployments.batch_encoding import encoding_of, lines_of
from deployments.errors import CommandFailed

DELIMITERS = ",\t;"
LONGEST_CELL = 1 << 24
MOST_STRINGS = 256 << 20
"""Bytes, unpacked, of the table in which Excel keeps every text once, and which must be read whole."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts (the header is 1), its cells, and how many more than the header."""

    number: int
    cells: tuple[str, ...]
    surplus: int = 0


@dataclass(frozen=True, slots=True)
class BatchFile:
    """A file that is open: `rows` can be read once. `about`: how many there may be, if that can be told beforehand."""

    header: tuple[str, ...]
    rows: Iterator[Row]
    about: int | None = None


@contextmanager
def open_batch_file(path: Path) -> Iterator[BatchFile]:
    """Open by the name's ending. Raises `CommandFailed` for what is neither CSV nor Excel, `OSError`.

    What a CSV file holds in another encoding than the rest becomes U+FFFD, so that its rows alone are bad.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        yield from _excel(path)
    elif path.suffix.lower() in (".csv", ".tsv", ".txt"):
        yield from _csv(path)
    else:
        raise CommandFailed(text("cli.import.unknown_kind", file=path.name))


def _csv(path: Path) -> Iterator[BatchFile]:
    encoding, lines = encoding_of(path), lines_of(path)
    csv.field_size_limit(LONGEST_CELL)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        first = file.readline()
        delimiter = max(DELIMITERS, key=first.count)
        file.seek(0)
        yield _shaped(path, _read(path, csv.reader(file, delimiter=delimiter)), lines - 1)


def _read(path: Path, reader: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    number = 0
    try:
        for number, cells in enumerate(reader, 1):  # noqa: B007  told where it ends
            yield cells
    except csv.Error:  # a cell without end: the quote that opens it is never closed
        raise CommandFailed(text("cli.import.broken_row", file=path.name, row=number)) from None


def _excel(path: Path) -> Iterator[BatchFile]:
    with path.open("rb") as file:
        try:
            if (strings := _strings(path)) > MOST_STRINGS:
                sizes = {"size": strings >> 20, "most": MOST_STRINGS >> 20}
                raise CommandFailed(text("cli.import.too_many_strings", file=path.name, **sizes))
            book = load_workbook(file, read_only=True, data_only=True)
        except (BadZipFile, InvalidFileException, KeyError):
            raise CommandFailed(text("cli.import.not_excel", file=path.name)) from None
        sheet = book.worksheets[0]
        about = sheet.max_row
        sheet.reset_dimensions()  # some programs write a wrong one, and the rest would not be read
        rows = (tuple(map(_cell, cells)) for cells in sheet.iter_rows(values_only=True))
        yield _shaped(path, rows, about - 1 if about else None)
        book.close()


def _strings(path: Path) -> int:
    with ZipFile(path) as parts:
        return sum(part.file_size for part in parts.infolist() if part.filename.endswith("sharedStrings.xml"))


def _cell(value: Any) -> str:
    """A cell as it would be typed: Excel keeps a phone number as 13800000000.0."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _shaped(path: Path, records: Iterable[Sequence[str]], about: int | None) -> BatchFile:
    lines = iter(records)
    header = tuple(name.strip() for name in next(lines, ()))
    while header and not header[-1]:
        header = header[:-1]
    if not header:
        raise CommandFailed(text("cli.import.empty", file=path.name))
    return BatchFile(header, _rows(lines, len(header)), about)


def _rows(lines: Iterator[Sequence[str]], width: int) -> Iterator[Row]:
    """Blank rows are passed over; a short one is filled up."""
    for number, cells in enumerate(lines, 2):
        if not any(cell.strip() for cell in cells):
            continue
        surplus = [cell for cell in cells[width:] if cell.strip()]
        yield Row(number, (*cells[:width], *[""] * (width - len(cells))), len(surplus))
