"""What Prefect's engine says of every wake and what is no news: a park at ERROR, a result that was not written."""

from __future__ import annotations

import logging
import re

FLOW_RUNS = "prefect.flow_runs"

# `str(state)`: name, message if any, and the type unless it is the name. Parked, or put back into the queue.
_PARKED = re.compile(
    r"Finished in state (?:.*\((?:.*, )?type=(?:PAUSED|SCHEDULED)\)|(?:Paused|Scheduled)\((?:'.*'|\".*\")?\))$",
    re.DOTALL,
)
_NOT_WRITTEN = re.compile(r"Failed to write result: .*has not been written$", re.DOTALL)


class EngineFilter(logging.Filter):
    """Lowers the engine's last line of a parked run from ERROR to INFO, and drops that a failed run's exception was not
    stored, as is meant (`tasks.engine_options`); leaves every other record alone.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.levelno == logging.ERROR and _PARKED.match(record.getMessage()):
            record.levelno, record.levelname = logging.INFO, logging.getLevelName(logging.INFO)
            return logging.getLogger(record.name).isEnabledFor(logging.INFO)
        return record.levelno != logging.WARNING or not _NOT_WRITTEN.match(record.getMessage())


def quieten_engine() -> None:
    """Put the filter on Prefect's flow-run logger, once a process."""
    logger = logging.getLogger(FLOW_RUNS)
    if not any(isinstance(known, EngineFilter) for known in logger.filters):
        logger.addFilter(EngineFilter())
