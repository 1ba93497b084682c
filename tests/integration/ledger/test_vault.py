"""The vault: nothing about a person can be read in what is stored, and who opens it is on record."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import delete, select
from sqlalchemy import text as sql

from casework.events import Actor, Kind, Role
from ledger.chain import first_break
from ledger.quarantine import Quarantine
from ledger.secrets import Keyring
from ledger.tables import Base, UnmaskingRow, VaultKeyRow, VaultRow
from ledger.unmasking import unmask
from ledger.vault import Vault
from tests.integration.ledger.made import Made

NAME, PHONE, PLACE, FRIEND = "欧阳测试", "13812345678", "荷花里3栋1单元502房", "上官求助"
ID_CARD, PLATE = "440307199001011234", "粤B12345"
TEXT = f"路灯不亮，联系我{PHONE}，身份证{ID_CARD}，车牌{PLATE}"
MASKED = "路灯不亮，联系我【手机号】，身份证【身份证号】，车牌【车牌】"
PERSONAL = (NAME, PHONE, PLACE, FRIEND, ID_CARD, PLATE, "114.123456")


async def lived(made: Made) -> str:
    """A case in whose every word there is something personal."""
    case_no = await made.assigned(
        text=TEXT,
        more={"addressee": f"区长（回电{PHONE}）"},
        sealed={"name": NAME, "phone": PHONE, "place": PLACE, "on_behalf_of": FRIEND, "coordinates": "114.123456,22.6"},
    )
    await made.unit(case_no, Kind.ACKNOWLEDGED, handler="陈", feedback=f"请接{PHONE}的来电")
    await made.unit(case_no, Kind.CONTACTED, note=f"{PHONE}已通话", appointment=f"{PLATE}车旁")
    await made.unit(case_no, Kind.COMPLETED, result=f"已联系{PHONE}", evidence=[])
    citizen = Actor(Role.CITIZEN)
    await made.act(case_no, Kind.EVALUATED, citizen, solved=False, satisfaction=1, comment=f"没打{PHONE}")
    return case_no


async def stored(made: Made) -> bytes:
    """Every byte that the ledger keeps: SQLite's files, or every value in PostgreSQL."""
    if made.ledger.database.sqlite:
        file = Path(made.ledger.database.url.removeprefix("sqlite+aiosqlite:///"))
        files = [file, file.with_name(f"{file.name}-wal")]
        return b"".join(one.read_bytes() for one in files if one.exists())
    kept: list[object] = []
    async with made.ledger.database.read() as session:
        for table in Base.metadata.sorted_tables:
            for row in await session.execute(sql(f"select * from {table.name}")):
                kept += row
    return b"\n".join(value if isinstance(value, bytes) else str(value).encode() for value in kept)


async def test_nothing_personal_can_be_read_in_what_is_stored(made: Made) -> None:
    case_no = await lived(made)
    await Quarantine(made.ledger.database, made.ledger.keyring).put("pingshan", "f.csv", 2, "空", f'{{"a": "{PHONE}"}}')
    kept = await stored(made)
    assert case_no.encode() in kept
    assert "路灯不亮".encode() in kept  # what is not personal is there: the search looks at the right place
    for secret in PERSONAL:
        assert secret.encode() not in kept, secret
        assert ascii(secret)[1:-1].encode() not in kept  # JSON with escapes


async def test_people_see_masks_and_the_unit_sees_the_words(made: Made) -> None:
    case_no = await lived(made)
    assert (await made.row(case_no)).text == MASKED
    assert await made.ledger.cases.words(case_no) == {"text": TEXT, "place": PLACE}
    said = [row.data for row in await made.events(case_no)]
    assert '"feedback":"请接【手机号】的来电"' in said[2]
    assert '"comment":"没打【手机号】"' in said[-1]
    told = [delivery.data for delivery in await made.deliveries(case_no) if delivery.type == "citizen.acknowledged"]
    assert [data["feedback"] for data in told] == ["请接【手机号】的来电"]


async def test_words_that_were_masked_are_kept_whole_in_the_vault(made: Made) -> None:
    case_no = await lived(made)
    async with made.ledger.database.read() as session:
        fields = set(await session.scalars(select(VaultRow.field)))
        words = await made.ledger.vault.take(session, case_no, "3.feedback", "6.comment", "nothing")
    assert fields == {
        *("name", "phone", "place", "on_behalf_of", "coordinates", "text", "1.addressee"),
        *("3.feedback", "4.note", "4.appointment", "5.result", "6.comment"),
    }
    assert words == {"3.feedback": f"请接{PHONE}的来电", "6.comment": f"没打{PHONE}"}


async def test_a_text_without_anything_personal_is_not_kept_twice(made: Made) -> None:
    case_no = await made.receive()
    async with made.ledger.database.read() as session:
        assert list(await session.scalars(select(VaultRow))) == []
    assert await made.ledger.cases.words(case_no) == {"text": "路灯不亮", "place": ""}


async def test_each_case_has_a_key_of_its_own_and_no_key_is_stored_bare(made: Made) -> None:
    one, other = await lived(made), await lived(made)
    async with made.ledger.database.read() as session:
        wrapped = {row.case_no: row.wrapped for row in await session.scalars(select(VaultKeyRow))}
        sealed = {
            row.case_no: row.sealed for row in await session.scalars(select(VaultRow).where(VaultRow.field == "phone"))
        }
    keys = {case_no: made.ledger.keyring.open_sealed(key) for case_no, key in wrapped.items()}
    assert Fernet(keys[one]).decrypt(sealed[one]).decode() == PHONE
    with pytest.raises(InvalidToken):
        Fernet(keys[one]).decrypt(sealed[other])
    kept = await stored(made)
    assert not [key for key in keys.values() if key in kept]


async def test_without_the_master_key_nothing_opens(made: Made) -> None:
    case_no = await lived(made)
    stranger = Vault(Keyring(Fernet.generate_key()))
    async with made.ledger.database.read() as session:
        with pytest.raises(InvalidToken):
            await stranger.take(session, case_no, "phone")


async def test_dropping_a_cases_key_forgets_the_person_and_keeps_the_chain(made: Made) -> None:
    case_no = await lived(made)
    async with made.ledger.database.write() as session:
        await session.execute(delete(VaultKeyRow))
    assert await made.ledger.cases.words(case_no) == {"text": MASKED, "place": ""}
    loaded = await made.ledger.cases.load(case_no)
    assert first_break(case_no, list(loaded.events), loaded.row.head) is None


async def test_putting_a_field_again_replaces_it(made: Made) -> None:
    case_no = await lived(made)
    async with made.ledger.database.write() as session:
        await made.ledger.vault.put(session, case_no, {"phone": "13900000000", "name": ""})
    async with made.ledger.database.read() as session:
        now = await made.ledger.vault.take(session, case_no, "phone", "name")
    assert now == {"phone": "13900000000", "name": NAME}


async def test_each_opening_for_a_person_is_on_record(made: Made) -> None:
    case_no, at = await lived(made), await made.ledger.now()
    opened = await unmask(made.ledger, case_no, ("phone", "fax"), "unit:cg", at)
    assert opened == {"phone": PHONE}
    async with made.ledger.database.read() as session:
        (line,) = await session.scalars(select(UnmaskingRow))
    assert (line.case_no, line.field, line.actor, line.at) == (case_no, "phone", "unit:cg", at)
