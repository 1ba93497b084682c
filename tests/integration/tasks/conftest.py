"""The tasks' desk on a ledger of its own, and an endpoint that answers as it is told."""

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ledger.ledger import Ledger
from ledger.seeding import seed_policies
from ledger.settings import settings
from tasks import desk
from tasks.posting import Patience
from tests.conftest import _empty as empty
from tests.integration.ledger.wakes import Time
from tests.integration.tasks.at_work import AtWork

CACHED = (
    settings,
    desk.ledger,
    desk.links,
    desk.models,
)  # the city's files and what is learnt from them are the same for all


@pytest.fixture
def database() -> str:
    """Where the ledger is; a test that is run on PostgreSQL too says so by this name."""
    return "sqlite"


@pytest.fixture
def place(database: str, request: pytest.FixtureRequest) -> Path | str:
    """The file of an empty ledger to be copied, or the URL of an empty one."""
    if database == "sqlite":
        file: Path = request.getfixturevalue("migrated_sqlite")
        return file
    url: str = request.getfixturevalue("postgresql_database")
    asyncio.run(empty(url))
    return url.replace("+asyncpg", "")


@pytest.fixture
async def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: Path | str) -> AsyncIterator[Ledger]:
    """The ledger that tasks open for themselves, empty, in a home folder of its own."""
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HUIYIN_ALLOW_PRIVATE_WEBHOOKS", "1")
    monkeypatch.setenv("HUIYIN_DATABASE_URL", place if isinstance(place, str) else "")
    for cached in CACHED:
        cached.cache_clear()
    opened = desk.ledger()  # makes the key; the file after it
    if isinstance(place, Path):
        shutil.copy(place, tmp_path / "home" / "ledger.db")
    await seed_policies(opened, desk.city())
    yield opened
    await opened.close()
    for cached in CACHED:
        cached.cache_clear()


@pytest.fixture
def work(ledger: Ledger) -> AtWork:
    """Cases at work on the tasks' own ledger."""
    return AtWork(ledger)


@pytest.fixture
def clock(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Time:
    """The ledger's clock, which stands still until it is moved on: the demo's limits are seconds."""
    return Time.of(ledger, monkeypatch)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> Patience:
    """One call takes three seconds at the most, so that tests of what hangs are short."""
    patience = Patience(whole=3.0, connect=1.0, quick=0.05)
    monkeypatch.setattr("tasks.posting.PATIENCE", patience)
    return patience


@dataclass
class Endpoint:
    """Answers each POST with the next of `answers` (status, headers), the last one again and again."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=lambda: [(204, {})])
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def post(self, request: Request) -> Response:
        self.bodies.append(await request.body())
        self.headers.append(dict(request.headers))
        status, headers = self.answers[min(len(self.bodies), len(self.answers)) - 1]
        return Response(status_code=status, headers=headers)


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    made = Endpoint()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    made.url = f"http://127.0.0.1:{listening.getsockname()[1]}/hook"
    app = Starlette(routes=[Route("/hook", made.post, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    yield made
    server.should_exit = True
    await serving
    listening.close()


@pytest.fixture
def closed_port() -> Callable[[], int]:
    """A port that nobody listens on."""

    def port() -> int:
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            return int(found.getsockname()[1])

    return port
