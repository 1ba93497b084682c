"""The command line from outside: help in Chinese, errors in one line, JSON and nothing else."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deployments.cli import main
from ledger.settings import settings

HELP = """
import sys
sys.argv[1:] = ["--help"]
from deployments.cli import main
try:
    main()
except SystemExit:
    print({"prefect", "sqlalchemy", "sklearn", "httpx", "pandas"} & set(sys.modules))
"""
COMMANDS = (
    "demo",
    "up",
    "deploy",
    "submit",
    "import",
    "case",
    "classify",
    "answers",
    "check",
    "evaluate",
    "train",
    "verify",
    "chaos",
    "bench",
    "department connect",
    "channel key",
    "asset import",
    "token create",
    "policy diff",
    "policy move",
    "catalogue diff",
    "forget",
    "keys rotate",
    "keys retire",
    "roots",
)


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    stdout: str
    stderr: str
    returncode: int


Huiyin = Callable[..., Said]


@pytest.fixture
def huiyin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Huiyin]:
    """Runs a command in this process, in a data folder of the test's own."""
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))

    def run(*words: str, given: str = "") -> Said:
        settings.cache_clear()
        monkeypatch.setattr("sys.argv", ["huiyin", *words])
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return Said(said.out, said.err, ended.value.code or 0)

    yield run
    settings.cache_clear()


def process(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The command as a user starts it, where no Prefect answers."""
    environment = {**os.environ, "HUIYIN_HOME": str(home / "home"), "PREFECT_API_URL": "http://127.0.0.1:9/api"}
    command = [sys.executable, "-m", "deployments", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_help_lists_every_command_and_imports_nothing_heavy() -> None:
    said = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=True).stdout
    assert all(f"  {command.split()[0]} " in said for command in COMMANDS)
    assert said.endswith("set()\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_helps_in_chinese(command: str, huiyin: Huiyin, tmp_path: Path) -> None:
    done = huiyin(*command.split(), "--help")
    assert done.returncode == 0
    assert any("\u4e00" <= letter <= "\u9fff" for letter in done.stdout)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["submit", "--district", "nowhere", "--text", "x"], "nowhere"),
        (["submit", "--district", "demo", "--text", "x", "--channel", "smoke"], "smoke"),
        (["submit", "--district", "demo", "--text", " "], "text"),
        (["submit", "--district", "demo"], "--text"),
        (["import", "missing.csv", "--district", "demo"], "missing.csv"),
        (["case", "SF2026010199999"], "SF2026010199999"),
        (["department", "connect", "demo", "nobody", "--url", "http://127.0.0.1"], "nobody"),
        (["department", "connect", "demo", "market", "--url", "gopher://a"], "gopher"),
        (["department", "connect", "demo", "market", "--url", "http://169.254.169.254/latest"], "169.254.169.254"),
        (["department", "connect", "demo", "market", "--url", "https://me:secret@unit.example.org/"], "signed"),
        (["channel", "key", "demo", "smoke"], "smoke"),
        (["token", "create", "--role", "king"], "king"),
        (["token", "create", "--role", "handler", "--district", "demo"], "--unit"),
        (["token", "create", "--role", "leader", "--district", "demo"], "--unit"),
        (["bench", "parked", "--cases", "10"], "--cases"),
        (["bench", "weather"], "weather"),
        (["policy", "diff", "nowhere"], "nowhere"),
        (["policy", "move", "nowhere"], "nowhere"),
        (["policy", "move", "demo", "--to", "demo-0"], "demo-0"),
        (["fly"], "fly"),
    ],
)
def test_what_goes_wrong_is_one_line_on_standard_error(words: list[str], told: str, huiyin: Huiyin) -> None:
    done = huiyin(*words)
    assert done.returncode != 0
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert told in done.stderr


@pytest.mark.parametrize("command", ["deploy", "verify"])
def test_a_prefect_that_does_not_answer_is_told(command: str, tmp_path: Path) -> None:
    done = process(tmp_path, command)
    assert done.returncode == 1
    assert "http://127.0.0.1:9/api" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_request_is_submitted_looked_at_and_verified(huiyin: Huiyin) -> None:
    contact = '{"name": "张三", "phone": "13800138000"}'
    words = ("submit", "--district", "demo", "--text", "江畔社区路灯不亮", "--contact-file", "-", "--json")
    submitted = json.loads(huiyin(*words, given=contact).stdout)
    case = json.loads(huiyin("case", submitted["case_no"], "--json").stdout)
    assert (case["case_no"], case["state"], case["channel"]) == (submitted["case_no"], "received", "hotline")
    assert {clock["kind"] for clock in case["clocks"]} >= {"contact"}  # there is a phone
    assert "13800138000" not in json.dumps(case)
    assert submitted["case_no"] in huiyin("case", submitted["case_no"]).stdout
    verified = huiyin("verify", "--ledger-only", "--json")
    assert json.loads(verified.stdout) == {"ok": True, "cases": 1, "events": 1, "findings": []}


def test_a_phone_that_is_none_is_refused_and_not_repeated(huiyin: Huiyin) -> None:
    words = ("submit", "--district", "demo", "--text", "路灯不亮", "--contact-file", "-")
    done = huiyin(*words, given='{"phone": "13800-oops"}')
    assert done.returncode == 1
    assert "phone" in done.stderr
    assert "oops" not in done.stderr


def test_keys_and_tokens_are_given_out(huiyin: Huiyin) -> None:
    key = json.loads(huiyin("channel", "key", "demo", "web", "--json").stdout)["key"]
    assert huiyin("channel", "key", "demo", "web").stdout == f"{key}\n"
    words = ("token", "create", "--role", "street", "--district", "demo", "--unit", "street-linjiang", "--json")
    assert json.loads(huiyin(*words).stdout)["token"].startswith("hy_")
    connected = huiyin("department", "connect", "demo", "market", "--url", "http://127.0.0.1:9", "--json")
    assert json.loads(connected.stdout)["secret"].startswith("whsec_")
    assert "HUIYIN_ALLOW_PRIVATE_WEBHOOKS" in connected.stderr


def test_a_text_is_classified_without_a_case(huiyin: Huiyin) -> None:
    said = json.loads(huiyin("classify", "--district", "demo", "--text", "路灯不亮", "--json").stdout)
    assert said["item"]["name"] == "路灯故障"
    assert 0 < said["confidence"] <= 1
    assert len(said["candidates"]) == 3
    assert all(candidate["reason"] for candidate in said["candidates"])
    empty = json.loads(huiyin("classify", "--district", "demo", "--text", "zzz", "--json").stdout)
    assert (empty["item"], empty["unit"], empty["automatic"]) == (None, None, False)
    verified = json.loads(huiyin("verify", "--ledger-only", "--json").stdout)
    assert verified["cases"] == 0


def test_a_database_of_another_kind_is_refused_without_its_password(
    huiyin: Huiyin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIYIN_DATABASE_URL", "mysql://huiyin:secret@db/huiyin")
    done = huiyin("case", "SF1")
    assert done.returncode == 1
    assert "HUIYIN_DATABASE_URL" in done.stderr
    assert "secret" not in done.stderr
