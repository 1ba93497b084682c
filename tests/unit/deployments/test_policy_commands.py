"""`huiyin policy …` from outside, where no Prefect answers: what is said, and that nothing is moved unasked."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from casework.events import SYSTEM, Act, Kind
from catalog.policy import Policy
from deployments.cli import main
from ledger.ledger import Ledger
from ledger.settings import settings

Huiyin = Callable[..., str]


@pytest.fixture
def huiyin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Huiyin]:
    """Runs a command in a data folder of the test's own; answers what it printed."""
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")

    def run(*words: str) -> str:
        settings.cache_clear()
        monkeypatch.setattr("sys.argv", ["huiyin", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert ended.value.code in (None, 0), said.err
        return said.out

    yield run
    settings.cache_clear()


def test_without_prefect_file_and_ledger_are_compared(huiyin: Huiyin) -> None:
    document = json.loads(huiyin("policy", "diff", "demo", "--json"))
    assert document["file"]["version"] == document["ledger"]["version"]
    assert "http://127.0.0.1:9/api" in document["form"]["away"]
    said = huiyin("policy", "diff", "demo")
    assert document["ledger"]["version"] in said
    assert "（现行）" in said
    assert "在办 0 件" in said


def test_a_move_is_only_shown_until_it_is_confirmed(huiyin: Huiyin) -> None:
    case_no = json.loads(huiyin("submit", "--district", "demo", "--text", "江畔社区路灯不亮", "--json"))["case_no"]
    document = json.loads(huiyin("policy", "move", "demo", "--json"))
    assert (document["carried_out"], document["counts"]) == (False, {"cases": 0, "moved": 0, "problems": 0})
    assert "仅为预览" in huiyin("policy", "move", "demo")
    assert "已适用这一版" in huiyin("policy", "move", "demo", "--case", case_no)


async def begun_and_a_new_policy(case_no: str) -> str:
    """The case's run has begun, and after that the form was changed; answers the new version."""
    async with Ledger.of(settings()) as ledger:
        version = (await ledger.policies.current("demo")).version
        pinned = {"policy_version": version, "catalogue_version": "c1"}
        await ledger.cases.record(case_no, Act(Kind.PINNED, SYSTEM, await ledger.now(), pinned))
        return await ledger.policies.pin("demo", Policy(calendar="none"), "form")


def test_a_move_names_each_clock_and_is_carried_out_when_confirmed(huiyin: Huiyin) -> None:
    case_no = json.loads(huiyin("submit", "--district", "demo", "--text", "江畔社区路灯不亮", "--json"))["case_no"]
    version = asyncio.run(begun_and_a_new_policy(case_no))
    shown = huiyin("policy", "move", "demo")
    assert f"{case_no}　已收" in shown
    assert "签收并反馈（dispatcher）：" in shown
    assert f"其余可改到 {version}" in shown
    diff = huiyin("policy", "diff", "demo")
    assert "时限与逐级催办·签收并反馈·A 类时限：文件 12s，台账 10m" in diff
    assert "免打扰时段：文件 无，台账 " in diff
    assert f"已改到 {version} 的 1 件" in huiyin("policy", "move", "demo", "--yes")
    moved = json.loads(huiyin("case", case_no, "--json"))
    assert (moved["policy_version"], moved["timeline"][-1]["event"]) == (version, "policy.moved")
    assert json.loads(huiyin("verify", "--ledger-only", "--json"))["ok"]
