"""One unit's system hangs while thirty of its cases and thirty of another's come in: the other gets its own in time."""

import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from parties import Stack, Unit, running
from waiting import wait_for

pytestmark = [pytest.mark.stack, pytest.mark.long, pytest.mark.timeout(900)]

CASES = 30
TEXTS = {
    "services-maluan": "马峦街道小区门口的垃圾堆了三天没人清运，这是第 {n} 次反映",
    "services-biling": "碧岭街道小区门口的垃圾堆了三天没人清运，这是第 {n} 次反映",
}
HANGING, WELL = TEXTS


@dataclass
class Hanging:
    """Takes every connection and never says a word."""

    url: str
    came: int = 0
    open: int = 0
    most: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, place: socket.socket) -> None:
        while True:
            try:
                caller, _ = place.accept()
            except OSError:  # the place is closed
                return
            threading.Thread(target=self._hold, args=(caller,), daemon=True).start()

    def _hold(self, caller: socket.socket) -> None:
        with self.lock:
            self.came, self.open = self.came + 1, self.open + 1
            self.most = max(self.most, self.open)
        with caller:
            while _reads(caller):
                pass
        with self.lock:
            self.open -= 1


def _reads(caller: socket.socket) -> bool:
    try:
        return bool(caller.recv(65536))
    except OSError:
        return False


@contextmanager
def hanging() -> Iterator[Hanging]:
    with socket.create_server(("127.0.0.1", 0)) as place:
        made = Hanging(f"http://127.0.0.1:{place.getsockname()[1]}/")
        threading.Thread(target=made.serve, args=(place,), daemon=True).start()
        yield made
        place.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    """One of the test's own: a hanging unit would be there for all."""
    with running(tmp_path / "home", HUIYIN_ANONYMOUS_PER_MINUTE="1000") as started:
        yield started


def test_a_hanging_unit_does_not_delay_anothers_thirty_cases(stack: Any, unit: Callable[[str, str], Unit]) -> None:
    well = unit("pingshan", WELL)
    with hanging() as there:
        stack.huiyin("department", "connect", "pingshan", HANGING, "--url", there.url)
        alone = _delivered(stack, well, [WELL] * CASES)
        beside = _delivered(stack, well, [HANGING, WELL] * CASES)
        print(f"alone {alone:.1f} s, beside a hanging unit {beside:.1f} s; it was called {there.came} times")
        failures, rests_until = _endpoint(stack.home, HANGING)
        assert failures >= 3
        assert rests_until is not None  # its breaker is open
        assert there.most <= 2
        assert there.came <= 2 * failures
    assert beside < 3 * alone + 10  # twice the cases


def _delivered(stack: Any, well: Unit, units: list[str]) -> float:
    """Submit a case for each; seconds until the unit that is well has all of its own."""
    wanted = len(_orders(well)) + units.count(WELL)
    began = time.monotonic()
    for n, unit in enumerate(units):
        stack.submit(district="pingshan", text=TEXTS[unit].format(n=n))
    wait_for(lambda: len(_orders(well)) >= wanted, f"{WELL} to have its {wanted} orders", 240)
    return time.monotonic() - began


def _orders(unit: Unit) -> set[str]:
    return {one["data"]["case_no"] for one in list(unit.received) if one["type"] == "task.assigned"}


def _endpoint(home: Path, unit: str) -> tuple[int, str | None]:
    """How the ledger says that the unit's endpoint fares: failures in a row, and until when it rests."""
    asked = "select failures, rests_until from endpoints where district = 'pingshan' and unit = ?"
    with closing(sqlite3.connect(f"file:{home / 'ledger.db'}?mode=ro", uri=True)) as ledger:
        failures, rests_until = ledger.execute(asked, (unit,)).fetchone()
    return failures, rests_until
