"""Daily roots: one a day, each after the one before, in the ledger and in the file, whatever crashes in between."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.events import Kind
from ledger import root_file
from ledger.chain import GENESIS
from ledger.ledger import Ledger
from ledger.root_file import Head
from ledger.roots import BEGINNING, LAG, heads_of, root_over
from ledger.secrets import Keyring
from tests.integration.ledger.made import Made

MONDAY = datetime(2026, 11, 23, 4, tzinfo=UTC)


class Clock:
    """The database's clock, put where a test wants it."""

    def __init__(self) -> None:
        self.at = MONDAY

    async def now(self) -> datetime:
        return self.at


@pytest.fixture
async def ledger(ledger_url: str, tmp_path: Path) -> AsyncIterator[Ledger]:
    async with Ledger(ledger_url, Keyring(Keyring.open(tmp_path / "k").masters[0]), tmp_path / "roots.jsonl") as opened:
        yield opened


@pytest.fixture
def clock(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(ledger.database, "now", made.now)
    return made


async def test_a_root_covers_what_grew_since_the_one_before(made: Made, clock: Clock) -> None:
    one, other = await made.assigned(), await made.receive()
    clock.at += timedelta(hours=1)
    first = await made.ledger.roots.write_due()
    assert first is not None
    assert (first.day, first.since, first.until, first.cases) == ("2026-11-23", BEGINNING, clock.at - LAG, 2)
    assert first.previous == GENESIS
    heads = [Head(case_no, (row := await made.row(case_no)).seq, row.head) for case_no in sorted((one, other))]
    assert first.root == root_over(GENESIS, first.since, first.until, heads)

    await made.unit(one, Kind.PROGRESS, note="到场")
    clock.at += timedelta(days=1)
    second = await made.ledger.roots.write_due()
    assert second is not None
    assert (second.since, second.previous, second.cases) == (first.until, first.root, 1)


async def test_there_is_one_root_a_day_and_it_leaves_the_last_minutes_out(made: Made, clock: Clock) -> None:
    await made.receive()
    assert (await made.ledger.roots.write_due()).cases == 0  # type: ignore[union-attr]
    assert await made.ledger.roots.write_due() is None
    clock.at += timedelta(hours=3)
    assert await made.ledger.roots.write_due() is None
    clock.at = datetime(2026, 11, 23, 16, 2, tzinfo=UTC)  # two minutes past midnight in Shanghai
    assert await made.ledger.roots.write_due() is None
    clock.at += LAG
    assert (await made.ledger.roots.write_due()).cases == 1  # type: ignore[union-attr]
    assert [row.day for row in await made.ledger.roots.all()] == ["2026-11-23", "2026-11-24"]


async def test_the_file_has_each_root_with_its_heads_and_proves_itself(made: Made, clock: Clock) -> None:
    case_no = await made.assigned()
    for _ in range(3):
        clock.at += timedelta(days=1)
        await made.ledger.roots.write_due()
    assert made.ledger.roots.file is not None
    lines = root_file.read(made.ledger.roots.file).lines
    assert [line.root for line in lines] == [row.root for row in await made.ledger.roots.all()]
    assert [line.root for line in lines] == [root_over(x.previous, x.since, x.until, x.heads) for x in lines]
    assert [[head.case_no for head in line.heads] for line in lines] == [[case_no], [], []]


async def test_a_root_that_a_crash_kept_from_the_file_is_written_the_next_time(
    made: Made, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left on device")

    await made.assigned()
    for broken in (False, True, True, False):
        clock.at += timedelta(days=1)
        with monkeypatch.context() as patched:
            if broken:
                patched.setattr("ledger.root_file.append", full)
                with pytest.raises(OSError, match="no space"):
                    await made.ledger.roots.write_due()
            else:
                await made.ledger.roots.write_due()
    assert made.ledger.roots.file is not None
    rows = await made.ledger.roots.all()
    assert [line.root for line in root_file.read(made.ledger.roots.file).lines] == [row.root for row in rows]
    assert len(rows) == 4


async def test_a_file_that_was_lost_is_not_quietly_made_anew(made: Made, clock: Clock) -> None:
    for _ in range(2):
        clock.at += timedelta(days=1)
        await made.ledger.roots.write_due()
    assert made.ledger.roots.file is not None
    made.ledger.roots.file.unlink()
    clock.at += timedelta(days=1)
    await made.ledger.roots.write_due()
    assert not made.ledger.roots.file.exists()
    assert await made.ledger.roots.restore_file() == 3
    rows = await made.ledger.roots.all()
    assert [line.root for line in root_file.read(made.ledger.roots.file).lines] == [row.root for row in rows]


async def test_the_heads_of_a_day_stay_what_they_were_however_the_cases_go_on(made: Made, clock: Clock) -> None:
    case_no = await made.assigned()
    clock.at += timedelta(days=1)
    root = await made.ledger.roots.write_due()
    assert root is not None
    await made.unit(case_no, Kind.PROGRESS, note="到场")
    async with made.ledger.database.read() as session:
        heads = await heads_of(session, root.since, root.until)
    assert root_over(root.previous, root.since, root.until, heads) == root.root
