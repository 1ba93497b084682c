"""A migrated ledger on each of the two databases, for every test that asks for `ledger`."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest
from cryptography.fernet import Fernet
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from ledger.database import Database
from ledger.ledger import Ledger
from ledger.migrate import migrate
from ledger.secrets import Keyring
from ledger.tables import Base

POSTGRESQL = os.environ.get("HUIYIN_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")
REQUIRE_ALL = os.environ.get("HUIYIN_REQUIRE_ALL") == "1"
LONG = os.environ.get("HUIYIN_LONG") in ("1", "full")

settings.register_profile(  # a busy machine breaks no law
    "unhurried", settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("unhurried")


ACCEPTANCE = "tests/acceptance"


class ByFile(LoadFileScheduling):
    """Each of several processes takes whole files; one takes all of the acceptance, which shares a running stack."""

    def _split_scope(self, nodeid: str) -> str:
        return ACCEPTANCE if nodeid.startswith(ACCEPTANCE) else super()._split_scope(nodeid)


@pytest.hookimpl(optionalhook=True)  # pytest may be called without pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    return ByFile(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes runs where it is asked for, as in CI."""
    for mark, words in (("long", "takes minutes"), ("slow", "takes a good part of a minute")):
        skip = pytest.mark.skip(reason=f"{words}: set HUIYIN_LONG=1 to run it")
        for item in items:
            if not LONG and item.get_closest_marker(mark):
                item.add_marker(skip)


def missing(what: str) -> None:
    """Skip with a reason; where everything is required, as in CI, fail."""
    if REQUIRE_ALL:
        pytest.fail(f"{what}, and HUIYIN_REQUIRE_ALL=1 asks for all tests")
    pytest.skip(what)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the newest schema and no rows, to be copied."""
    file = tmp_path_factory.mktemp("schema") / "ledger.db"
    asyncio.run(_migrate(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgresql_database() -> Iterator[str]:
    """The async URL of a database of this session's own, with the newest schema; dropped at the end."""
    name = f"huiyin_test_{uuid4().hex[:12]}"
    try:
        asyncio.run(_execute(f'create database "{name}"'))
        asyncio.run(_execute(f'alter database "{name}" set synchronous_commit = off'))  # no test pulls the plug
    except (OSError, asyncpg.PostgresError) as error:
        missing(f"no PostgreSQL answers at {POSTGRESQL} ({error}): start one, or set HUIYIN_TEST_POSTGRESQL")
    url = f"{POSTGRESQL.rpartition('/')[0]}/{name}".replace("postgresql://", "postgresql+asyncpg://")
    asyncio.run(_migrate(url))
    yield url
    asyncio.run(_execute(f'drop database "{name}" with (force)'))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An async URL of an empty ledger, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        file = tmp_path / "ledger.db"
        shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
        return f"sqlite+aiosqlite:///{file}"
    url: str = request.getfixturevalue("postgresql_database")
    asyncio.run(_empty(url))
    return url


@pytest.fixture
async def ledger(ledger_url: str) -> AsyncIterator[Ledger]:
    """An empty, migrated ledger with a key of its own."""
    async with Ledger(ledger_url, Keyring(Fernet.generate_key())) as opened:
        yield opened


async def _migrate(url: str) -> None:
    database = Database(url)
    await migrate(database)
    await database.close()


async def _empty(url: str) -> None:
    database = Database(url)
    async with database.write() as session:  # a truncate would take ten times as long
        for table in reversed(Base.metadata.sorted_tables):
            await session.execute(table.delete())
    await database.close()


async def _execute(statement: str) -> None:
    connection = await asyncpg.connect(POSTGRESQL, timeout=5)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
