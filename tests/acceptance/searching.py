"""Looks for words in every file of a folder, however they may have been written down."""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

SEPARATORS = re.compile(rb"[ \-._\n\t]")
UNWRITTEN = 3
"""Fewer digits than this in a row may stand anywhere."""


def forms(secret: str) -> list[bytes]:
    """UTF-8, GB18030, UTF-16, as JSON and as Python escape it, and as URLs do; in both cases."""
    written = {secret, secret.lower(), secret.upper()}
    encoded = [word.encode(encoding) for word in written for encoding in ("utf-8", "gb18030", "utf-16-le", "utf-16-be")]
    escaped = [escape(word).encode() for word in written for escape in (_json, _json_in_json, _python, quote)]
    return list({*encoded, *escaped})


def found(secrets: list[str], content: bytes) -> list[str]:
    """Those of the secrets that the content has; numbers also with anything between their digits."""
    joined = SEPARATORS.sub(b"", content)
    return [
        secret
        for secret in secrets
        if any(form in content for form in forms(secret))
        or (secret[:UNWRITTEN].isdigit() and secret.encode() in joined)
    ]


def found_in(folder: Path, secrets: list[str]) -> list[tuple[str, str]]:
    """Which file has which secret: by its bytes, and for a database also by its rows, which pages may part."""
    told = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        told += [(str(file), secret) for secret in found(secrets, file.read_bytes())]
        if file.read_bytes()[:15] == b"SQLite format 3":
            told += [(f"{file}: {where}", secret) for where, row in _rows(file) for secret in found(secrets, row)]
    return told


def _rows(file: Path) -> Iterator[tuple[str, bytes]]:
    """Every row of every table, as one text."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            for row in connection.execute(f'select * from "{table}"'):
                yield table, "\n".join(_text(value) for value in row).encode()
    connection.close()


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _json(secret: str) -> str:
    return json.dumps(secret)[1:-1]


def _json_in_json(secret: str) -> str:
    return _json(_json(secret))


def _python(secret: str) -> str:
    return secret.encode("unicode_escape").decode()
