"""In which encoding a text file was written, judged by the whole of it."""

import codecs
import hashlib
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from catalog.texts import text
from deployments.errors import CommandFailed

ENCODINGS = ("utf-8", "gb18030")  # what a spreadsheet here saves as CSV is one of them
MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
CHUNK = 1 << 20
TOLERATED = 0.3
"""Of the characters beyond Latin, so many may be lost: a few rows of another encoding do not make the file another."""

_BEYOND = re.compile("[\u0800-\ufffc]")


def encoding_of(path: Path) -> str:
    """UTF-8, marked or not, or UTF-16, marked, or GB18030. Raises `CommandFailed`, `OSError`.

    Nearly all of UTF-8 can be read as GB18030 too, as nonsense: so a file that is UTF-8 but for a few rows is UTF-8.
    """
    with path.open("rb") as file:
        start = file.read(4)
    for mark, name in MARKS.items():
        if start.startswith(mark):
            return name
    for name in ENCODINGS:
        if _lost(path, name) <= TOLERATED:
            return name
    raise CommandFailed(text("cli.import.unknown_encoding", file=path.name))


def lines_of(path: Path) -> int:
    """As many rows as there can be: a cell may hold several lines."""
    return sum(chunk.count(b"\n") for chunk in _chunks(path)) + 1


def digest_of(path: Path) -> str:
    """SHA-256 of the whole file."""
    digest = hashlib.sha256()
    for chunk in _chunks(path):
        digest.update(chunk)
    return digest.hexdigest()


def _lost(path: Path, encoding: str) -> float:
    """The share of the characters beyond Latin that cannot be read; 1 where none can."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    lost = beyond = 0
    for chunk in chain(_chunks(path), (b"",)):
        words = decoder.decode(chunk, final=not chunk)
        lost += words.count("\ufffd")
        beyond += len(_BEYOND.findall(words))
    return lost / (lost + beyond) if lost else 0.0


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk
