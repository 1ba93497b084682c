"""The nightly root: written once a day, and operators are told when its file cannot be."""

from catalog.policy import Grade
from ledger.cases import NewRequest
from ledger.ledger import Ledger
from tasks.daily_root import write_root


async def test_a_root_is_written_once_a_day(ledger: Ledger) -> None:
    new = NewRequest("demo", "SF", "web", "路灯坏了", "help", Grade.C, "2026")
    await ledger.cases.receive(new, await ledger.now())
    await write_root.fn()
    await write_root.fn()
    assert len(await ledger.roots.all()) == 1
    assert ledger.roots.file is not None
    assert len(ledger.roots.file.read_text(encoding="utf-8").splitlines()) == 1
    assert await ledger.alerts.open() == []


async def test_a_file_that_cannot_be_written_is_told_until_it_can(ledger: Ledger) -> None:
    file = ledger.roots.file
    assert file is not None
    file.mkdir(parents=True)
    await write_root.fn()
    (alert,) = await ledger.alerts.open()
    assert (alert.kind, str(file) in alert.words) == ("root_unwritten", True)
    assert len(await ledger.roots.all()) == 1
    file.rmdir()
    await write_root.fn()
    assert await ledger.alerts.open() == []
    assert file.exists()
