"""Whether this machine's clock agrees with the database's, by which everything is decided."""

import logging
import socket

from ledger.alerts import Alerts
from ledger.conditions import Condition
from ledger.database import Database

LIMIT = 2.0
ALERT = "clock_skew"

logger = logging.getLogger("huiyin.clock")


class ClockWatch:
    """Asks nothing of the database: each time that the ledger asks it for the time, the clocks are compared."""

    def __init__(self, database: Database, alerts: Alerts, host: str | None = None) -> None:
        self._database, self.host = database, host or socket.gethostname()
        self._condition = Condition(alerts, ALERT, self.host)

    async def right(self) -> bool:
        """Whether it is off by less than two seconds, as last measured; says so when that changes."""
        offset = self._database.offset
        if offset is not None and (offset.exceeds(LIMIT) or offset.keeps_within(LIMIT)):
            wrong = offset.exceeds(LIMIT)
            if await self._condition.told(wrong, host=self.host, seconds=f"{offset.seconds:+.1f}"):
                logger.warning("The clock of %s is off the database's by %+.1f s", self.host, offset.seconds)
        return not self._condition.wrong
