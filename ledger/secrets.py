"""The master key, kept in a file apart from the data, and what is sealed or signed with it."""

import hashlib
import hmac
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet

from ledger.errors import KeyFileUnusable


class Keyring:
    """Seals small secrets and derives keys for signing, one purpose each."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        self._fernet = Fernet(master)

    @classmethod
    def open(cls, path: Path) -> "Keyring":
        """Read the key file, or make it (readable by its owner only) when there is none yet."""
        if not path.exists():
            _make(path)
        return cls(_read(path))

    def seal(self, plain: bytes) -> bytes:
        return self._fernet.encrypt(plain)

    def open_sealed(self, sealed: bytes) -> bytes:
        return self._fernet.decrypt(sealed)

    def derive(self, purpose: str) -> bytes:
        """32 bytes that depend on the master key and the purpose."""
        return hmac.new(self._master, purpose.encode(), hashlib.sha256).digest()


def _make(path: Path) -> None:
    """Write the key aside and link it into place whole: of two processes that start together, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key())
    with suppress(FileExistsError):
        os.link(aside, path)
    Path(aside).unlink()


def _read(path: Path) -> bytes:
    key = path.read_bytes().strip()
    if len(key) != 44:
        raise KeyFileUnusable(f"{path} is not a key file: it must hold one 44-character key; restore it from its safe")
    return key
