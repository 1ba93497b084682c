"""The waker: each second, or when poked, it looks for cases whose alarm has rung and wakes their runs."""

import asyncio
import logging
import time
from collections import deque

from sqlalchemy.exc import SQLAlchemyError

from engine.prefect_door import CallRefused, DeploymentMissing, PrefectAway, PrefectBusy, PrefectDoor
from engine.waking import alarms_of, wake_case
from gateway.meters import Meters
from gateway.outage import Outage
from ledger.alarms import WAKING, Alarms, Ringing
from ledger.ledger import Ledger

LOOK_SECONDS = 1.0
IN_FLIGHT = 12
"""Woken and not yet claimed: more would only queue before the worker, in the order of their wake, not of urgency."""
IN_VAIN = 6
"""Woken and not claimed in time: as many are looked at again in a look, beside those that ring for the first time."""
HANDS = 2
"""Calls at a time: Prefect on SQLite does 17 wakes/s with one, 22 with two, 14 with four, and locks up with eight."""
SHELVED_SECONDS = 15.0

logger = logging.getLogger("huiyin.waker")


class Waker:
    """`run` until `stop`. Nothing is lost by a failure: an alarm rings until a run has claimed its case."""

    def __init__(self, ledger: Ledger, door: PrefectDoor, meters: Meters) -> None:
        self._ledger, self._door, self._meters = ledger, door, meters
        self._poked, self._stopping = asyncio.Event(), asyncio.Event()
        self._prefect = Outage(logger, "Prefect", "requests are received and their runs start when it is back")
        self._database = Outage(logger, "The ledger's database", "trying until it does")
        self._shelved: dict[str, float] = {}  # districts without a deployment, until when they are left alone
        self._queued: dict[str, float] = {}  # cases whose runs stand in a queue, until when they are left there

    def poke(self) -> None:
        """Something has been recorded: look now."""
        self._poked.set()

    def stop(self) -> None:
        """Finish the present look and end `run`."""
        self._stopping.set()
        self._poked.set()

    async def run(self) -> None:
        while not self._stopping.is_set():
            self._poked.clear()
            await self._rest(await self._round())

    async def _round(self) -> float:
        """One look; answers how many seconds to rest."""
        try:
            if self._prefect.lasting and not await self._door.reachable():
                return self._prefect.failed(PrefectAway("no answer"))
            self._prefect.answered()
            await self.look()
            self._database.answered()
        except PrefectAway as away:
            return self._prefect.failed(away)
        except (SQLAlchemyError, OSError) as error:
            return self._database.failed(error)
        except Exception:  # a fault of ours in one look must not end all waking
            logger.exception("A look at the alarms failed: the next is in %.0f s", LOOK_SECONDS)
        return LOOK_SECONDS

    async def _rest(self, seconds: float) -> None:
        """A poke cuts the rest short, except while something does not answer."""
        awaited = self._stopping if self._prefect.lasting or self._database.lasting else self._poked
        try:
            async with asyncio.timeout(seconds):
                await awaited.wait()
        except TimeoutError:
            pass

    async def look(self) -> None:
        """Wake what rings, most urgent first, as far as there is room. Raises `PrefectAway`."""
        now = time.monotonic()
        shelved = [district for district, until in self._shelved.items() if until > now]
        ringing = deque(await self._fresh(now, shelved))
        for alarms in self._all_alarms:
            ringing.extend(await alarms.ringing(IN_VAIN, but=shelved, again=True))
        hands = [self._hand(ringing) for _ in range(min(HANDS, len(ringing)))]
        for ended in await asyncio.gather(*hands, return_exceptions=True):
            if isinstance(ended, BaseException):
                raise ended

    async def _fresh(self, now: float, shelved: list[str]) -> list[Ringing]:
        """What rings for the first time, as far as there is room. What stands in a queue, which may be paused, takes up
        none: it would keep the others from being woken.
        """
        self._queued = {key: until for key, until in self._queued.items() if until > now}
        waking = sum([await alarms.waking() for alarms in self._all_alarms])
        room = min(IN_FLIGHT - waking + len(self._queued), IN_FLIGHT)
        fresh: list[Ringing] = []
        for alarms in self._all_alarms:
            fresh += await alarms.ringing(room - len(fresh), but=shelved, again=False) if room > len(fresh) else []
        return fresh

    @property
    def _all_alarms(self) -> tuple[Alarms, Alarms]:
        """Requests go before what has come of them: each request's first feedback waits for its wake."""
        return (self._ledger.alarms, self._ledger.child_alarms)

    async def _hand(self, ringing: deque[Ringing]) -> None:
        while ringing:
            try:
                await self._wake(ringing.popleft())
            except PrefectAway:
                ringing.clear()
                raise

    async def _wake(self, ringing: Ringing) -> None:
        if not await alarms_of(self._ledger, ringing).win(ringing.key):
            return
        try:
            outcome = await wake_case(self._ledger, self._door, ringing)
        except PrefectAway:
            await self._failed(ringing, "away")
            raise
        except PrefectBusy as busy:
            logger.info("%s waits: %s", ringing.key, busy)
            await self._failed(ringing, "busy")
        except DeploymentMissing as missing:
            self._shelve(ringing.district, missing)
            await self._failed(ringing, "no_deployment")
        except CallRefused as refused:  # tried again when the right to wake it expires
            logger.error("%s", refused)  # noqa: TRY400  the sentence is all there is to know
            self._meters.wakes.labels("refused").inc()
        else:
            await self._done(ringing, outcome)

    async def _done(self, ringing: Ringing, outcome: str) -> None:
        self._meters.wakes.labels(outcome).inc()
        self._shelved.pop(ringing.district, None)
        if outcome == "on_its_way":
            self._queued[ringing.key] = time.monotonic() + WAKING.total_seconds()
        else:
            late = await self._ledger.now() - ringing.alarm_at
            self._meters.wake_latency.observe(max(late.total_seconds(), 0.0))

    async def _failed(self, ringing: Ringing, outcome: str) -> None:
        self._meters.wakes.labels(outcome).inc()
        await alarms_of(self._ledger, ringing).let_go(ringing.key)

    def _shelve(self, district: str, missing: DeploymentMissing) -> None:
        if district not in self._shelved:
            logger.error("%s; its cases wait until then", missing)
        self._shelved[district] = time.monotonic() + SHELVED_SECONDS
