"""Migrating from nothing, again, and from two processes at once, on both databases."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from ledger.database import Database
from ledger.migrate import configuration, migrate
from ledger.tables import Base

MIGRATE = """
import asyncio, sys
from ledger.database import Database
from ledger.migrate import migrate

async def main():
    database = Database(sys.argv[1])
    await migrate(database)
    await database.close()

print("ready", flush=True)
sys.stdin.readline()
asyncio.run(main())
"""
ROOT = Path(__file__).parents[3]


def schema(connection: Connection) -> dict[str, object]:
    """Everything an inspector sees of each table."""
    seen = inspect(connection)
    return {
        table: (
            [(column["name"], str(column["type"]), column["nullable"]) for column in seen.get_columns(table)],
            seen.get_pk_constraint(table),
            seen.get_foreign_keys(table),
            [_comparable(index) for index in seen.get_indexes(table)],
            seen.get_unique_constraints(table),
        )
        for table in sorted(seen.get_table_names())
    }


def _comparable(index: Mapping[str, Any]) -> dict[str, Any]:
    """An index whose condition, if it has one, is text: SQLAlchemy compares clauses by identity."""
    return {**index, "dialect_options": {name: str(value) for name, value in index["dialect_options"].items()}}


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, Base.metadata))


def revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


async def looked(database: Database) -> tuple[dict[str, object], list[object], str | None]:
    async with database.engine.connect() as connection:
        return (
            await connection.run_sync(schema),
            await connection.run_sync(differences),
            await connection.run_sync(revision),
        )


async def test_from_nothing_to_the_tables_and_no_further(bare: str) -> None:
    database = Database(bare)
    before, _, none = await looked(database)
    assert (before, none) == ({}, None)
    await migrate(database)
    first = await looked(database)
    assert set(first[0]) == {table.name for table in Base.metadata.sorted_tables} | {"alembic_version"}
    assert first[1] == []
    assert first[2] == ScriptDirectory.from_config(configuration()).get_current_head()
    await migrate(database)
    assert await looked(database) == first
    await database.close()


async def test_two_processes_migrate_at_once(bare: str) -> None:
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", MIGRATE, bare),
            cwd=ROOT,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for process in processes:  # both have read their code and wait
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    said = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [process.returncode for process in processes] == [0, 0], said
    database = Database(bare)
    _, left, at = await looked(database)
    await database.close()
    assert left == []
    assert at == ScriptDirectory.from_config(configuration()).get_current_head()
