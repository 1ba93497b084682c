"""The search by which others prove that something is nowhere does find what is somewhere."""

import json
import sqlite3
from pathlib import Path
from urllib.parse import quote

import pytest
from searching import found, found_in

NAME, PHONE = "欧阳静瑶", "13826173945"


@pytest.mark.parametrize(
    "content",
    [
        f"联系{NAME}".encode(),
        f"联系{NAME}".encode("gb18030"),
        f"联系{NAME}".encode("utf-16-le"),
        json.dumps({"name": f"{NAME}说"}).encode(),
        NAME.encode("unicode_escape"),
        json.dumps(json.dumps({"name": NAME})).encode(),
        f"/c/{quote(NAME)}".encode(),
    ],
)
def test_a_name_is_found_however_it_is_written(content: bytes) -> None:
    assert found([NAME, "张慕白"], content) == [NAME]


@pytest.mark.parametrize("written", [PHONE, "138-2617-3945", "138 2617 3945", "1.3.8.2.6.1.7.3.9.4.5"])
def test_a_number_is_found_whatever_parts_its_digits(written: str) -> None:
    assert found([PHONE], f"call {written}!".encode()) == [PHONE]


def test_a_row_of_a_database_is_found_across_its_pages(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "a.db") as connection:
        connection.execute("create table t (words text)")
        for place in range(4000, 4200):
            connection.execute("insert into t values (?)", ["x" * place + NAME + "y" * 4000])
    connection.close()
    assert len([1 for where, _ in found_in(tmp_path, [NAME]) if where.endswith(": t")]) == 200
    assert found_in(tmp_path, ["张慕白"]) == []
