"""The whole stack as its users have it, and units that listen."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from parties import Stack, Unit, running
from standardwebhooks import Webhook


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all tests, on SQLite."""
    with running(tmp_path_factory.mktemp("acceptance") / "home") as started:
        yield started


@pytest.fixture
def stack_on_postgresql(postgresql_database: str, tmp_path: Path) -> Iterator[Stack]:
    """A stack of the test's own whose ledger is on PostgreSQL."""
    with running(tmp_path / "home", HUIYIN_DATABASE_URL=postgresql_database) as started:
        yield started


@pytest.fixture
def unit(stack: Stack) -> Iterator[Callable[[str, str], Unit]]:
    """Connects units of a district and listens for them; `unit("pingshan", code)`."""
    servers: list[ThreadingHTTPServer] = []

    def connected(district: str, code: str) -> Unit:
        made = Unit(stack, district, code)

        class Listener(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                Webhook(made.secret).verify(body, dict(self.headers.items()))
                made.received.append(json.loads(body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                return

        server = ThreadingHTTPServer(("127.0.0.1", made.port), Listener)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        made.connect()
        return made

    yield connected
    for server in servers:
        server.shutdown()
        server.server_close()
