"""Forgetting: a closed case's people leave the ledger, and its chain stays whole."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from casework.events import Act, Actor, Kind
from ledger.cases import Cases
from ledger.database import Database
from ledger.erasing import ERASED
from ledger.tables import CaseRow, InboxRow, QuarantineRow, VaultKeyRow, VaultRow

PAGE = 200
LOOKS, BETWEEN_LOOKS = 20, 0.5
"""How often, and how many seconds apart, SQLite is asked to empty its log while somebody reads."""
LOCK_SECONDS = 30


class Forgetting:
    """What is forgotten is gone from the rows at once, and after `scrub` from the disk."""

    def __init__(self, database: Database, cases: Cases) -> None:
        self._database, self._cases = database, cases

    async def forget(self, case_no: str, actor: Actor, reason: str) -> bool:
        """Forget the people of a closed case; False if they had been forgotten.

        Raises `NoSuchCase`, and `NotAllowed` for a case that is still open.
        """
        if (await self._cases.load(case_no)).case.forgotten:
            return False
        at = await self._database.now()
        await self._cases.record(case_no, Act(Kind.FORGOTTEN, actor, at, {"reason": reason}))
        return True

    async def closed_before(self, moment: datetime) -> AsyncIterator[str]:
        """The cases that were closed before and are not forgotten yet, in order of number."""
        last = ""
        while True:
            wanted = (
                select(CaseRow.case_no)
                .where(CaseRow.case_no > last, CaseRow.state == "closed", CaseRow.closed_at < moment)
                .where(CaseRow.text != ERASED)
                .order_by(CaseRow.case_no)
                .limit(PAGE)
            )
            async with self._database.read() as session:
                page = list(await session.scalars(wanted))
            for case_no in page:
                yield case_no
            if len(page) < PAGE:
                return
            last = page[-1]

    async def scrub(self) -> bool:
        """Have the database take from its files what has been deleted; False if others were in the way too long."""
        return await (self._empty_log() if self._database.sqlite else self._vacuum())

    async def _empty_log(self) -> bool:
        """Deleted rows are overwritten in SQLite's file (`secure_delete`); its log holds them until it is cut off."""
        async with self._database.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None, "an open connection has its driver's"
            for _ in range(LOOKS):
                busy, *_ = await (await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")).fetchone()
                if not busy:
                    return True
                await asyncio.sleep(BETWEEN_LOOKS)
        return False

    async def _vacuum(self) -> bool:
        """PostgreSQL keeps deleted rows until they are vacuumed. The keys' table is written anew: without its key, what
        may be left of a case's vault is noise.
        """
        engine = self._database.engine.execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            try:
                await connection.execute(text(f"set lock_timeout = '{LOCK_SECONDS}s'"))
                await connection.execute(text(f"vacuum full {VaultKeyRow.__tablename__}"))
                for table in (VaultRow, CaseRow, InboxRow, QuarantineRow):
                    await connection.execute(text(f"vacuum {table.__tablename__}"))
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", "") != LOCK_NOT_AVAILABLE:
                    raise
                return False
            finally:
                await connection.execute(text("reset lock_timeout"))
        return True


LOCK_NOT_AVAILABLE = "55P03"
