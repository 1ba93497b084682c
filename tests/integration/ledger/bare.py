"""Databases in which there is nothing yet, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from tests.conftest import POSTGRESQL, missing

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)]


@contextmanager
def bare_database(kind: str, folder: Path) -> Iterator[str]:
    """The async URL of a new database: a file in `folder`, or one on the test server, which is dropped afterwards."""
    if kind == "sqlite":
        yield f"sqlite+aiosqlite:///{folder / 'ledger.db'}"
        return
    name = f"huiyin_test_{uuid4().hex[:12]}"
    try:
        asyncio.run(_on_server(f'create database "{name}"'))
    except (OSError, asyncpg.PostgresError) as error:
        missing(f"no PostgreSQL answers at {POSTGRESQL} ({error}): start one, or set HUIYIN_TEST_POSTGRESQL")
    try:
        yield f"{POSTGRESQL.rpartition('/')[0]}/{name}".replace("postgresql://", "postgresql+asyncpg://")
    finally:
        asyncio.run(_on_server(f'drop database "{name}" with (force)'))


async def _on_server(statement: str) -> None:
    connection = await asyncpg.connect(POSTGRESQL, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
