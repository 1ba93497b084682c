"""The vault: personal data, encrypted by field with a key of the case's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.fernet import Fernet
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from casework.given import FIELDS, Given
from ledger.commitments import commitment
from ledger.secrets import Keyring
from ledger.tables import Base, UnmaskingRow, VaultKeyRow, VaultRow


@dataclass(frozen=True, slots=True)
class CaseKey:
    """A case's own key, open: what it seals and what it commits to is nothing to anybody without it."""

    key: bytes

    @classmethod
    def new(cls) -> "CaseKey":
        return cls(Fernet.generate_key())

    def seal(self, value: str) -> bytes:
        return Fernet(self.key).encrypt(value.encode())

    def open_sealed(self, sealed: bytes) -> str:
        """Raises `cryptography.fernet.InvalidToken`."""
        return Fernet(self.key).decrypt(sealed).decode()

    def commit(self, fields: Mapping[str, str]) -> dict[str, str]:
        """A salted commitment to each field that has a value, by field."""
        return {name: commitment(self.key, name, value) for name, value in sorted(fields.items()) if value}


class Vault:
    """Puts fields in and takes them out, inside the caller's transaction."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    async def key(self, session: AsyncSession, case_no: str) -> CaseKey | None:
        """The case's key; None where it has none, or has it no more."""
        row = await session.get(VaultKeyRow, case_no)
        return CaseKey(self._keyring.open_sealed(row.wrapped)) if row is not None else None

    async def keep(self, session: AsyncSession, case_no: str, key: CaseKey) -> None:
        """The case's key from now on."""
        session.add(VaultKeyRow(case_no=case_no, wrapped=self._keyring.seal(key.key)))
        await session.flush()

    def rows(self, case_no: str, key: CaseKey, fields: Mapping[str, str]) -> list[Base]:
        """A new case's whole vault, to be added: its key, and each field that has a value."""
        sealed = [
            VaultRow(case_no=case_no, field=name, sealed=key.seal(value)) for name, value in fields.items() if value
        ]
        return [VaultKeyRow(case_no=case_no, wrapped=self._keyring.seal(key.key)), *sealed]

    async def key_or_new(self, session: AsyncSession, case_no: str) -> CaseKey:
        """The case's key, made if it has none: a case of an earlier release may have come without."""
        key = await self.key(session, case_no)
        if key is None:
            key = CaseKey.new()
            await self.keep(session, case_no, key)
        return key

    async def put(self, session: AsyncSession, case_no: str, fields: Mapping[str, str]) -> None:
        """Seal each field that has a value; a field that is there already is replaced."""
        given = {name: value for name, value in fields.items() if value}
        if not given:
            return
        key = await self.key_or_new(session, case_no)
        for name, value in given.items():
            await session.merge(VaultRow(case_no=case_no, field=name, sealed=key.seal(value)))

    async def take(self, session: AsyncSession, case_no: str, *fields: str) -> dict[str, str]:
        """The fields that are there, opened. For the system's own use: `unmask` is for people."""
        key = await self.key(session, case_no)
        if key is None:
            return {}
        rows = await session.scalars(select(VaultRow).where(VaultRow.case_no == case_no, VaultRow.field.in_(fields)))
        return {row.field: key.open_sealed(row.sealed) for row in rows}

    async def given(self, session: AsyncSession, case_no: str) -> Given:
        """What the case was given of its people: it is masked wherever it occurs again."""
        return Given.of(await self.take(session, case_no, *FIELDS))

    async def empty(self, session: AsyncSession, case_no: str) -> None:
        """Forget the case's fields and its key: nothing opens them, and nothing tests a guess at them, ever again."""
        await session.execute(delete(VaultRow).where(VaultRow.case_no == case_no))
        await session.execute(delete(VaultKeyRow).where(VaultKeyRow.case_no == case_no))

    def blinded(self, value: str) -> list[str]:
        """What stands for a value that must be told again and not be read: by each master key, newest first."""
        return [commitment(salt, "blinded", value) for salt in self._keyring.derived("blinding")]


def unmasking(case_no: str, field: str, actor: str, at: datetime) -> UnmaskingRow:
    return UnmaskingRow(case_no=case_no, field=field, actor=actor, at=at)
