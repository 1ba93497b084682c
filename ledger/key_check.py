"""Whether the key file at hand is the ledger's own. The ledger knows its key by a fingerprint, never the key.

Without this, a lost key file could not be told from a first start: a new key would be made, and nothing sealed before
would open again.
"""

from collections.abc import Iterator, Sequence

from cryptography.fernet import InvalidToken
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.database import Database
from ledger.errors import KeyFileUnusable
from ledger.secrets import Keyring
from ledger.tables import Base, ChannelKeyRow, EndpointRow, MarkRow, QuarantineRow, VaultKeyRow

IN_USE = "key.in_use"
"""The mark with the fingerprint of the key by which everything is sealed; during a rotation, of the one before."""

SEALED: Sequence[tuple[type[Base], tuple[str, ...]]] = (
    (VaultKeyRow, ("wrapped",)),
    (EndpointRow, ("secret", "previous_secret")),
    (ChannelKeyRow, ("key",)),
    (QuarantineRow, ("sealed",)),
)
"""Everything that a master key seals: tables and their columns."""


async def check_key(database: Database, keyring: Keyring) -> None:
    """Raises `KeyFileUnusable` for another key than the ledger's; a ledger that has none yet takes this one."""
    async with database.read() as session:
        mark = await session.get(MarkRow, IN_USE)
        fits = mark.value in keyring.fingerprints() if mark is not None else await _opens(session, keyring)
    if not fits:
        keyring.forget_file()
        raise KeyFileUnusable(
            f"the key in {keyring.path or 'use'} is not the one that this ledger is sealed by:"
            " put the right key file back from its safe (HUIYIN_KEY_FILE)"
        )
    if mark is None:
        await _adopt(database, keyring)


async def _adopt(database: Database, keyring: Keyring) -> None:
    now = await database.now()
    try:
        async with database.write() as session:
            if await session.get(MarkRow, IN_USE) is None:
                session.add(MarkRow(name=IN_USE, value=keyring.fingerprints()[0], at=now))
                return
    except IntegrityError:  # another process was first
        pass
    await check_key(database, keyring)


async def _opens(session: AsyncSession, keyring: Keyring) -> bool:
    """Whether the key opens what an earlier release has sealed: it left no fingerprint."""
    for table, columns in SEALED:
        row = await session.scalar(select(table).limit(1))
        if row is not None and not all(_opened(keyring, token) for token in tokens(row, columns)):
            return False
    return True


def tokens(row: Base, columns: Sequence[str]) -> Iterator[bytes]:
    """What is sealed in a row."""
    return (getattr(row, column) for column in columns if getattr(row, column) is not None)


def _opened(keyring: Keyring, token: bytes) -> bool:
    try:
        keyring.open_sealed(token)
    except InvalidToken:
        return False
    return True
