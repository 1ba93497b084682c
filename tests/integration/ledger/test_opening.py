"""Opening the ledger of a home folder."""

from pathlib import Path

import pytest

from ledger.errors import KeyFileUnusable
from ledger.ledger import Ledger
from ledger.migrate import migrate
from ledger.settings import Settings


async def test_a_ledger_whose_key_is_missing_is_not_opened_with_a_new_one(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    async with Ledger.of(settings) as ledger:
        await migrate(ledger.database)
    async with Ledger.of(settings):
        pass
    settings.master_key_file.rename(tmp_path / "safe")
    with pytest.raises(KeyFileUnusable, match="put the key file back"):
        Ledger.of(settings)
    assert not settings.master_key_file.exists()
