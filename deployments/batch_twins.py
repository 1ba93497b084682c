"""Rows of one file that are the same, and numbers that stand in it twice: kept aside on disk, however long the file."""

import hashlib
import json
import os
import sqlite3
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from deployments.batch_file import Row

CACHE_KB = 8192


class Twins:
    """What has been seen of a file so far. Digests alone, under a key of this run's own; gone when it is closed."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._seen = sqlite3.connect("", isolation_level=None)  # a nameless file that goes with the connection
        for statement in (
            f"pragma cache_size = -{CACHE_KB}",
            "pragma journal_mode = off",
            "create table contents (digest blob primary key, times integer) without rowid",
            "create table numbers (digest blob primary key, row integer, content blob) without rowid",
            "begin",
        ):
            self._seen.execute(statement)

    def time(self, content: str) -> int:
        """The how manieth row of this content it is, from 1."""
        counted = "insert into contents values (?, 1) on conflict do update set times = times + 1 returning times"
        (times,) = self._seen.execute(counted, (self._digest(content),)).fetchone()
        return int(times)

    def other(self, row: int, external_id: str, content: str) -> int | None:
        """The row that had this number first, if its content was another."""
        place, said = self._digest(external_id), self._digest(content)
        self._seen.execute("insert or ignore into numbers values (?, ?, ?)", (place, row, said))
        first, stood = self._seen.execute("select row, content from numbers where digest = ?", (place,)).fetchone()
        return int(first) if stood != said else None

    def _digest(self, words: str) -> bytes:
        return hashlib.blake2b(words.encode(errors="backslashreplace"), key=self._key, digest_size=16).digest()

    def close(self) -> None:
        self._seen.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def row_name(cells: Mapping[str, str], time: int) -> str:
    """By what a row without a number of its own is known again: its cells by column, and which of several equal rows.

    Neither the file, nor where in it the row stands, nor the order of the columns: a corrected file, or one that
    overlaps with another, opens no second case.
    """
    written = "\x1e".join(f"{column}\x1f{words.strip()}" for column, words in sorted(cells.items()) if words.strip())
    said = f"{written}\x1d{time}" if time > 1 else written
    return f"row-{hashlib.sha256(said.encode(errors='backslashreplace')).hexdigest()[:32]}"


def earlier_row_name(row: Row) -> str:
    """The same as the first release wrote it: by the row's number and its cells."""
    content = json.dumps([row.number, *row.cells], ensure_ascii=False)
    return f"row-{hashlib.sha256(content.encode(errors='backslashreplace')).hexdigest()[:32]}"
