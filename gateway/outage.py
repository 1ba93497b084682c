"""A stretch of time in which something outside does not answer: said once, waited out with backoff."""

import logging
import time

FIRST_WAIT = 0.5
LONGEST_WAIT = 5.0  # seconds; who comes back is noticed within it


class Outage:
    """One line when it stops answering and one when it answers again, however many tries fail in between."""

    def __init__(self, logger: logging.Logger, what: str, advice: str) -> None:
        self._logger, self._what, self._advice = logger, what, advice
        self._since: float | None = None
        self._wait = FIRST_WAIT

    @property
    def lasting(self) -> bool:
        return self._since is not None

    def failed(self, error: Exception) -> float:
        """Note a try that failed; answers how many seconds to wait before the next."""
        if self._since is None:
            self._since, self._wait = time.monotonic(), FIRST_WAIT
            self._logger.warning("%s does not answer (%s): %s", self._what, error, self._advice)
        wait, self._wait = self._wait, min(2 * self._wait, LONGEST_WAIT)
        return wait

    def answered(self) -> None:
        """Note a try that succeeded."""
        if self._since is not None:
            self._logger.warning("%s answers again after %.0f s", self._what, time.monotonic() - self._since)
            self._since = None
