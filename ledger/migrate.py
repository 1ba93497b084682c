"""Brings the ledger's schema to the newest revision."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

from ledger.database import Database

MIGRATIONS = Path(__file__).parent / "migrations"


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def sync_url(url: str) -> str:
    """The URL for Alembic's own command line, which is not asynchronous (SQLite only)."""
    return url.replace("sqlite+aiosqlite", "sqlite")


async def migrate(database: Database) -> None:
    """Upgrade; nothing happens when the schema is the newest. Safe to call from several processes at once."""

    def upgrade(connection: Connection) -> None:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("select pg_advisory_xact_lock(20260101)")
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    async with database.engine.begin() as connection:
        await connection.run_sync(upgrade)
