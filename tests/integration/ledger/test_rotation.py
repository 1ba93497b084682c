"""Rotation: a new key while others work, a crash at any moment, and the end of the old key."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import select, update

from casework.events import Kind
from ledger.errors import KeyFileUnusable
from ledger.key_check import IN_USE, SEALED, tokens
from ledger.ledger import Ledger
from ledger.links import CITIZEN_LIFE, Links
from ledger.rotation import RotatedJustNow
from ledger.secrets import Keyring
from ledger.tables import MarkRow
from tests.integration.ledger.made import Made

PHONE = "13812345678"


@pytest.fixture
async def ledger(ledger_url: str, tmp_path: Path) -> AsyncIterator[Ledger]:
    """A ledger whose key is in a file."""
    async with Ledger(ledger_url, Keyring.open(tmp_path / "home.key")) as opened:
        await opened.check_key()
        yield opened


@pytest.fixture
async def elsewhere(ledger: Ledger, ledger_url: str) -> AsyncIterator[Ledger]:
    """Another process at the same ledger, which read the key file before."""
    assert ledger.keyring.path is not None
    async with Ledger(ledger_url, Keyring.open(ledger.keyring.path)) as opened:
        yield opened


async def furnished(made: Made) -> str:
    """A ledger in which a master key has sealed one thing of every kind."""
    case_no = await made.receive(sealed={"phone": PHONE})
    for _ in range(2):
        await made.ledger.access.connect("pingshan", "cg", "https://unit.example.org/")
    await made.ledger.access.channel_key("pingshan", "app")
    await made.ledger.quarantine.put("pingshan", "f.csv", 2, "空", "{}")
    return case_no


async def sealed_by(ledger: Ledger, master: bytes) -> list[bool]:
    """Of everything that is sealed, whether this key alone opens it."""
    alone, told = Keyring(master), []
    async with ledger.database.read() as session:
        for table, columns in SEALED:
            for row in await session.scalars(select(table)):
                told += [_opens(alone, token) for token in tokens(row, columns)]
    return told


def _opens(ring: Keyring, token: bytes) -> bool:
    try:
        ring.open_sealed(token)
    except InvalidToken:
        return False
    return True


async def settled(ledger: Ledger, ago: timedelta = timedelta(hours=1)) -> None:
    """As if the rotation had been so long ago."""
    at = await ledger.now() - ago
    async with ledger.database.write() as session:
        await session.execute(update(MarkRow).where(MarkRow.name.like("key.replaced.%")).values(at=at))


async def test_everything_is_sealed_anew_and_still_opens(made: Made) -> None:
    case_no = await furnished(made)
    secrets = (await made.ledger.access.endpoint("pingshan", "cg")).secrets  # type: ignore[union-attr]
    (old,) = made.ledger.keyring.masters
    done = await made.ledger.rotation.rotate()
    new = made.ledger.keyring.masters[0]
    assert done.resealed == 5
    assert await sealed_by(made.ledger, new) == [True] * 5
    assert await sealed_by(made.ledger, old) == [False] * 5
    async with made.ledger.database.read() as session:
        assert await made.ledger.vault.take(session, case_no, "phone") == {"phone": PHONE}
    assert (await made.ledger.access.endpoint("pingshan", "cg")).secrets == secrets  # type: ignore[union-attr]
    assert await made.ledger.marks.get(IN_USE) == done.newest


async def test_another_process_goes_on_through_the_rotation(made: Made, elsewhere: Ledger) -> None:
    case_no = await furnished(made)
    link = Links(elsewhere.keyring, "").citizen(case_no)
    await made.ledger.rotation.rotate()
    other = Made(elsewhere)
    async with elsewhere.database.read() as session:
        assert await elsewhere.vault.take(session, case_no, "phone") == {"phone": PHONE}
    await other.act(case_no, Kind.ASSIGNED, unit="cg", item="SZ-0101", grade="C")
    await other.unit(case_no, Kind.PROGRESS, note=f"已打{PHONE}")
    await other.receive(sealed={"phone": PHONE})
    assert all(await sealed_by(made.ledger, made.ledger.keyring.masters[0]))
    assert Links(made.ledger.keyring, "").read_citizen(link.split("/")[2], await made.ledger.now()) == case_no


async def test_requests_that_come_during_the_rotation_are_none_the_worse(made: Made, elsewhere: Ledger) -> None:
    async def received() -> list[str]:
        return [await Made(elsewhere).receive(sealed={"phone": PHONE}) for _ in range(20)]

    cases, *_ = await asyncio.gather(received(), made.ledger.rotation.rotate(), made.ledger.rotation.rotate())
    await settled(made.ledger)
    await made.ledger.rotation.retire(links_too=True)
    assert all(await sealed_by(made.ledger, made.ledger.keyring.masters[0]))
    async with made.ledger.database.read() as session:
        for case_no in cases:
            assert await made.ledger.vault.take(session, case_no, "phone") == {"phone": PHONE}


async def test_what_a_crash_has_left_half_done_is_finished_by_the_next_run(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    await furnished(made)
    before = await made.ledger.marks.get(IN_USE)

    async def crash(*_: object) -> int:
        raise OSError("no more")

    with monkeypatch.context() as broken:
        broken.setattr("ledger.rotation.Rotation._reseal_table", crash)
        with pytest.raises(OSError, match="no more"):
            await made.ledger.rotation.rotate()
    masters = made.ledger.keyring.masters
    assert len(masters) == 2
    assert await made.ledger.marks.get(IN_USE) == before
    async with Ledger(made.ledger.database.url, Keyring(*masters)) as again:
        await again.check_key()  # what is half done is no other key
    done = await made.ledger.rotation.rotate()
    assert made.ledger.keyring.masters == masters
    assert done.resealed == 5
    assert await sealed_by(made.ledger, masters[0]) == [True] * 5


async def test_batches_cover_every_row(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.rotation.BATCH", 3)
    for _ in range(7):
        await made.receive()
    assert (await made.ledger.rotation.rotate()).resealed == 7
    assert all(await sealed_by(made.ledger, made.ledger.keyring.masters[0]))


async def test_an_old_key_is_dropped_once_nothing_needs_it(made: Made) -> None:
    case_no = await furnished(made)
    (old,) = made.ledger.keyring.masters
    link = Links(made.ledger.keyring, "").citizen(case_no, await made.ledger.now() + CITIZEN_LIFE).split("/")[2]
    await made.ledger.rotation.rotate()
    with pytest.raises(RotatedJustNow, match="run this again in"):
        await made.ledger.rotation.retire()
    await settled(made.ledger)
    kept = await made.ledger.rotation.retire()
    assert (kept.dropped, list(kept.kept)) == ((), list(Keyring(old).fingerprints()))
    assert Links(made.ledger.keyring, "").read_citizen(link, await made.ledger.now()) == case_no
    await settled(made.ledger, CITIZEN_LIFE + timedelta(hours=1))
    done = await made.ledger.rotation.retire()
    assert (done.dropped, done.kept) == (Keyring(old).fingerprints(), {})
    assert len(made.ledger.keyring.masters) == 1
    assert made.ledger.keyring.path is not None
    assert Keyring.open(made.ledger.keyring.path).masters == made.ledger.keyring.masters
    async with made.ledger.database.read() as session:
        assert await made.ledger.vault.take(session, case_no, "phone") == {"phone": PHONE}
        assert list(await session.scalars(select(MarkRow.name).where(MarkRow.name.like("key.%")))) == [IN_USE]


async def test_an_old_key_can_be_dropped_with_the_links_that_it_signed(made: Made) -> None:
    await furnished(made)
    await made.ledger.rotation.rotate()
    await settled(made.ledger)
    assert len((await made.ledger.rotation.retire(links_too=True)).dropped) == 1
    assert (await made.ledger.rotation.retire()).dropped == ()


async def test_what_was_sealed_late_by_the_old_key_is_sealed_anew_before_it_is_dropped(made: Made) -> None:
    (old,) = made.ledger.keyring.masters
    await made.ledger.rotation.rotate()
    async with Ledger(made.ledger.database.url, Keyring(old)) as late:
        case_no = await Made(late).receive(sealed={"phone": PHONE})
    await settled(made.ledger)
    done = await made.ledger.rotation.retire(links_too=True)
    assert (done.resealed, len(done.dropped)) == (1, 1)
    async with made.ledger.database.read() as session:
        assert await made.ledger.vault.take(session, case_no, "phone") == {"phone": PHONE}


async def test_what_no_key_opens_is_told_and_no_key_is_dropped(made: Made) -> None:
    async with Ledger(made.ledger.database.url, Keyring(Fernet.generate_key())) as stranger:
        await Made(stranger).receive()
    with pytest.raises(KeyFileUnusable, match="vault_keys was sealed by a key that is not in"):
        await made.ledger.rotation.rotate()
    await settled(made.ledger)
    with pytest.raises(KeyFileUnusable, match="put that key back"):
        await made.ledger.rotation.retire(links_too=True)
    assert len(made.ledger.keyring.masters) == 2
