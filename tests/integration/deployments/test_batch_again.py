"""The same row again: in one file, in a corrected file, in a file that overlaps with another."""

import json
from collections.abc import Iterable
from pathlib import Path

import openpyxl
import pytest

from casework.events import Kind
from deployments.batch import Batch
from deployments.batch_file import Row
from deployments.batch_twins import earlier_row_name
from deployments.office import Office
from ledger.intake import IntakeForm

ON_SQLITE = pytest.mark.parametrize("ledger_url", ["sqlite"], indirect=True)
HEADER = "内容,时间"
LAMP, LID, NOISE = "路灯不亮,2026-03-01", "井盖缺失,2026-03-02", "噪音扰民,2026-03-03"


def write(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines), encoding="utf-8")


async def received(
    office: Office, path: Path, lines: Iterable[str], header: str = HEADER, **more: object
) -> tuple[int, ...]:
    """Accepted, repeated, quarantined."""
    write(path, header, *lines)
    done = await Batch(path, "demo", **more).receive(office, lambda standing, about: None)
    return done.standing.accepted, done.standing.repeated, done.standing.quarantined


@ON_SQLITE
async def test_two_equal_rows_of_one_file_are_two_cases_and_the_same_two_the_next_time(
    office: Office, tmp_path: Path
) -> None:
    assert await received(office, tmp_path / "a.csv", [LAMP, LID, LAMP]) == (3, 0, 0)
    assert await received(office, tmp_path / "b.csv", [LAMP, LAMP, LAMP]) == (1, 2, 0)


@ON_SQLITE
async def test_of_a_corrected_file_only_what_is_new_is_received(office: Office, tmp_path: Path) -> None:
    assert await received(office, tmp_path / "a.csv", [LAMP, ",2026-03-02", NOISE]) == (2, 0, 1)
    assert await received(office, tmp_path / "a.csv", [LAMP, LID, NOISE]) == (1, 2, 0)
    assert await received(office, tmp_path / "c.csv", [NOISE, LID]) == (0, 2, 0)


@ON_SQLITE
async def test_a_row_is_known_wherever_its_columns_stand_and_in_whatever_program_it_was_saved(
    office: Office, tmp_path: Path
) -> None:
    assert await received(office, tmp_path / "a.csv", [LAMP]) == (1, 0, 0)
    assert await received(office, tmp_path / "b.csv", ["2026-03-01,,路灯不亮"], "时间,备注,内容") == (0, 1, 0)
    book = openpyxl.Workbook()
    for cells in (("内容", "时间"), ("路灯不亮", "2026-03-01")):
        book.active.append(cells)
    book.save(tmp_path / "c.xlsx")
    done = await Batch(tmp_path / "c.xlsx", "demo").receive(office, lambda standing, about: None)
    assert (done.standing.accepted, done.standing.repeated) == (0, 1)


async def test_a_number_of_the_channels_own_opens_one_case(office: Office, tmp_path: Path) -> None:
    header, mapping = "id,内容", {"columns": ("external_id=id",)}
    lines = ["7,路灯不亮", "7,路灯不亮", "7,井盖缺失", "8,井盖缺失"]
    assert await received(office, tmp_path / "a.csv", lines, header, **mapping) == (2, 1, 1)
    assert await received(office, tmp_path / "b.csv", lines, header, **mapping) == (0, 3, 1)
    kept = await office.ledger.quarantine.of_district("demo")
    assert {(row.row, row.kinds) for row in kept} == {(4, ("doubled",))}


@ON_SQLITE
async def test_another_channel_is_another_way_in(office: Office, tmp_path: Path) -> None:
    assert await received(office, tmp_path / "a.csv", [LAMP], channel="hotline") == (1, 0, 0)
    assert await received(office, tmp_path / "a.csv", [LAMP], channel="app") == (1, 0, 0)


@ON_SQLITE
async def test_what_the_first_release_imported_is_known(office: Office, tmp_path: Path) -> None:
    name = earlier_row_name(Row(2, tuple(LAMP.split(","))))
    await office.receive(IntakeForm(district="demo", text="路灯不亮", external_id=name))
    assert await received(office, tmp_path / "a.csv", [LAMP, LID]) == (1, 1, 0)


@ON_SQLITE
async def test_the_master_key_may_change_between(office: Office, tmp_path: Path) -> None:
    assert await received(office, tmp_path / "a.csv", [LAMP, ",x"]) == (1, 0, 1)
    await office.ledger.check_key()
    await office.ledger.rotation.rotate()
    assert await received(office, tmp_path / "a.csv", [LAMP, ",x"]) == (0, 1, 1)
    assert len(await office.ledger.quarantine.of_district("demo")) == 1


@ON_SQLITE
async def test_a_limit_ends_an_import_and_the_rest_comes_the_next_time(office: Office, tmp_path: Path) -> None:
    lines = [LAMP, LID, ",2026-03-02"]
    assert await received(office, tmp_path / "a.csv", lines, limit=1) == (1, 0, 0)
    assert await received(office, tmp_path / "a.csv", lines) == (1, 1, 1)


@ON_SQLITE
async def test_when_it_was_asked_is_kept_and_clocks_run_from_receipt(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    write(path, "内容,来电时间", "路灯不亮,2025/3/1 8:30", "井盖缺失,")
    done = await Batch(path, "demo").receive(office, lambda standing, about: None)
    asked, unknown = [await office.ledger.cases.load(case_no) for case_no in done.case_nos]
    assert asked.events[0].kind == Kind.RECEIVED
    assert '"created_at":"2025-03-01T00:30:00+00:00"' in asked.events[0].data.replace(" ", "")
    assert "created_at" not in unknown.events[0].data
    assert asked.case.received_at == asked.row.received_at == unknown.row.received_at


async def test_what_a_database_cannot_keep_is_put_away_all_the_same(office: Office, tmp_path: Path) -> None:
    lines = ("7\x00,路灯不亮", "8,井盖\x00缺失", "9,噪音扰民")
    mapping = {"columns": ("external_id=id",)}
    assert await received(office, tmp_path / "a.csv", lines, "id,内容", **mapping) == (1, 0, 2)
    kept = await office.ledger.quarantine.rows("demo")
    assert [json.loads(row.content)["id"] for row in kept] == ["7\x00", "8"]
