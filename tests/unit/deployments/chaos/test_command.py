"""`huiyin chaos` breaks nothing real, and says in words what it has counted."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deployments.cli import main
from deployments.commands import chaos
from ledger.settings import settings

DOCUMENT: dict[str, Any] = {
    "ok": False,
    "seed": 7,
    "kills": {"moments": 30, "together": 17, "worker": 18, "gateway": 16, "prefect": 17},
    "requests": 48,
    "confirmed": 48,
    "cases": 48,
    "closed": 47,
    "verify": {"ok": True, "findings": []},
    "webhooks": {"sent": 229, "received": 230, "ids": 229, "doubled": 0},
    "acts": {"accepted": 198, "duplicate": 2, "refused": 0},
    "seconds": 283.6,
    "problems": ["未结案 1 件：SF1"],
}


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", f"sqlite:///{tmp_path / 'in-use.db'}")
    monkeypatch.setenv("HUIYIN_KEY_FILE", str(tmp_path / "in-use.key"))
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    yield
    settings.cache_clear()


def huiyin(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    settings.cache_clear()
    monkeypatch.setattr("sys.argv", ["huiyin", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def test_a_ledger_in_use_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert huiyin(monkeypatch, "submit", "--district", "demo", "--text", "江畔社区路灯不亮", "--json") == 0
    assert json.loads(capsys.readouterr().out)["case_no"]
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "another"))
    assert huiyin(monkeypatch, "chaos", "--seed", "7", "--json") == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "随机种子 7" in said.err
    assert "HUIYIN_DATABASE_URL" in said.err.splitlines()[-1]
    assert not (tmp_path / "another" / "logs").exists()  # nothing was started


def test_everything_counted_is_said_in_words() -> None:
    said = "\n".join(chaos._lines(DOCUMENT))
    for number in ("30", "17", "18", "16", "48", "47", "229", "230", "198", "283.6", "种子 7"):
        assert number in said
    assert "未结案 1 件：SF1" in said
    assert said.endswith("发现 1 处问题，见上。")
    assert "\n".join(chaos._lines({**DOCUMENT, "ok": True, "problems": []})).endswith("一件未失，一件未重。")
