"""The ledger (台账): everything durable, behind one door."""

from datetime import datetime
from types import TracebackType
from typing import Self

from ledger.access import Access
from ledger.alarms import Alarms
from ledger.cases import Cases
from ledger.claims import Claims
from ledger.database import Database
from ledger.deliveries import Deliveries
from ledger.errors import KeyFileUnusable
from ledger.lists import Lists
from ledger.policies import Policies
from ledger.quarantine import Quarantine
from ledger.secrets import Keyring
from ledger.settings import Settings
from ledger.vault import Vault


class Ledger:
    """Opens nothing until it is first used; close it when done, or use it as an async context."""

    def __init__(self, url: str, keyring: Keyring) -> None:
        self.database = Database(url)
        self.keyring = keyring
        self.vault = Vault(keyring)
        self.policies = Policies(self.database)
        self.cases = Cases(self.database, self.vault, self.policies)
        self.claims = Claims(self.database)
        self.alarms = Alarms(self.database)
        self.deliveries = Deliveries(self.database)
        self.access = Access(self.database, keyring)
        self.lists = Lists(self.database)
        self.quarantine = Quarantine(self.database, keyring)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The ledger of these settings; makes the home folder and the key file where there are none.

        Raises `KeyFileUnusable` when the home folder's ledger is there and its key is not: a new key opens nothing.
        """
        settings.home.mkdir(parents=True, exist_ok=True)
        file, key = settings.home / "ledger.db", settings.master_key_file
        if not settings.database_url and file.exists() and not key.exists():
            raise KeyFileUnusable(f"{file} is there and its key {key} is not: put the key file back from its safe")
        return cls(settings.ledger_url, Keyring.open(settings.master_key_file))

    async def now(self) -> datetime:
        return await self.database.now()

    async def close(self) -> None:
        await self.database.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
