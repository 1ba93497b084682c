"""The ledger (台账): everything durable, behind one door."""

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from ledger.access import Access
from ledger.alarms import Alarms
from ledger.alerts import Alerts
from ledger.alike import Alike
from ledger.assets import Assets
from ledger.batches import Batches
from ledger.cases import Cases
from ledger.children import Children
from ledger.choices import Choices
from ledger.claims import Claims
from ledger.clock_watch import ClockWatch
from ledger.corrections import Corrections
from ledger.database import Database
from ledger.deliveries import Deliveries
from ledger.errors import KeyFileUnusable
from ledger.forgetting import Forgetting
from ledger.key_check import check_key
from ledger.lists import Lists
from ledger.marks import Marks
from ledger.outages import Outages
from ledger.overdue import Overdue
from ledger.policies import Policies
from ledger.precedents import Precedents
from ledger.quarantine import Quarantine
from ledger.receivers import Receivers
from ledger.refreshing import Refreshing
from ledger.roots import Roots
from ledger.rotation import Rotation
from ledger.secrets import Keyring
from ledger.settings import Settings
from ledger.tables import ChildRow
from ledger.vault import Vault


class Ledger:
    """Opens nothing until it is first used; close it when done, or use it as an async context."""

    def __init__(self, url: str, keyring: Keyring, root_file: Path | None = None) -> None:
        self.database = Database(url)
        self.keyring = keyring
        self.vault = Vault(keyring)
        self.policies = Policies(self.database)
        self.cases = Cases(self.database, self.vault, self.policies)
        self.claims, self.child_claims = Claims(self.database), Claims(self.database, ChildRow)
        self.alarms, self.child_alarms = Alarms(self.database), Alarms(self.database, ChildRow)
        self.children = Children(self.database)
        self.precedents = Precedents(self.database)
        self.alike = Alike(self.database, self.vault)
        self.choices = Choices(self.database, self.precedents)
        self.assets = Assets(self.database)
        self.corrections = Corrections(self.database)
        self.alerts = Alerts(self.database)
        self.marks = Marks(self.database)
        self.outages = Outages(self.database)
        self.overdue = Overdue(self.database, self.policies)
        self.refreshing = Refreshing(self.database, self.policies)
        self.clock_watch = ClockWatch(self.database, self.alerts)
        self.deliveries = Deliveries(self.database)
        self.access = Access(self.database, keyring)
        self.receivers = Receivers(self.database, keyring)
        self.lists = Lists(self.database)
        self.quarantine = Quarantine(self.database, keyring)
        self.batches = Batches(self.database, self.vault, self.policies, self.quarantine)
        self.forgetting = Forgetting(self.database, self.cases)
        self.rotation = Rotation(self.database, keyring)
        self.roots = Roots(self.database, root_file)
        self._key_fits = False

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The ledger of these settings; makes the home folder and the key file where there are none.

        Raises `KeyFileUnusable` when the home folder's ledger is there and its key is not: a new key opens nothing.
        """
        settings.home.mkdir(parents=True, exist_ok=True)
        file, key = settings.home / "ledger.db", settings.master_key_file
        if not settings.database_url and file.exists() and not key.exists():
            raise KeyFileUnusable(f"{file} is there and its key {key} is not: put the key file back from its safe")
        return cls(settings.ledger_url, Keyring.open(settings.master_key_file), settings.roots_file)

    async def check_key(self) -> None:
        """Once: whether the key file is this ledger's. Raises `KeyFileUnusable`. The schema must be the newest."""
        if not self._key_fits:
            await check_key(self.database, self.keyring)
            self._key_fits = True

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
