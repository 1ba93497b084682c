"""Rows in quarantine that somebody has looked at: received after all, once, or told why not."""

from pathlib import Path

import pytest

from deployments.batch import Batch, Received
from deployments.errors import CommandFailed
from deployments.office import Office
from deployments.releasing import release

LINES = (
    "内容,地点,电话,编号",
    "路灯不亮,福田区,13800138000,1",
    ",临江街道,,2",
    "井盖缺失,临江街道,,3",
    "噪音扰民,临江街道,,3",
    "停水,临江街道,打不通,5",
    "漏水,临江街道,,6,多余",
)
MAPPING = ("external_id=编号", "contact.phone=电话")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(LINES), encoding="utf-8")
    return path


async def received(office: Office, path: Path) -> Received:
    return await Batch(path, "demo", columns=MAPPING).receive(office, lambda standing, about: None)


async def test_a_released_row_is_a_case_and_stays_one(office: Office, file: Path) -> None:
    first = await received(office, file)
    ids = {row.row: row.id for row in first.bad_rows}
    assert {row.row: row.kinds for row in first.bad_rows} == {
        2: ("elsewhere",),
        3: ("missing",),
        5: ("doubled",),
        6: ("phone",),
        7: ("ragged",),
    }
    foreign, doubled = await release(office, ids[2]), await release(office, ids[5])
    assert (await office.ledger.cases.words(foreign))["place"] == "福田区"
    assert (await office.ledger.cases.words(doubled))["text"] == "噪音扰民"
    assert (await office.ledger.cases.row(foreign)).external_id == "1"
    for row in (3, 6, 7):
        with pytest.raises(CommandFailed, match="不能放行"):
            await release(office, ids[row])
    with pytest.raises(CommandFailed, match=foreign):
        await release(office, ids[2])
    with pytest.raises(CommandFailed, match="没有隔离编号"):
        await release(office, 10_000)

    second = await received(office, file)
    assert (second.standing.accepted, second.standing.repeated, second.standing.quarantined) == (0, 3, 3)
    assert [row.row for row in await office.ledger.quarantine.of_district("demo")] == [3, 6, 7]
    assert await office.ledger.quarantine.of_district("demo", "b.csv") == []


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
async def test_what_an_earlier_release_put_away_must_be_imported_again(office: Office) -> None:
    await office.ledger.quarantine.put("demo", "old.csv", 2, "空", '{"内容": "路灯"}')
    (kept,) = await office.ledger.quarantine.of_district("demo")
    assert (kept.kinds, kept.batch) == ((), None)
    with pytest.raises(CommandFailed, match="早先版本"):
        await release(office, kept.id)


@pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
async def test_a_row_that_is_bad_no_longer_leaves_quarantine(
    office: Office, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await received(office, file)
    assert 2 in {row.row for row in first.bad_rows}
    monkeypatch.setattr("casework.elsewhere.Bounds.elsewhere", lambda self, place: None)
    second = await received(office, file)
    assert second.standing.accepted == 1
    assert 2 not in {row.row for row in await office.ledger.quarantine.of_district("demo")}
