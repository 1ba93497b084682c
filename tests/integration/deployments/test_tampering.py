"""`huiyin verify` against whoever writes to the ledger behind its back: each thing is found, and named."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import delete, select, text, update

from casework.events import Actor, Kind, Role
from deployments.verification import Verification
from ledger import root_file
from ledger.chain import GENESIS, row_hash
from ledger.ledger import Ledger
from ledger.secrets import Keyring
from ledger.tables import CaseRow, EventRow, RootRow, VaultKeyRow, VaultRow
from tests.integration.ledger.made import PLAIN, Made

CITIZEN, ADMIN = Actor(Role.CITIZEN), Actor(Role.ADMIN, "cli")


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.verification.BETWEEN_LOOKS", 0.01)


@pytest.fixture
async def ledger(ledger_url: str, tmp_path: Path) -> AsyncIterator[Ledger]:
    async with Ledger(ledger_url, Keyring(Fernet.generate_key()), tmp_path / "roots.jsonl") as opened:
        await opened.policies.pin("pingshan", PLAIN, "file")
        yield opened


@pytest.fixture
def made(ledger: Ledger) -> Made:
    return Made(ledger)


async def faults(made: Made) -> dict[str, list[str]]:
    return (await Verification(made.ledger).report()).faults


async def changed(made: Made, *statements: object) -> None:
    async with made.ledger.database.write() as session:
        for statement in statements:
            await session.execute(statement)  # type: ignore[call-overload]


async def personal(made: Made) -> str:
    """A case with something sealed at receipt and in an event."""
    case_no = await made.assigned(text="电话13812345678", sealed={"phone": "13812345678", "name": "张伟"})
    await made.unit(case_no, Kind.COMPLETED, result="已告知张伟", evidence=[])
    return case_no


async def with_a_root(made: Made, monkeypatch: pytest.MonkeyPatch, days: int = 1) -> tuple[str, str]:
    """Two cases covered by as many roots; each day something is added to the first."""
    one, other = await personal(made), await personal(made)
    now = made.ledger.database.now
    for day in range(1, days + 1):
        at = await now() + timedelta(days=day)

        async def then(at: object = at) -> object:
            return at

        with monkeypatch.context() as patched:
            patched.setattr(made.ledger.database, "now", then)
            assert await made.ledger.roots.write_due()
            if day < days:
                await made.act(one, Kind.ASKED) if day == 1 else await made.receive()
    assert await faults(made) == {}
    return one, other


async def rechained(made: Made, case_no: str) -> None:
    """Give the case's events, as they are now, hashes that fit, and its row their last one."""
    async with made.ledger.database.write() as session:
        previous = GENESIS
        for row in await session.scalars(select(EventRow).where(EventRow.case_no == case_no).order_by(EventRow.seq)):
            row.prev_hash, row.hash = previous, row_hash(row, previous)
            previous = row.hash
        await session.execute(update(CaseRow).where(CaseRow.case_no == case_no).values(head=previous))


async def test_a_sealed_ledger_is_clean_before_and_after_forgetting(made: Made) -> None:
    case_no = await personal(made)
    assert await faults(made) == {}
    await made.act(case_no, Kind.EVALUATED, CITIZEN, solved=True, satisfaction=5, comment="我叫张伟，谢谢")
    await made.ledger.forgetting.forget(case_no, ADMIN, "本人要求")
    assert await faults(made) == {}


async def test_a_changed_text_is_found(made: Made) -> None:
    case_no = await personal(made)
    await changed(made, update(CaseRow).values(text="一切都好"))
    assert await faults(made) == {case_no: [f"{case_no}：诉求内容被改过，与收到时的承诺不符"]}


@pytest.mark.parametrize(("field", "name"), [("phone", "phone"), ("3.result", "3.result")])
async def test_what_was_done_to_the_vault_is_found(made: Made, field: str, name: str) -> None:
    case_no = await personal(made)
    this = VaultRow.field == field
    async with made.ledger.database.read() as session:
        key = await made.ledger.vault.key(session, case_no)
    assert key is not None
    await changed(made, update(VaultRow).where(this).values(sealed=key.seal("13900000000")))
    assert await faults(made) == {case_no: [f"{case_no}：封存的“{name}”被改过，与事件中的承诺不符"]}
    await changed(made, update(VaultRow).where(this).values(sealed=b"junk"))
    assert await faults(made) == {case_no: [f"{case_no}：封存的“{name}”被改过，与事件中的承诺不符"]}
    await changed(made, delete(VaultRow).where(this))
    assert await faults(made) == {case_no: [f"{case_no}：封存的内容少了“{name}”"]}


async def test_something_slipped_into_the_vault_is_found(made: Made) -> None:
    case_no = await personal(made)
    async with made.ledger.database.write() as session:
        await made.ledger.vault.put(session, case_no, {"fax": "84612345"})
    assert await faults(made) == {case_no: [f"{case_no}：封存的内容多出“fax”，没有事件提到它"]}


async def test_a_dropped_or_foreign_key_is_found(made: Made) -> None:
    case_no = await personal(made)
    await changed(made, update(VaultKeyRow).values(wrapped=Keyring(Fernet.generate_key()).seal(b"x")))
    assert "不是由现有密钥文件封存的" in (await faults(made))[case_no][0]
    await changed(made, delete(VaultKeyRow))
    assert await faults(made) == {
        case_no: [f"{case_no}：它的密钥不见了，封存的内容再也打不开，而台账没有清除个人信息的记录"]
    }


async def test_what_is_left_of_a_forgotten_person_is_found(made: Made) -> None:
    case_no = await personal(made)
    await made.act(case_no, Kind.EVALUATED, CITIZEN, solved=True, satisfaction=5)
    await made.ledger.forgetting.forget(case_no, ADMIN, "本人要求")
    await changed(made, update(CaseRow).values(text="张伟的事"))
    assert "实际还有残留" in (await faults(made))[case_no][0]


async def test_a_case_of_an_earlier_release_commits_to_nothing_and_is_sound(made: Made) -> None:
    case_no = await made.receive(sealed={"phone": "13812345678"})
    async with made.ledger.database.write() as session:
        row = await session.get(EventRow, (case_no, 1))
        assert row is not None
        row.data = row.data[: row.data.index('"commitments"')] + row.data[row.data.index('"community"') :]
    await rechained(made, case_no)
    await made.act(case_no, Kind.ASSIGNED, unit="cg", item="SZ-0101", grade="C")
    assert await faults(made) == {}


async def test_a_chain_rewritten_with_hashes_that_fit_is_found_by_its_root(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim, _ = await with_a_root(made, monkeypatch)
    changes = update(EventRow).where(EventRow.case_no == victim, EventRow.seq == 3)
    await changed(made, changes.values(actor="unit:sw"))
    await rechained(made, victim)
    async with made.ledger.database.read() as session:
        day = await session.scalar(select(RootRow.day))
    told = f"{victim}：{day} 落根之后，此前的事件链（至第 3 个）被整个改写或截短"
    assert (await faults(made))["roots"] == [told]
    assert made.ledger.roots.file is not None
    made.ledger.roots.file.unlink()  # without the file it is still found, though nobody knows which
    assert f"{day} 的日根与台账不符" in (await faults(made))["roots"][-1]


async def test_a_case_taken_away_is_found_by_its_root(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = await with_a_root(made, monkeypatch)
    for table in ("events", "deliveries", "vault", "vault_keys", "inbox", "unmaskings", "cases"):
        await changed(made, text(f"delete from {table} where case_no = '{one}'"))
    (told,) = (await faults(made))["roots"]
    assert told.startswith(f"{one}：")
    assert "如今台账里没有了" in told
    assert other not in told


async def test_an_event_slipped_into_a_past_day_is_found(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    await with_a_root(made, monkeypatch)
    added = await made.receive()
    await changed(made, update(EventRow).where(EventRow.case_no == added).values(recorded_at=await made.ledger.now()))
    (told,) = (await faults(made))["roots"]
    assert told.startswith(f"{added}：")
    assert "才有事件添加" in told


async def test_a_root_taken_away_is_found(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    await with_a_root(made, monkeypatch, days=3)
    days = [row.day for row in await made.ledger.roots.all()]
    await changed(made, delete(RootRow).where(RootRow.day == days[1]))
    assert (await faults(made))["roots"] == [
        f"{days[1]} 的日根在文件 {made.ledger.roots.file} 里有，台账里没有：被删除了",
        f"{days[2]} 的日根与前一个不相接：前一个被删除或改写",
    ]


@pytest.mark.parametrize("column", ["root", "previous"])
async def test_a_root_changed_in_the_ledger_is_found(made: Made, monkeypatch: pytest.MonkeyPatch, column: str) -> None:
    await with_a_root(made, monkeypatch)
    await changed(made, update(RootRow).values({column: "f" * 64}))
    assert any("在文件" in told and "与台账里不同" in told for told in (await faults(made))["roots"])


async def test_a_file_that_differs_lacks_a_day_or_is_lost_is_found(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    await with_a_root(made, monkeypatch, days=2)
    file = made.ledger.roots.file
    assert file is not None
    first, second = file.read_bytes().splitlines(keepends=True)
    day = root_file.Line.parse(second).day
    file.write_bytes(first)
    assert (await faults(made))["roots"] == [
        f"{day} 的日根没有写入文件 {file}：请运行 huiyin roots --write，仍有此提示则文件被改过"
    ]
    root = root_file.Line.parse(second).root.encode()
    file.write_bytes(first + second.replace(root, b"f" * 64))
    assert (await faults(made))["roots"] == [f"{day} 的日根在文件 {file} 里与台账里不同"]
    file.unlink()
    assert f"日根文件 {file} 不见了（台账里有 2 个日根）" in (await faults(made))["roots"][0]
    file.write_bytes(first + second)
    assert await faults(made) == {}
