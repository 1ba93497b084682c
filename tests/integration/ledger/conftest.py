"""The ledger under test with a policy for two districts."""

import pytest

from ledger.ledger import Ledger
from tests.integration.ledger.made import PLAIN, Made


@pytest.fixture
async def made(ledger: Ledger) -> Made:
    """The ledger with a policy for `pingshan` and `futian`."""
    for district in ("pingshan", "futian"):
        await ledger.policies.pin(district, PLAIN, "file")
    return Made(ledger)
