"""`huiyin check`, the gate before `huiyin deploy`, and `huiyin catalogue diff`, as a user calls them."""

import io
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from catalog.loading import CATALOGUE_FOLDER
from deployments.catalogue_gate import let_through
from deployments.cli import main
from deployments.errors import CommandFailed
from ledger.settings import ROOT, settings
from quality.passed import Passed, digest_of
from quality.places import passed_file

Huiyin = Callable[..., tuple[int, str, str]]


@pytest.fixture
def districts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(ROOT / "deployments" / "districts", tmp_path / "districts")
    monkeypatch.setenv("HUIYIN_DISTRICTS", str(folder))
    return folder


@pytest.fixture
def huiyin(
    tmp_path: Path, districts: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Huiyin]:
    """Runs a command in this process; answers its exit code, what it printed and what it complained of."""
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")

    def run(*words: str) -> tuple[int, str, str]:
        settings.cache_clear()
        monkeypatch.setattr("sys.argv", ["huiyin", *words])
        monkeypatch.setattr("sys.stdin", io.StringIO())
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    yield run
    settings.cache_clear()


def spoil(districts: Path) -> None:
    file = districts / "demo.yaml"
    content = file.read_text(encoding="utf-8")
    file.write_text(content.replace("gas: {default: utilities}", "gas: {default: nobody}"), encoding="utf-8")


def test_a_sound_catalogue_is_counted_and_its_pages_are_written(huiyin: Huiyin, tmp_path: Path) -> None:
    code, out, err = huiyin("check", "--docs", str(tmp_path / "docs"))

    assert (code, err) == (0, "")
    assert "没有问题" in out
    assert (tmp_path / "docs" / "index.html").exists()
    assert list((tmp_path / "docs" / "validations" / "catalogue-items").glob("*/*/catalogue-items.html"))


def test_each_fault_is_a_line_and_the_command_fails(huiyin: Huiyin, districts: Path, tmp_path: Path) -> None:
    spoil(districts)
    catalogue = shutil.copytree(CATALOGUE_FOLDER, tmp_path / "catalogue")
    file = catalogue / "items" / "01-safety.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("role: gas", "role: gaz", 1), encoding="utf-8")

    code, out, _ = huiyin("check", "--catalogue", str(catalogue))
    as_json = json.loads(huiyin("check", "--catalogue", str(catalogue), "--json")[1])

    assert code == 1
    lines = out.splitlines()
    assert len(lines) == 3
    assert all(str(each) in "\n".join(lines) for each in (file, districts / "demo.yaml"))
    assert as_json["ok"] is False
    assert {(each["rule"], each["row"], each["field"]) for each in as_json["findings"]} == {
        ("role_dead", "SZ-0101", "items[0].role"),
        ("unit_dead", "示范区", "roles.gas.default"),
    }


def test_deploy_registers_nothing_from_faulty_files(huiyin: Huiyin, districts: Path, tmp_path: Path) -> None:
    spoil(districts)

    code, out, err = huiyin("deploy")

    assert (code, out) == (1, "")
    first, fault = err.splitlines()
    assert "1 处问题，没有登记任何部署" in first
    assert fault.endswith("示范区 roles.gas.default: 本区没有单位“nobody”，请补上或改正")
    assert f"{districts / 'demo.yaml'}:" in fault
    assert (tmp_path / "home" / "quality" / "docs" / "index.html").exists()


def test_deploy_goes_on_to_prefect_where_all_is_sound(huiyin: Huiyin) -> None:
    code, _, err = huiyin("deploy")

    assert code == 1
    assert "Prefect 在 http://127.0.0.1:9/api 没有应答" in err


def test_what_has_passed_is_not_judged_again_until_it_changes(huiyin: Huiyin, districts: Path) -> None:
    settings.cache_clear()
    passed = Passed(passed_file(settings()))
    let_through(settings())
    assert passed.knows(digest_of((CATALOGUE_FOLDER, districts)))

    spoil(districts)
    for _ in range(2):  # what failed is judged again
        with pytest.raises(CommandFailed, match="没有登记任何部署"):
            let_through(settings())

    passed.remember(digest_of((CATALOGUE_FOLDER, districts)))
    let_through(settings())


@pytest.mark.parametrize("content", ["", "[]", "{", '{"passed": "0"}'])
def test_a_memory_that_makes_no_sense_knows_nothing(tmp_path: Path, content: str) -> None:
    file = tmp_path / "quality" / "passed.json"
    passed = Passed(file)
    assert not passed.knows("1")

    passed.remember("1")
    assert passed.knows("1")

    file.write_text(content, encoding="utf-8")
    assert not passed.knows("1")


def test_two_versions_of_the_catalogue_are_told_apart(huiyin: Huiyin, tmp_path: Path) -> None:
    old = shutil.copytree(CATALOGUE_FOLDER, tmp_path / "old")
    file = old / "items" / "06-municipal.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("name: 路灯故障", "name: 路灯不亮"), encoding="utf-8")

    code, out, _ = huiyin("catalogue", "diff", str(old))
    document = json.loads(huiyin("catalogue", "diff", str(old), str(CATALOGUE_FOLDER), "--json")[1])
    same = huiyin("catalogue", "diff", str(CATALOGUE_FOLDER))

    assert code == 0
    assert "SZ-0602 由“路灯不亮”改名为“路灯故障”" in out
    assert document["counts"] == {"renamed": 1}
    assert document["differences"][0]["code"] == "SZ-0602"
    assert same[1].endswith("两版目录没有不同\n")
