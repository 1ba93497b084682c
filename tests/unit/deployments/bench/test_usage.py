"""What a process uses is what it really has: this one, before and after it takes more."""

import os
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from deployments.bench import usage
from deployments.bench.usage import Usage, cpu_seconds
from deployments.errors import CommandFailed

ME = os.getpid()
NOBODY = 2**22 + 1  # above every process id that Linux gives


@contextmanager
def connected() -> Iterator[None]:
    """A TCP connection whose both ends are this process's."""
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()),
        server.accept()[0],
    ):
        yield


def test_memory_that_is_written_to_is_counted() -> None:
    before = Usage.of(ME).memory_mb
    filled = bytearray(os.urandom(1)) * (64 * usage.MIB)
    assert Usage.of(ME).memory_mb - before == pytest.approx(len(filled) / usage.MIB, abs=16)


def test_a_thread_is_counted_while_it_lives() -> None:
    before, over = Usage.of(ME).threads, threading.Event()
    thread = threading.Thread(target=over.wait)
    thread.start()
    assert Usage.of(ME).threads == before + 1
    over.set()
    thread.join()


def test_both_ends_of_a_standing_connection_are_counted_and_a_listener_is_not() -> None:
    before = Usage.of(ME).connections
    with socket.create_server(("127.0.0.1", 0)):
        assert Usage.of(ME).connections == before
    with connected():
        assert Usage.of(ME).connections == before + 2
    assert Usage.of(ME).connections == before


def test_an_open_database_file_is_a_connection_to_it(tmp_path: Path) -> None:
    before = Usage.of(ME).connections
    with closing(sqlite3.connect(tmp_path / "ledger.db")) as database:
        database.execute("create table t (n)")
        assert Usage.of(ME).connections == before + 1
    assert Usage.of(ME).connections == before


def test_processor_time_grows_with_work_and_not_with_waiting() -> None:
    before = cpu_seconds(ME)
    end = time.process_time() + 0.2
    while time.process_time() < end:
        pass
    assert cpu_seconds(ME) - before >= 0.15  # it is counted in hundredths


def test_a_process_that_is_gone_is_told() -> None:
    with pytest.raises(CommandFailed, match=str(NOBODY)):
        Usage.of(NOBODY)


def test_a_system_without_proc_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(usage, "PROC", tmp_path)
    with pytest.raises(CommandFailed, match="/proc"):
        Usage.of(ME)
