"""How large the tests that take minutes are: in CI large enough to find faults; HUIYIN_LONG=full is the whole of it."""

import os

FULL = os.environ.get("HUIYIN_LONG") == "full"


def sized(full: int, ci: int) -> int:
    return full if FULL else ci
