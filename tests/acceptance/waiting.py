"""Waiting for a condition, with a limit."""

import time
from collections.abc import Callable
from typing import Any

WAIT_SECONDS = 60.0


def wait_for(look: Callable[[], Any], what: str, seconds: float = WAIT_SECONDS) -> Any:
    """The first answer of `look` that is not None or False, within so many seconds."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"waited {seconds:.0f} s in vain for {what}"
        time.sleep(0.2)
    return found
