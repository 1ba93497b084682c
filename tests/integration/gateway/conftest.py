"""A gateway on a real ledger, with Prefect's stand-in behind its door."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from engine.prefect_memory import MemoryPrefect
from gateway.app import create_app
from ledger.city import City
from ledger.ledger import Ledger
from ledger.settings import Settings
from tests.integration.gateway.hands import Hands


@pytest.fixture(scope="session")
def city() -> City:
    return City.of(Settings())


@pytest.fixture
async def hands(ledger: Ledger, city: City, tmp_path: Path) -> AsyncIterator[Hands]:
    settings = Settings(home=tmp_path, anonymous_per_minute=1000)
    prefect = MemoryPrefect("demo")
    app = create_app(settings, ledger=ledger, city=city, prefect=prefect)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://gateway") as client,
    ):
        yield Hands(app, client, prefect, {})
