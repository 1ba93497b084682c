"""Forgetting: the person is in no row and in no byte of the file, and the chain is whole."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from casework.errors import NotAllowed
from casework.events import Act, Actor, Kind, Role
from ledger.cases import Inbound
from ledger.chain import first_break
from ledger.commitments import COMMITMENTS, commitment
from ledger.errors import NoSuchCase
from ledger.tables import CaseRow, InboxRow, UnmaskingRow, VaultKeyRow, VaultRow
from ledger.unmasking import unmask
from tests.integration.ledger.made import CG, Made, request
from tests.integration.ledger.test_vault import ID_CARD, MASKED, NAME, PHONE, PLATE, TEXT, stored

ADMIN, CITIZEN = Actor(Role.ADMIN, "cli"), Actor(Role.CITIZEN)
BODY_HASH = "b" * 64


async def closed(made: Made, **facts: object) -> str:
    """A case that has been closed with words about its person in every event."""
    facts = {"text": TEXT, "sealed": {"name": NAME, "phone": PHONE, "place": "荷花里3栋502房"}, **facts}
    case_no = await made.assigned(**facts)
    task = {"task_id": f"{case_no}-T1"}
    act = Act(Kind.COMPLETED, CG, await made.ledger.now(), {**task, "result": f"已告知{NAME}", "evidence": []})
    await made.ledger.cases.record(case_no, act, inbound=Inbound("pingshan", "cg", f"d-{case_no}", BODY_HASH))
    await made.act(case_no, Kind.EVALUATED, CITIZEN, solved=True, satisfaction=5, comment=f"谢谢{PHONE}")
    assert (await made.row(case_no)).state == "closed"
    return case_no


async def test_no_row_says_who_it_was_and_the_chain_is_whole(made: Made) -> None:
    gone, other = await closed(made, external_id="热线-13812345678"), await closed(made)
    await unmask(made.ledger, gone, ("phone",), "unit:cg", await made.ledger.now())
    assert await made.ledger.forgetting.forget(gone, ADMIN, "本人要求")
    row = await made.row(gone)
    assert (row.text, row.state) == ("", "closed")
    assert "13812345678" not in str(row.external_id)
    assert await made.ledger.cases.words(gone) == {"text": "", "place": ""}
    async with made.ledger.database.read() as session:
        for table in (VaultRow, VaultKeyRow, InboxRow):
            assert set(await session.scalars(select(table.case_no))) == {other}, table
        assert await made.ledger.vault.take(session, gone, "phone", "text", "3.result") == {}
        (line,) = await session.scalars(select(UnmaskingRow))  # who looked stays on record
        assert (line.case_no, line.field) == (gone, "phone")
    loaded = await made.ledger.cases.load(gone)
    assert loaded.case.forgotten
    assert not loaded.case.has_phone
    assert first_break(gone, list(loaded.events), row.head) is None
    assert (loaded.events[-1].kind, loaded.events[-1].actor) == ("case.forgotten", "admin:cli")
    assert await made.ledger.cases.words(other) == {"text": TEXT, "place": "荷花里3栋502房"}


async def test_not_a_byte_of_the_key_or_of_the_text_is_left_on_the_disk(made: Made) -> None:
    cases = [await closed(made) for _ in range(4)]
    async with made.ledger.database.read() as session:
        keys = {row.case_no: row.wrapped for row in await session.scalars(select(VaultKeyRow))}
        sealed = {row.case_no: row.sealed for row in await session.scalars(select(VaultRow))}
    kept = await stored(made)
    assert all(keys[case_no] in kept and sealed[case_no] in kept for case_no in cases)
    for case_no in cases[:3]:
        await made.ledger.forgetting.forget(case_no, ADMIN, "保存期满")
    assert await made.ledger.forgetting.scrub()
    kept = await stored(made)
    assert not [case_no for case_no in cases[:3] if keys[case_no] in kept or sealed[case_no] in kept]
    assert keys[cases[3]] in kept
    assert kept.count(MASKED.encode()) == 1


async def test_postgresqls_own_file_has_the_key_no_more(made: Made) -> None:
    if made.ledger.database.sqlite:
        pytest.skip("SQLite's file is searched above")
    gone, kept = await closed(made), await closed(made)
    async with made.ledger.database.read() as session:
        keys = {row.case_no: row.wrapped for row in await session.scalars(select(VaultKeyRow))}

    async def on_disk() -> bytes:
        engine = made.ledger.database.engine.execution_options(isolation_level="AUTOCOMMIT")
        async with engine.connect() as connection:
            await connection.execute(text("checkpoint"))
            file = text("select pg_read_binary_file(pg_relation_filepath('vault_keys'))")
            return bytes((await connection.execute(file)).scalar_one())

    assert keys[gone] in await on_disk()
    await made.ledger.forgetting.forget(gone, ADMIN, "本人要求")
    assert keys[gone] in await on_disk()  # a deleted row stays until it is vacuumed
    assert await made.ledger.forgetting.scrub()
    file = await on_disk()
    assert keys[kept] in file
    assert keys[gone] not in file


async def test_without_the_key_no_guess_can_be_tested(made: Made) -> None:
    case_no = await closed(made)
    async with made.ledger.database.read() as session:
        key = await made.ledger.vault.key(session, case_no)
    assert key is not None
    first = (await made.events(case_no))[0]
    assert commitment(key.key, "phone", PHONE) in first.data
    await made.ledger.forgetting.forget(case_no, ADMIN, "本人要求")
    first = (await made.events(case_no))[0]
    assert COMMITMENTS in first.data  # the chain keeps it, and nobody has its salt any more
    async with made.ledger.database.read() as session:
        assert await made.ledger.vault.key(session, case_no) is None


async def test_an_open_case_is_refused_and_keeps_everything(made: Made) -> None:
    case_no = await made.assigned(text=TEXT, sealed={"phone": PHONE})
    with pytest.raises(NotAllowed, match="awaiting_ack"):
        await made.ledger.forgetting.forget(case_no, ADMIN, "本人要求")
    assert (await made.ledger.cases.words(case_no))["text"] == TEXT
    with pytest.raises(NoSuchCase):
        await made.ledger.forgetting.forget("PS1", ADMIN, "本人要求")


async def test_forgetting_twice_is_forgetting_once(made: Made) -> None:
    case_no = await closed(made)
    assert await made.ledger.forgetting.forget(case_no, ADMIN, "本人要求")
    seq = (await made.row(case_no)).seq
    assert not await made.ledger.forgetting.forget(case_no, ADMIN, "本人要求")
    assert (await made.row(case_no)).seq == seq


async def test_a_forgotten_case_is_not_taken_up_again_and_wakes_nobody(made: Made) -> None:
    case_no = await closed(made)
    before = await made.row(case_no)
    await made.ledger.forgetting.forget(case_no, ADMIN, "本人要求")
    after = await made.row(case_no)
    assert (after.alarm_at, after.calls) == (before.alarm_at, before.calls)
    with pytest.raises(NotAllowed):
        await made.act(case_no, Kind.REOPENED, CITIZEN, reason="又坏了")


async def test_those_closed_before_a_day_are_found_once(made: Made) -> None:
    cases = [await closed(made) for _ in range(3)]
    still_open = await made.assigned()
    later = await made.ledger.now() + timedelta(seconds=1)
    assert [case_no async for case_no in made.ledger.forgetting.closed_before(later)] == cases
    await made.ledger.forgetting.forget(cases[0], ADMIN, "保存期满")
    assert [case_no async for case_no in made.ledger.forgetting.closed_before(later)] == cases[1:]
    past = later - timedelta(days=1)
    assert [case_no async for case_no in made.ledger.forgetting.closed_before(past)] == []
    assert not (await made.ledger.cases.load(still_open)).case.forgotten


async def test_a_channel_that_sends_a_forgotten_request_again_opens_no_second_case(made: Made) -> None:
    case_no = await closed(made, external_id="热线-7")
    await made.ledger.forgetting.forget(case_no, ADMIN, "保存期满")
    again = await made.ledger.cases.receive(request(text="再来", external_id="热线-7"), await made.ledger.now())
    assert again == (case_no, False)


async def test_a_log_that_somebody_reads_is_told(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    if not made.ledger.database.sqlite:
        pytest.skip("only SQLite has a log of its own that a reader holds")
    monkeypatch.setattr("ledger.forgetting.LOOKS", 2)
    monkeypatch.setattr("ledger.forgetting.BETWEEN_LOOKS", 0.01)

    def impatient(connection: object, record: object) -> None:
        connection.execute("PRAGMA busy_timeout=0")  # type: ignore[attr-defined]

    event.listen(made.ledger.database.engine.sync_engine, "connect", impatient)
    await made.ledger.database.engine.dispose()
    case_no = await closed(made)
    async with made.ledger.database.read() as session:
        await session.get(CaseRow, case_no)
        await made.ledger.forgetting.forget(case_no, ADMIN, "本人要求")
        assert not await made.ledger.forgetting.scrub()
    assert await made.ledger.forgetting.scrub()


async def test_the_words_of_a_forgotten_person_cannot_be_opened_again(made: Made) -> None:
    case_no = await closed(made)
    await made.ledger.forgetting.forget(case_no, ADMIN, f"{NAME}要求，电话{PHONE}，{ID_CARD}，{PLATE}")
    said = (await made.events(case_no))[-1].data
    assert not [secret for secret in (NAME, PHONE, ID_CARD, PLATE) if secret in said]
    assert await unmask(made.ledger, case_no, ("phone", "name", "text"), "admin", await made.ledger.now()) == {}
