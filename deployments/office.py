"""What a command works with: the settings, the city, and the ledger ready for use."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from catalog.texts import text
from deployments.errors import CommandFailed
from ledger.city import City
from ledger.intake import IntakeForm, understand
from ledger.ledger import Ledger
from ledger.migrate import migrate
from ledger.seeding import seed_policies
from ledger.settings import Settings

DATABASES = ("sqlite+aiosqlite://", "postgresql+asyncpg://")


@dataclass(frozen=True, slots=True)
class Office:
    """An open ledger whose schema is the newest, with a policy for each district."""

    settings: Settings
    city: City
    ledger: Ledger

    async def receive(self, form: IntakeForm) -> tuple[str, bool]:
        """Open a case; answers its number, and whether it is new. Raises `UnknownDistrict`, `UnknownCode`."""
        new = understand(form, self.city.district(form.district), self.city.catalogue)
        return await self.ledger.cases.receive(new, await self.ledger.now())


@asynccontextmanager
async def open_office(settings: Settings) -> AsyncIterator[Office]:
    """The office of these settings: makes and migrates a new ledger, so that no command needs another one first."""
    if not settings.ledger_url.startswith(DATABASES):
        raise CommandFailed(text("cli.error.database_url"))
    city = City.of(settings)
    async with Ledger.of(settings) as ledger:
        await migrate(ledger.database)
        await ledger.check_key()
        await seed_policies(ledger, city)
        yield Office(settings, city, ledger)
