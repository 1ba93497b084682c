"""The master keys, kept in a file apart from the data, and what is sealed or signed with them."""

import hashlib
import hmac
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from ledger import key_file


class Keyring:
    """Seals small secrets and derives keys for signing, one purpose each. The newest key seals, every key opens.

    One that was read from a file follows the file: another process may rotate the keys while this one runs.
    """

    def __init__(self, *masters: bytes) -> None:
        self._path: Path | None = None
        self._stamp: key_file.Stamp | None = None
        self.made = False
        self._hold(masters)

    @classmethod
    def open(cls, path: Path) -> "Keyring":
        """Read the key file, or make it (`made`) when there is none yet. Raises `KeyFileUnusable`."""
        made = not path.exists() and key_file.make(path)
        stamp = key_file.stamp(path)
        ring = cls(*key_file.read(path))
        ring._path, ring._stamp, ring.made = path, stamp, made
        return ring

    @property
    def path(self) -> Path | None:
        """The file it was read from."""
        return self._path

    @property
    def masters(self) -> tuple[bytes, ...]:
        """Newest first."""
        self._follow()
        return self._masters

    def seal(self, plain: bytes) -> bytes:
        self._follow()
        return self._fernet.encrypt(plain)

    def open_sealed(self, sealed: bytes) -> bytes:
        """Raises `InvalidToken` for what none of the keys has sealed."""
        return self._following(lambda: self._fernet.decrypt(sealed))

    def resealed(self, sealed: bytes) -> bytes | None:
        """The same sealed by the newest key; None where it is already. Raises `InvalidToken`."""
        self._follow()
        try:
            Fernet(self._masters[0]).decrypt(sealed)
        except InvalidToken:
            return self._following(lambda: self._fernet.rotate(sealed))
        return None

    def derive(self, purpose: str) -> bytes:
        """32 bytes that depend on the newest master key and the purpose."""
        return self.derived(purpose)[0]

    def derived(self, purpose: str) -> tuple[bytes, ...]:
        """The same of every master key, newest first: what was signed before a rotation can still be told."""
        return tuple(derived(master, purpose) for master in self.masters)

    def fingerprints(self) -> tuple[str, ...]:
        """By which the keys can be told apart and not be guessed, newest first."""
        return tuple(fingerprint(master) for master in self.masters)

    def replace(self, *masters: bytes) -> None:
        """Hold these keys from now on, newest first, and write them to the file that there is."""
        if self._path is not None:
            key_file.write(self._path, masters)
            self._stamp = key_file.stamp(self._path)
        self._hold(masters)

    def forget_file(self) -> None:
        """Take away the file that this ring has made: nothing is sealed with its key."""
        if self._path is not None and self.made:
            self._path.unlink(missing_ok=True)

    def _hold(self, masters: tuple[bytes, ...]) -> None:
        self._masters = masters
        self._fernet = MultiFernet([Fernet(master) for master in masters])

    def _follow(self) -> bool:
        """Read the file again if it is another one than before; while there is none, what was read holds."""
        stamp = key_file.stamp(self._path) if self._path is not None else None
        if self._path is None or stamp is None or stamp == self._stamp:
            return False
        self._hold(key_file.read(self._path))
        self._stamp, self.made = stamp, False
        return True

    def _following(self, opened: Callable[[], bytes]) -> bytes:
        try:
            return opened()
        except InvalidToken:
            if not self._follow():
                raise
            return opened()


def derived(master: bytes, purpose: str) -> bytes:
    """32 bytes that depend on the key and the purpose, and tell nothing of the key."""
    return hmac.new(master, purpose.encode(), hashlib.sha256).digest()


def fingerprint(master: bytes) -> str:
    return derived(master, "fingerprint")[:8].hex()
