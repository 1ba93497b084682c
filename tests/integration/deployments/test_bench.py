"""Before a measurement starts anything: it writes invented cases, and must not write them among real ones."""

from pathlib import Path
from shutil import rmtree

import pytest

from deployments.bench.place import place
from deployments.bench.scene import scene
from deployments.errors import CommandFailed
from deployments.office import open_office
from ledger.intake import IntakeForm
from ledger.settings import Settings


async def test_a_ledger_with_cases_is_refused(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'city.db'}"
    said: list[str] = []
    with place(Settings(), url, said.append) as moved:
        async with open_office(moved) as office:
            await office.receive(IntakeForm(district="waiting", text="路灯不亮"))
        with pytest.raises(CommandFailed, match="--database-url"):
            async with scene(moved, said.append):
                pass
    assert said == []


def test_a_place_is_a_folder_of_its_own_and_goes(tmp_path: Path) -> None:
    real = Settings(home=tmp_path / "home", key_file=tmp_path / "key", database_url="postgresql://city/huiyin")
    with place(real, "", print) as moved:
        assert moved.ledger_url.startswith("sqlite")
        assert tmp_path not in (*moved.home.parents, *moved.master_key_file.parents)
        assert moved.districts.is_dir()
        folder = moved.home.parent
    assert not folder.exists()
    assert list(tmp_path.iterdir()) == []


def test_what_went_wrong_can_be_looked_up(tmp_path: Path) -> None:
    said: list[str] = []
    with pytest.raises(CommandFailed), place(Settings(), "", said.append) as moved:
        raise CommandFailed("…")
    assert moved.home.parent.is_dir()
    assert str(moved.home.parent) in said[0]
    rmtree(moved.home.parent)
