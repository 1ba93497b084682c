"""The gateway's own watch, outside Prefect: it lives, its clock is right, reconcile looks, no due rung goes unfired."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError

from gateway.outage import Outage
from ledger.conditions import Condition
from ledger.ledger import Ledger
from ledger.marks import RECONCILED

BEAT_SECONDS = 5.0
OVERDUE_SECONDS = 60.0
SILENCE = timedelta(minutes=5)
JUMP = timedelta(seconds=2)

logger = logging.getLogger("huiyin.watch")


class Watch:
    """`begin` before anything is served, then `run` until `stop`: no failure ends it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._stopping = asyncio.Event()
        self._database = Outage(logger, "The ledger's database", "the watch goes on when it does")
        self._rungs = Condition(ledger.alerts, "rungs_overdue", "ledger")
        self._clock = Condition(ledger.alerts, "clock_put_back", "ledger")
        self._silence = Condition(ledger.alerts, "reconcile_silent", "reconcile")
        self._listening_since: datetime | None = None
        self._last: tuple[datetime, float] | None = None  # of the last beat: the ledger's time, and ours since boot

    @property
    def overdue(self) -> bool:
        """Whether, at the last look, a rung had been due for more than a minute."""
        return self._rungs.wrong

    async def begin(self) -> None:
        """The first beat: from here on it is no outage. Raises what the database raises."""
        await self.beat()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        while not await self._stopped_within(BEAT_SECONDS):
            for part in (self.beat, self.clock, self.rungs, self.reconcile):
                await self._guarded(part)

    async def beat(self) -> None:
        """Say that a gateway is alive, and what the beat found."""
        found = await self._ledger.outages.beat()
        if found.away is not None:
            since, until = found.away.since.isoformat(), found.away.until.isoformat()
            logger.warning("No gateway was alive from %s to %s: this time is charged to the system", since, until)
        self._jumped(found.at)
        behind = found.behind > JUMP
        await self._clock.told(behind, seconds=f"{found.behind.total_seconds():.0f}")

    async def clock(self) -> None:
        """Compare this machine's clock with the database's, which the beat has just asked."""
        await self._ledger.clock_watch.right()

    async def rungs(self) -> None:
        """Tell operators when the oldest rung that is due has not fired for a minute."""
        oldest = await self._ledger.overdue.oldest()
        seconds = oldest.seconds if oldest else 0.0
        case_no = oldest.case_no if oldest else ""
        if await self._rungs.told(seconds > OVERDUE_SECONDS, case_no=case_no, seconds=f"{seconds:.0f}"):
            if self._rungs.wrong:
                logger.error(
                    "A rung of %s has been due for %.0f s: are the worker and Prefect running?", case_no, seconds
                )
            else:
                logger.warning("No rung is overdue any more")

    async def reconcile(self) -> None:
        """Tell operators when reconcile, which looks each minute, has not looked for five: it may have been paused."""
        now, looked_at = await self._ledger.now(), await self._ledger.marks.get(RECONCILED)
        self._listening_since = self._listening_since or now
        since = max(datetime.fromisoformat(looked_at), self._listening_since) if looked_at else now
        if await self._silence.told(now - since > SILENCE, minutes=int((now - since).total_seconds() // 60)):
            if self._silence.wrong:
                logger.error("reconcile has not looked since %s: is its deployment, or the work pool, paused?", since)
            else:
                logger.warning("reconcile looks again")

    def _jumped(self, now: datetime) -> None:
        last, self._last = self._last, (now, time.monotonic())
        if last is None:
            return
        jump = now - last[0] - timedelta(seconds=self._last[1] - last[1])
        if abs(jump) > JUMP:
            logger.warning("The ledger's clock has jumped by %+.1f s", jump.total_seconds())

    async def _guarded(self, part: Callable[[], Awaitable[None]]) -> None:
        try:
            await part()
        except (SQLAlchemyError, OSError) as error:
            self._database.failed(error)
        except Exception:  # a fault of ours in one part must not end the watch
            logger.exception("The watch failed in one part: it goes on in %.0f s", BEAT_SECONDS)
        else:
            self._database.answered()

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                return await self._stopping.wait()
        except TimeoutError:
            return False
