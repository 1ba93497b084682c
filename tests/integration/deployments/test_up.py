"""`huiyin up`: everything comes up from any folder, what dies comes back, and nothing is left at the end."""

import fcntl
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

START_SECONDS, BACK_SECONDS, STOP_SECONDS = 240.0, 60.0, 60.0


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Up:
    """`huiyin up` in a data folder of its own, started from a folder that is not the project's."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.home, self.log = folder / "home", folder / "up.log"
        self.gateway, self.prefect = free_port(), free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "HUIYIN_"))},
            "HUIYIN_HOME": str(self.home),
            "HUIYIN_GATEWAY_PORT": str(self.gateway),
            "HUIYIN_PREFECT_PORT": str(self.prefect),
            "HOME": str(folder),
            **environment,
        }
        (folder / "gateway").mkdir()  # a folder of the user's own that is called like one of our packages
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "deployments", "up"],
                cwd=folder,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def until(self, holds: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, f"not within {seconds} s:\n{self.said}"
            time.sleep(0.1)

    def children(self) -> dict[str, int]:
        """The module each child runs, and its process id."""
        found: dict[str, int] = {}
        for status in Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = int(status.read_text().rpartition(")")[2].split()[1])
                words = (status.parent / "cmdline").read_bytes().decode().split("\0")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if parent == self.process.pid and "-m" in words:
                found[words[words.index("-m") + 1]] = int(status.parent.name)
        return found

    def mine(self) -> list[int]:
        """Every process that works in this data folder."""
        mark, found = f"HUIYIN_HOME={self.home}".encode(), []
        for environ in Path("/proc").glob("[0-9]*/environ"):
            try:
                if mark in environ.read_bytes().split(b"\0"):
                    found.append(int(environ.parent.name))
            except (FileNotFoundError, ProcessLookupError, PermissionError):
                continue
        return found

    def healthy(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self.gateway}/healthz", timeout=5, trust_env=False).is_success
        except httpx.TransportError:
            return False

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[..., Up]]:
    started: list[Up] = []

    def start(**environment: str) -> Up:
        started.append(Up(tmp_path, **environment))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            one.end()


@pytest.mark.slow
@pytest.mark.stack
def test_it_comes_up_comes_back_and_leaves_nothing(up: Callable[..., Up], tmp_path: Path) -> None:
    one = up()
    one.until(lambda: "全套服务已就绪" in one.said or one.process.poll() is not None, START_SECONDS)
    assert f"http://127.0.0.1:{one.prefect}" in one.said
    ready = httpx.get(f"http://127.0.0.1:{one.gateway}/readyz", trust_env=False).json()
    assert ready == {"ledger": "ok", "prefect": "ok", "rungs": "ok"}
    assert set(one.children()) == {"deployments.prefect_server", "gateway", "prefect"}
    assert not (tmp_path / ".prefect").exists()  # the user's own profile is left alone

    os.kill(one.children()["gateway"], signal.SIGKILL)
    one.until(lambda: "网关意外退出" in one.said and one.healthy(), BACK_SECONDS)

    assert one.end() == 0
    assert one.mine() == []
    assert not one.healthy()
    assert {log.name for log in (one.home / "logs").iterdir()} == {"prefect.log", "gateway.log", "worker.log"}


def test_a_port_that_is_taken_is_told_with_the_variable_to_set(up: Callable[..., Up]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        one = up(HUIYIN_PREFECT_PORT=str(taken.getsockname()[1]))
        assert one.process.wait(60) == 1
    assert one.said.count("\n") == 1
    assert "HUIYIN_PREFECT_PORT=" in one.said


def test_a_data_folder_has_one_stack(up: Callable[..., Up], tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with (tmp_path / "home" / "stack.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        one = up()
        assert one.process.wait(60) == 1
    assert one.said.count("\n") == 1
    assert "HUIYIN_HOME" in one.said
