"""Where the demo is played: an empty data folder, ports that are free."""

import socket
from pathlib import Path

import pytest

from deployments.commands.demo import place_of_demo
from deployments.errors import CommandFailed
from ledger.settings import Settings


@pytest.fixture(autouse=True)
def _nothing_said_beforehand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HUIYIN_HOME", "HUIYIN_GATEWAY_PORT", "HUIYIN_PREFECT_PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def test_without_a_folder_it_takes_a_new_one(tmp_path: Path) -> None:
    place = place_of_demo(Settings())
    assert place.home.parent == Path(".data")
    assert not place.home.exists()
    assert place.allow_private_webhooks


def test_an_empty_folder_is_taken_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "mine"))
    (tmp_path / "mine").mkdir()
    assert place_of_demo(Settings()).home == tmp_path / "mine"


def test_a_folder_in_use_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "mine"))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "ledger.db").touch()
    with pytest.raises(CommandFailed, match="HUIYIN_HOME"):
        place_of_demo(Settings())


def test_a_port_that_is_taken_is_replaced_and_told(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setenv("HUIYIN_GATEWAY_PORT", str(port))
        place = place_of_demo(Settings())
    assert place.gateway_port != port
    assert place.gateway_url.endswith(f":{place.gateway_port}")
    said = capsys.readouterr()
    assert f"{port} 已被占用" in said.err
    assert said.out == ""
