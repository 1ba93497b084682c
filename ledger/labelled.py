"""A district's labelled history, as its model has learnt it: kept for the nights to come, sealed."""

import json
import os
import zlib
from collections.abc import Sequence
from pathlib import Path

from cryptography.fernet import InvalidToken

from ledger.errors import RetryNeverHelps
from ledger.secrets import Keyring

FILE = "labelled.sealed"


class LabelledUnreadable(RetryNeverHelps):
    """The labelled history cannot be opened: run `huiyin train` with the file of labels again."""


class Labelled:
    """(masked text, item code) pairs, one file a district beside its models."""

    def __init__(self, folder: Path, keyring: Keyring) -> None:
        self._folder, self._keyring = folder, keyring

    def keep(self, district: str, pairs: Sequence[tuple[str, str]]) -> None:
        """In place of what was kept before, in one step."""
        file = self._file(district)
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._replace(file, self._keyring.seal(zlib.compress(json.dumps(pairs, ensure_ascii=False).encode())))

    def of(self, district: str) -> list[tuple[str, str]]:
        """In the order of the file; empty where none was ever learnt from. Raises `LabelledUnreadable`."""
        file = self._file(district)
        try:
            sealed = file.read_bytes()
        except FileNotFoundError:
            return []
        try:
            told = json.loads(zlib.decompress(self._keyring.open_sealed(sealed)))
            newer = self._keyring.resealed(sealed)
        except (InvalidToken, zlib.error, ValueError) as error:
            raise LabelledUnreadable(
                f"{file} cannot be opened with this key: run `huiyin train` with the labels again"
            ) from error
        if newer is not None:  # the master key was rotated, and the old one will be retired
            self._replace(file, newer)
        return [(text, item) for text, item in told]

    def _replace(self, file: Path, sealed: bytes) -> None:
        beside = file.with_name(f".{FILE}.{os.getpid()}")
        beside.write_bytes(sealed)
        beside.replace(file)

    def _file(self, district: str) -> Path:
        return self._folder / district / FILE
