"""The engine and its transactions, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from tenacity import Retrying, retry_if_exception_message, stop_after_delay, wait_random

from ledger.machine_clock import Offset, machine_clock

BUSY_SECONDS = 60


class Database:
    """Short transactions and one clock. A writer takes its lock at the start, so nobody fails on an upgrade."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.machine_clock = machine_clock
        self.offset: Offset | None = None  # as last measured; None on SQLite, whose clock is this machine's
        self.sqlite = url.startswith("sqlite")
        more: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}} if self.sqlite else {"pool_pre_ping": True}
        # An error's message must not carry a row's words into a log.
        self.engine = create_async_engine(url, pool_size=8, max_overflow=8, hide_parameters=True, **more)
        if self.sqlite:
            event.listen(self.engine.sync_engine, "connect", _prepare)
            event.listen(self.engine.sync_engine, "begin", _begin)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncSession]:
        """A transaction that writes: committed at the end, undone by an exception."""
        async with AsyncSession(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncSession]:
        """A transaction that only reads, blocks no writer, and sees one moment whatever is written meanwhile."""
        snapshot: dict[str, Any] = {} if self.sqlite else {"isolation_level": "REPEATABLE READ"}
        async with AsyncSession(self.engine, expire_on_commit=False) as session:
            await session.connection(execution_options={"read_only": True, **snapshot})
            yield session

    async def now(self, session: AsyncSession | None = None) -> datetime:
        """The database's clock (SQLite has none but this machine's), asked through `session` where one is open.

        Each asking measures how far this machine's clock is off.
        """
        if self.sqlite:
            return self.machine_clock()
        if session is not None:
            return await self._asked(await session.connection())
        async with self.engine.connect() as connection:
            return await self._asked(connection)

    async def _asked(self, connection: AsyncConnection) -> datetime:
        before = self.machine_clock()
        at: datetime = (await connection.execute(text("select clock_timestamp()"))).scalar_one()
        self.offset = Offset.measured(before, at, self.machine_clock())
        return at.astimezone(UTC)

    async def close(self) -> None:
        await self.engine.dispose()


# A file's first change to WAL wants it alone, and SQLite does not wait for that as it waits for any other lock.
_patiently = Retrying(
    retry=retry_if_exception_message(match="database is locked"),
    wait=wait_random(0.01, 0.1),
    stop=stop_after_delay(BUSY_SECONDS),
    reraise=True,
)


def _prepare(connection: Any, record: object) -> None:
    connection.isolation_level = None  # transactions are begun below, not by the driver
    cursor = connection.cursor()
    # secure_delete: what is deleted is overwritten in the file, so that who is forgotten cannot be read there.
    _patiently(cursor.execute, "PRAGMA journal_mode=WAL")
    for pragma in ("synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    read_only = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
