"""Prefect's own command, its rubbish collected in a thread of its own: ``-m deployments.prefect_server server start``.

Why: on SQLite a statement that failed leaves its cursor in a traceback's cycle. Python's collector runs in whatever
thread happens to allocate, which is nearly always the event loop's, and there drops the cursor: SQLite then resets the
statement under its connection's mutex. If that connection is just waiting in SQLite's busy handler (up to 60 s, and
Prefect sets that itself), the loop waits for it, while whoever holds the write lock waits for the loop: for a minute
nothing answers, again and again as soon as there is load (seen with gdb: cursor_dealloc → sqlite3_reset → mutex, the
loop's thread). In a thread of its own the collector may wait for a mutex: the loop goes on, and the lock is released.
"""

import gc
import threading
import time

from prefect.cli import app

LOOKS_EVERY = 1.0
"""Seconds between two looks through what is young. Ten a second took a third of the processor (profiled)."""
FULL_EVERY = 60.0
"""Seconds between two looks through everything that has come since the start."""
STARTED_AFTER = 30.0
"""Seconds after which what is there is there to stay, and is never looked through again."""


def collect_aside() -> threading.Thread:
    """Collect from now on in one thread only."""
    gc.disable()
    collector = threading.Thread(target=_collect, name="rubbish", daemon=True)
    collector.start()
    return collector


def _collect() -> None:
    full_at, frozen = time.monotonic() + STARTED_AFTER, False
    while True:
        time.sleep(LOOKS_EVERY)
        if time.monotonic() < full_at:
            gc.collect(1)
            continue
        gc.collect()
        full_at = time.monotonic() + FULL_EVERY
        if not frozen:
            gc.freeze()
            frozen = True


def main() -> None:
    collect_aside()
    app()


if __name__ == "__main__":
    main()
