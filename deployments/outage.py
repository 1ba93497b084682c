"""A stretch of time in which Prefect's server, or something in it, is not there: said once, waited out with backoff."""

from __future__ import annotations

import logging
import time

Log = logging.Logger | logging.LoggerAdapter[logging.Logger]

FIRST_WAIT = 1.0
LONGEST_WAIT = 10.0  # seconds; a returned server is noticed within it


class Outage:
    """One line when it is gone and one when it is there again, however many calls fail in between."""

    def __init__(self, logger: Log, what: str = "Prefect's server", advice: str = "check PREFECT_API_URL") -> None:
        self._logger = logger
        self._what, self._advice = what, advice
        self._since: float | None = None
        self._wait = FIRST_WAIT

    def failed(self, error: Exception) -> float:
        """Note a call that failed. Returns how long to wait before the next one, in seconds."""
        if self._since is None:
            self._since = time.monotonic()
            self._wait = FIRST_WAIT
            self._logger.warning(
                "%s cannot be had (%s): trying until it can; if it lasts, %s",
                self._what,
                str(error) or type(error).__name__,
                self._advice,
            )
        wait, self._wait = self._wait, min(2 * self._wait, LONGEST_WAIT)
        return wait

    def answered(self) -> None:
        """Note a call that succeeded."""
        if self._since is not None:
            self._logger.info("%s answers again after %.0f s", self._what, time.monotonic() - self._since)
            self._since = None
