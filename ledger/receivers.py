"""Receivers: units' endpoints as they fare. One that keeps failing rests, for all workers; one that is gone is left.

The rule is `casework.delivering.rest`; here it is kept, so that every process obeys the same one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession

from casework.delivering import NOT_ASKED, rest
from ledger.access import Endpoint, endpoint_of
from ledger.database import Database
from ledger.hurrying import hurry
from ledger.receiver_alerts import UNREACHABLE, receiver_name, take_back
from ledger.secrets import Keyring
from ledger.tables import EndpointRow

PROBE = timedelta(seconds=15)  # after a rest one goes first; the others keep away for longer than its call may take


@dataclass(frozen=True, slots=True)
class Receiver:
    """A unit's endpoint and how it fares. `as_of`: when it was connected; what is said of an older one is not kept."""

    district: str
    unit: str
    endpoint: Endpoint
    as_of: datetime
    failures: int
    rests_until: datetime | None
    gone: bool

    @property
    def name(self) -> str:
        """The subject of its alerts."""
        return receiver_name(self.district, self.unit)


class Receivers:
    """What tries at an endpoint have taught, kept on its row."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring

    async def of(self, district: str, unit: str) -> Receiver | None:
        """The unit's endpoint, or None while it is not connected."""
        now = await self._database.now()
        async with self._database.read() as session:
            row = await session.get(EndpointRow, (district, unit))
        if row is None:
            return None
        endpoint, gone = endpoint_of(row, self._keyring, now), row.gone_at is not None
        return Receiver(district, unit, endpoint, row.updated_at, row.failures, row.rests_until, gone)

    async def keeps_away(self, receiver: Receiver) -> timedelta | None:
        """How long to send nothing there; None: send now. Of those who come after a rest one is let through."""
        if receiver.rests_until is None:
            return None
        now = await self._database.now()
        if receiver.rests_until > now:
            return receiver.rests_until - now
        probe = (
            update(EndpointRow)
            .where(*_same(receiver), EndpointRow.rests_until == receiver.rests_until)
            .values(rests_until=now + PROBE)
            .returning(EndpointRow.unit)
        )
        async with self._database.write() as session:
            won = (await session.execute(probe)).scalar_one_or_none() is not None
        return None if won else PROBE

    async def answered(self, receiver: Receiver) -> None:
        """It has taken a message: it does not fail any more, and after a rest all that waits for it goes at once."""
        now = await self._database.now()
        async with self._database.write() as session:
            row = await self._locked(session, receiver)
            if row is None:
                return
            rested, row.failures, row.rests_until = row.rests_until is not None, 0, None
            await take_back(session, {UNREACHABLE}, receiver.name, now)
            if rested:
                await hurry(session, receiver.district, receiver.unit, now)

    async def failed(self, receiver: Receiver, asked: timedelta = NOT_ASKED) -> int:
        """It has not: how often in a row by now. It rests by the rule, and at least as long as it has `asked`."""
        now = await self._database.now()
        async with self._database.write() as session:
            row = await self._locked(session, receiver)
            if row is None:
                return 0
            row.failures += 1
            resting = max(rest(row.failures) or NOT_ASKED, asked)
            row.rests_until = now + resting if resting else None
            return row.failures

    async def gone(self, receiver: Receiver) -> None:
        """It will take nothing any more: nothing is sent there until it is connected anew."""
        now = await self._database.now()
        async with self._database.write() as session:
            await session.execute(update(EndpointRow).where(*_same(receiver)).values(gone_at=now))

    async def _locked(self, session: AsyncSession, receiver: Receiver) -> EndpointRow | None:
        row = await session.get(EndpointRow, (receiver.district, receiver.unit), with_for_update=True)
        return row if row is not None and row.updated_at == receiver.as_of else None


def _same(receiver: Receiver) -> tuple[ColumnElement[bool], ...]:
    return (
        EndpointRow.district == receiver.district,
        EndpointRow.unit == receiver.unit,
        EndpointRow.updated_at == receiver.as_of,
    )
