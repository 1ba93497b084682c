"""A real Prefect server on SQLite, in a temporary folder, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from deployments.prefect_environment import prefect_environment

START_SECONDS = 90.0
STOP_SECONDS = 30.0


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class PrefectServer:
    """`prefect server start` as our own stack starts it; can be stopped and started again."""

    def __init__(self, home: Path) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self.environment = prefect_environment(home, free_port())
        self.url = self.environment["PREFECT_API_URL"]
        self._log = home / "server.log"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns once it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "deployments.prefect_server", "server", "start"],
                env={**os.environ, **self.environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + START_SECONDS
        while not self._healthy():
            said = self._log.read_text(encoding="utf-8", errors="replace")[-2000:]
            if self._process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"Prefect's server did not start:\n{said}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Ends the server and the processes it started."""
        if self._process is None:
            return
        process, self._process = self._process, None
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(STOP_SECONDS)

    def _healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=2, trust_env=False).status_code == 200
        except httpx.TransportError:
            return False


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The API URL of a server that all tests of the session share: use names of your own for pools and deployments."""
    server = PrefectServer(tmp_path_factory.mktemp("prefect"))
    server.start()
    yield server.url
    server.stop()


@pytest.fixture
def own_prefect_server(tmp_path: Path) -> Iterator[Callable[[], PrefectServer]]:
    """Starts a server for one test alone, which may stop and start it."""
    servers: list[PrefectServer] = []

    def start() -> PrefectServer:
        server = PrefectServer(tmp_path / f"prefect-{len(servers)}")
        servers.append(server)
        server.start()
        return server

    yield start
    for server in servers:
        server.stop()
