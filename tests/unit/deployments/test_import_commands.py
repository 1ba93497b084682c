"""`huiyin import` and `huiyin quarantine` from outside: what is said of good rows and of bad ones."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deployments.cli import main
from ledger.settings import settings

PHONE = "打不通的号码"
LINES = [
    "内容,地点,电话",
    "路灯不亮,临江街道,13800138000",
    "停水,北京市,",
    *(f"漏水{n},临江街道,{PHONE}" for n in range(22)),
]

Said = Callable[..., tuple[int, str, str]]


@pytest.fixture
def huiyin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Said]:
    """Runs a command in a data folder of the test's own; answers its code and what it printed."""
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))

    def run(*words: str) -> tuple[int, str, str]:
        settings.cache_clear()
        monkeypatch.setattr("sys.argv", ["huiyin", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return int(ended.value.code or 0), said.out, said.err

    yield run
    settings.cache_clear()


def test_an_import_tells_its_counts_and_what_waits_is_listed_and_released(huiyin: Said, tmp_path: Path) -> None:
    file = tmp_path / "三月.csv"
    file.write_text("\n".join(LINES), encoding="gb18030")
    words = ("import", str(file), "--district", "demo", "--column", "contact.phone=电话")
    code, out, err = huiyin(*words)
    lines = out.splitlines()
    assert (code, err, lines[0]) == (0, "", "读取 24 行：受理 1 件，重复 0 件，隔离 23 行")
    assert lines[1].startswith("  第 3 行：place：地点“北京市”不在本区")
    assert len(lines) == 23
    assert "另有 3 行" in lines[21]
    assert "huiyin quarantine list --district demo" in lines[22]

    code, out, _ = huiyin("quarantine", "list", "--district", "demo", "--file", "三月.csv", "--json")
    rows = json.loads(out)["rows"]
    assert (code, len(rows), rows[0]["kinds"], rows[1]["kinds"]) == (0, 23, ["elsewhere"], ["phone"])
    assert PHONE not in out
    code, out, _ = huiyin("quarantine", "release", str(rows[0]["id"]), "--json")
    ((released,),) = (code, json.loads(out)["released"])[1:]
    assert huiyin("case", released["case_no"], "--json")[0] == 0
    code, _, err = huiyin("quarantine", "release", str(rows[1]["id"]))
    assert (code, "不能放行" in err, PHONE in err) == (1, True, False)

    document = json.loads(huiyin(*words, "--json")[1])
    assert {name: document[name] for name in ("read", "accepted", "repeated", "quarantined", "resumed_after")} == {
        "read": 24,
        "accepted": 0,
        "repeated": 2,
        "quarantined": 22,
        "resumed_after": None,
    }
    assert len(document["bad_rows"]) == 22
    assert huiyin("quarantine", "list", "--district", "futian")[1] == "没有被隔离的行\n"
