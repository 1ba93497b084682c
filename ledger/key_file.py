"""The key file: master keys, newest first, one a line. Written whole or not at all, readable by its owner only."""

import os
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet

from ledger.errors import KeyFileUnusable

Stamp = tuple[int, int, int]


def make(path: Path) -> bool:
    """Write a first key where there is no file; answers whether this call did. Of two at once, one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = _aside(path, [Fernet.generate_key()])
    made = False
    with suppress(FileExistsError):
        os.link(aside, path)
        made = True
    aside.unlink()
    _settle(path.parent)
    return made


def write(path: Path, keys: Sequence[bytes]) -> None:
    """Put these keys in the file's place at once: whoever reads sees the old file or the new one, its owner's still."""
    aside, before = _aside(path, keys), path.stat()
    os.chown(aside, before.st_uid, before.st_gid)
    aside.chmod(stat.S_IMODE(before.st_mode))
    aside.replace(path)
    _settle(path.parent)


def read(path: Path) -> tuple[bytes, ...]:
    """The keys. Raises `KeyFileUnusable`."""
    try:
        lines = [line.strip() for line in path.read_bytes().splitlines()]
    except OSError as error:
        raise KeyFileUnusable(
            f"{path} cannot be read ({error.strerror}): put the key file back from its safe"
        ) from None
    keys = tuple(dict.fromkeys(line for line in lines if line))
    if not keys or not all(map(_is_key, keys)):
        raise KeyFileUnusable(f"{path} is not a key file: it must hold 44-character keys, one a line; restore it")
    return keys


def stamp(path: Path) -> Stamp | None:
    """What changes when the file is replaced; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def _is_key(line: bytes) -> bool:
    try:
        Fernet(line)
    except ValueError:
        return False
    return len(line) == 44


def _aside(path: Path, keys: Sequence[bytes]) -> Path:
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
    with os.fdopen(descriptor, "wb") as file:
        file.write(b"\n".join(keys) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return Path(name)


def _settle(folder: Path) -> None:
    """A crash now leaves the names as they are: a key that was used and is gone opens nothing ever again."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
