"""Rubbish is collected in one thread only, so that the event loop's never waits for a mutex of SQLite's."""

import subprocess
import sys
import textwrap

SCRIPT = """
import gc, threading, time
from deployments.prefect_server import collect_aside

seen = set()

class Rubbish:
    def __init__(self):
        self.me = self

    def __del__(self):
        seen.add(threading.current_thread().name)

collect_aside()
until = time.monotonic() + 20
while not seen and time.monotonic() < until:
    kept = [Rubbish() for _ in range(2000)]
    time.sleep(0.01)
assert not gc.isenabled()
print(*sorted(seen))
"""


def test_rubbish_is_collected_in_a_thread_of_its_own() -> None:
    """In a process of its own: collecting is a matter of the whole process."""
    told = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT)], capture_output=True, text=True, timeout=120, check=False
    )
    assert told.stdout.split() == ["rubbish"], told.stderr
