"""Registers from files against real databases: good rows are stored, bad ones told, a second time changes nothing."""

from pathlib import Path

import openpyxl
import pytest

from casework.choosing import Asset
from deployments.asset_file import AT_ONCE, import_assets
from deployments.errors import CommandFailed
from ledger.city import City
from ledger.ledger import Ledger
from ledger.settings import Settings

DEMO = City.of(Settings()).district("demo")
ROWS = [
    ["编号", "类别", "权属单位", "养护单位", "位置"],
    ["JG-0012", "井盖", "区城市管理局", "utilities", "翠湖路"],
    ["ｊｇ－００１３", "井盖", "", "供电局", ""],
    ["12", "井盖", "", "utilities", ""],
    ["JG-0012", "井盖", "", "utilities", ""],
    ["JG-0014", "", "", "utilities", ""],
    ["JG-0015", "井盖", "区水务集团", "", ""],
    ["JG-0016", "井盖", "", "", ""],
    ["JG-0017", "井盖", "", "utilities", "路" * 301],
]


def written(path: Path) -> Path:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        for row in ROWS:
            book.active.append([cell or None for cell in row])
        book.save(path)
    else:
        path.write_text("\n".join(map(",".join, ROWS)) + '\n"JG-0018",井盖,,utilities,,多\n', encoding="gb18030")
    return path


@pytest.mark.parametrize("name", ["register.csv", "register.xlsx"])
async def test_good_rows_are_stored_and_bad_ones_told(ledger: Ledger, tmp_path: Path, name: str) -> None:
    path = written(tmp_path / name)
    for _ in range(2):
        document = (await import_assets(path, DEMO, ledger.assets)).document()
        told = {bad["row"]: bad["reason"] for bad in document["bad_rows"]}
        assert document["stored"] == 2
        assert [row for row in told if row < 10] == [4, 5, 6, 7, 8, 9]
        for row, words in (
            (4, "编号“12”"),
            (5, "第 2 行"),
            (6, "类别"),
            (7, "区水务集团"),
            (8, "都是空的"),
            (9, "位置"),
        ):
            assert words in told[row]
        assert ("多出 1 格" in told.get(10, "")) == name.endswith("csv")
    assert await ledger.assets.count("demo") == 2
    assert await ledger.assets.first("demo", ["JG-0012"]) == Asset(
        "JG-0012", "井盖", "urban-management", "utilities", "翠湖路"
    )
    assert await ledger.assets.first("demo", ["JG-0013"]) == Asset("JG-0013", "井盖", None, "utilities")


async def test_a_long_register_is_stored_in_parts(ledger: Ledger, tmp_path: Path) -> None:
    path, n = tmp_path / "register.csv", 2 * AT_ONCE + 7
    lines = [f"LD-{k:06},灯杆,utilities" for k in range(n)]
    path.write_text("code,kind,owner\n" + "\n".join(lines) + "\n", encoding="utf-8")
    advanced: list[None] = []
    counts = await import_assets(path, DEMO, ledger.assets, lambda: advanced.append(None))
    assert (counts.read, counts.stored, counts.bad_rows, len(advanced)) == (n, n, [], n)
    assert await ledger.assets.count("demo") == n


@pytest.mark.parametrize(("header", "missing"), [("kind,owner", "编号"), ("code,owner", "类别"), ("code,kind", "权属")])
async def test_a_file_that_is_no_register_is_refused_whole(
    ledger: Ledger, tmp_path: Path, header: str, missing: str
) -> None:
    path = tmp_path / "register.csv"
    path.write_text(f"{header}\nJG-0012,井盖\n", encoding="utf-8")
    with pytest.raises(CommandFailed, match=missing):
        await import_assets(path, DEMO, ledger.assets)
    assert await ledger.assets.count("demo") == 0
