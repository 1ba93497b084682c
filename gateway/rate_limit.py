"""How often somebody without a key may ask: so many a minute, and so many at once."""

import time
from collections.abc import Callable

FORGET_ABOVE = 10_000


class RateLimit:
    """Counts by address, in this process, as the generic cell rate algorithm does: one number an address.

    Not a library: those at hand keep a thread or a task for themselves, and a clock that a test cannot turn.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._interval, self._burst = 60 / per_minute, 60.0
        self._clock = clock
        self._full_at: dict[str, float] = {}  # until when the address's allowance would take to be whole again

    def take(self, address: str) -> float:
        """Take one; 0 if it was there, else the seconds until the next."""
        now = self._clock()
        whole = max(self._full_at.get(address, now), now) + self._interval
        wait = whole - now - self._burst
        if wait > 1e-9:
            return wait
        if len(self._full_at) >= FORGET_ABOVE:
            self._full_at = {known: at for known, at in self._full_at.items() if at > now}
        self._full_at[address] = whole
        return 0.0
