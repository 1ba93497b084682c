"""The gateway's application: opened with the ledger and the city, closed with nothing left running."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from engine.prefect_api import PrefectApi
from engine.prefect_door import PrefectDoor
from gateway import citizen, health, intake, staff, staff_acts, staff_beside, staff_study, task_desk, webhooks
from gateway.errors import install
from gateway.front_door import AccessLog, BodyLimit, NoStore
from gateway.meters import Meters
from gateway.office import Office
from gateway.pages import FOLDER
from gateway.rate_limit import RateLimit
from gateway.waker import Waker
from gateway.watch import Watch
from ledger.city import City
from ledger.ledger import Ledger
from ledger.links import Links
from ledger.migrate import migrate
from ledger.seeding import seed_policies
from ledger.settings import Settings

STOP_SECONDS = 5.0

logger = logging.getLogger("huiyin.gateway")


def create_app(
    settings: Settings, *, ledger: Ledger | None = None, city: City | None = None, prefect: PrefectDoor | None = None
) -> FastAPI:
    """The application; it opens nothing until it starts. What is given stays the giver's to close."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        office = await _open(settings, ledger, city, prefect)
        app.state.office = office
        await office.watch.begin()  # what was missed before is an outage, known before anybody is served or woken
        tasks = [asyncio.create_task(one.run()) for one in (office.watch, office.waker)]
        try:
            yield
        finally:
            office.waker.stop()
            office.watch.stop()
            await _ended(tasks)
            if prefect is None:
                await office.door.close()
            if ledger is None:
                await office.ledger.close()

    app = FastAPI(title="huiyin 回音", version=version("huiyin"), lifespan=lifespan, docs_url=None, redoc_url=None)
    for part in (intake, webhooks, citizen, task_desk, staff, staff_acts, staff_beside, staff_study, health):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"))
    install(app)
    app.add_middleware(BodyLimit)
    app.add_middleware(NoStore)
    app.add_middleware(AccessLog)
    return app


async def _open(settings: Settings, ledger: Ledger | None, city: City | None, prefect: PrefectDoor | None) -> Office:
    city = city or City.of(settings)
    ledger = ledger or Ledger.of(settings)
    await migrate(ledger.database)
    await ledger.check_key()
    await seed_policies(ledger, city)
    door = prefect or PrefectApi(settings.prefect_url, settings.prefect_auth)
    meters = Meters()
    return Office(
        settings=settings,
        ledger=ledger,
        city=city,
        links=Links(ledger.keyring, settings.gateway_url),
        door=door,
        waker=Waker(ledger, door, meters),
        watch=Watch(ledger),
        meters=meters,
        anonymous=RateLimit(settings.anonymous_per_minute),
    )


async def _ended(tasks: "list[asyncio.Task[None]]") -> None:
    """Let waker and watch finish their look; a call that hangs is cut off, and its case rings again."""
    _, late = await asyncio.wait(tasks, timeout=STOP_SECONDS)
    if late:
        for task in late:
            task.cancel()
        await asyncio.wait(late)
