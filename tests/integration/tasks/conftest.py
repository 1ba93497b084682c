"""The tasks' desk on a ledger of its own, and an endpoint that answers as it is told."""

import asyncio
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
from ledger.migrate import migrate
from ledger.seeding import seed_policies
from ledger.settings import settings
from tasks import desk

CACHED = (settings, desk.ledger, desk.city, desk.classifier, desk.links)


@pytest.fixture
async def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ledger]:
    """The ledger that tasks open for themselves, in an empty home folder."""
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HUIYIN_ALLOW_PRIVATE_WEBHOOKS", "1")
    monkeypatch.delenv("HUIYIN_DATABASE_URL", raising=False)
    for cached in CACHED:
        cached.cache_clear()
    opened = desk.ledger()
    await migrate(opened.database)
    await seed_policies(opened, desk.city())
    yield opened
    await opened.close()
    for cached in CACHED:
        cached.cache_clear()


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
