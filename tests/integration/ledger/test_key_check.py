"""A ledger and its key: another key, or one newly made, is refused before anything is sealed by it."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import delete, select

from ledger.errors import KeyFileUnusable
from ledger.ledger import Ledger
from ledger.secrets import Keyring
from ledger.tables import MarkRow
from tests.integration.ledger.made import Made

WRONG = "is not the one that this ledger is sealed by"


async def test_the_first_key_is_the_ledgers_for_good(ledger_url: str, tmp_path: Path) -> None:
    path = tmp_path / "home.key"
    for _ in range(2):
        async with Ledger(ledger_url, Keyring.open(path)) as ledger:
            await ledger.check_key()
    path.rename(tmp_path / "safe.key")
    async with Ledger(ledger_url, Keyring.open(path)) as newly:
        with pytest.raises(KeyFileUnusable, match=WRONG):
            await newly.check_key()
    assert not path.exists()  # the key that nothing is sealed by is not left where the right one belongs
    (tmp_path / "safe.key").rename(path)
    async with Ledger(ledger_url, Keyring.open(path)) as ledger:
        await ledger.check_key()


async def test_another_ledgers_key_file_is_refused_and_left_alone(ledger_url: str, tmp_path: Path) -> None:
    async with Ledger(ledger_url, Keyring.open(tmp_path / "right.key")) as ledger:
        await ledger.check_key()
    wrong = tmp_path / "wrong.key"
    Keyring.open(wrong)
    content = wrong.read_bytes()
    async with Ledger(ledger_url, Keyring.open(wrong)) as other:
        with pytest.raises(KeyFileUnusable, match=WRONG):
            await other.check_key()
    assert wrong.read_bytes() == content


async def test_a_ledger_of_an_earlier_release_takes_only_the_key_that_opens_it(made: Made) -> None:
    await made.receive(sealed={"phone": "13812345678"})
    async with made.ledger.database.write() as session:
        await session.execute(delete(MarkRow))
    async with Ledger(made.ledger.database.url, Keyring(Fernet.generate_key())) as stranger:
        with pytest.raises(KeyFileUnusable, match=WRONG):
            await stranger.check_key()
    await made.ledger.check_key()
    async with Ledger(made.ledger.database.url, Keyring(*made.ledger.keyring.masters)) as again:
        await again.check_key()


async def test_the_ledger_keeps_nothing_of_the_key_but_a_fingerprint(made: Made) -> None:
    await made.ledger.check_key()
    async with made.ledger.database.read() as session:
        marks = list(await session.scalars(select(MarkRow.value)))
    assert marks == list(made.ledger.keyring.fingerprints())
    assert len(marks[0]) == 16
