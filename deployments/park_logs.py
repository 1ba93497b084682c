"""Parking is no error: the engine says "Finished in state …" at ERROR for every state but Completed."""

from __future__ import annotations

import logging
import re

FLOW_RUNS = "prefect.flow_runs"

# `str(state)`: name, message if any, and the type unless it is the name. Parked, or put back into the queue.
_PARKED = re.compile(
    r"Finished in state (?:.*\((?:.*, )?type=(?:PAUSED|SCHEDULED)\)|(?:Paused|Scheduled)\((?:'.*'|\".*\")?\))$",
    re.DOTALL,
)


class ParkFilter(logging.Filter):
    """Lowers the engine's last line of a parked run from ERROR to INFO; leaves every other record alone."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno == logging.ERROR and _PARKED.match(record.getMessage()):
            record.levelno, record.levelname = logging.INFO, logging.getLevelName(logging.INFO)
            return logging.getLogger(record.name).isEnabledFor(logging.INFO)
        return True


def lower_parks() -> None:
    """Put the filter on Prefect's flow-run logger, once a process."""
    logger = logging.getLogger(FLOW_RUNS)
    if not any(isinstance(known, ParkFilter) for known in logger.filters):
        logger.addFilter(ParkFilter())
