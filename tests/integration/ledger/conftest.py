"""The ledger under test with a policy for two districts; databases in which there is nothing; frozen ledgers."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.ledger import Ledger
from tests.fixtures.ledgers.frozen import Frozen
from tests.fixtures.ledgers.make import FOLDER, freeze
from tests.integration.ledger.bare import BOTH, bare_database
from tests.integration.ledger.made import PLAIN, Made

RELEASED = sorted(found.parent.name for found in FOLDER.glob("*/manifest.json"))
TODAY = "today"


@pytest.fixture
async def made(ledger: Ledger) -> Made:
    """The ledger with a policy for `pingshan` and `futian`."""
    for district in ("pingshan", "futian"):
        await ledger.policies.pin(district, PLAIN, "file")
    return Made(ledger)


@pytest.fixture(params=BOTH)
def bare(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database in which there is nothing."""
    with bare_database(request.param, tmp_path) as url:
        yield url


@pytest.fixture(scope="session")
def frozen_today(tmp_path_factory: pytest.TempPathFactory) -> Frozen:
    """A ledger frozen by the code under test."""
    folder = tmp_path_factory.mktemp(TODAY)
    asyncio.run(freeze(folder))
    return Frozen(folder)


@pytest.fixture(scope="module", params=RELEASED)
def released(request: pytest.FixtureRequest) -> Frozen:
    """Each release's ledger as it was frozen."""
    return Frozen(FOLDER / request.param)


@pytest.fixture(scope="module", params=[*RELEASED, pytest.param(TODAY, marks=pytest.mark.slow)])
def frozen(request: pytest.FixtureRequest) -> Frozen:
    """Each release's ledger as it was frozen, and today's."""
    if request.param != TODAY:
        return Frozen(FOLDER / request.param)
    today: Frozen = request.getfixturevalue("frozen_today")
    return today
