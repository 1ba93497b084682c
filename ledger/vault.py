"""The vault: personal data, encrypted by field with a key of the case's own."""

from collections.abc import Mapping
from datetime import datetime

from cryptography.fernet import Fernet
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ledger.secrets import Keyring
from ledger.tables import UnmaskingRow, VaultKeyRow, VaultRow


class Vault:
    """Puts fields in and takes them out, inside the caller's transaction."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def put(self, session: AsyncSession, case_no: str, fields: Mapping[str, str]) -> None:
        """Seal each field that has a value; a field that is there already is replaced."""
        given = {name: value for name, value in fields.items() if value}
        if not given:
            return
        box = Fernet(await self._key(session, case_no))
        for name, value in given.items():
            await session.merge(VaultRow(case_no=case_no, field=name, sealed=box.encrypt(value.encode())))

    async def take(self, session: AsyncSession, case_no: str, *fields: str) -> dict[str, str]:
        """The fields that are there, opened. For the system's own use: `unmask` is for people."""
        key = await session.get(VaultKeyRow, case_no)
        if key is None:
            return {}
        box = Fernet(self._keyring.open_sealed(key.wrapped))
        rows = await session.scalars(select(VaultRow).where(VaultRow.case_no == case_no, VaultRow.field.in_(fields)))
        return {row.field: box.decrypt(row.sealed).decode() for row in rows}

    async def _key(self, session: AsyncSession, case_no: str) -> bytes:
        row = await session.get(VaultKeyRow, case_no)
        if row is not None:
            return self._keyring.open_sealed(row.wrapped)
        key = Fernet.generate_key()
        session.add(VaultKeyRow(case_no=case_no, wrapped=self._keyring.seal(key)))
        await session.flush()
        return key


def unmasking(case_no: str, field: str, actor: str, at: datetime) -> UnmaskingRow:
    return UnmaskingRow(case_no=case_no, field=field, actor=actor, at=at)
