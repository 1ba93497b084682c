"""`huiyin forget`, `keys` and `roots` from outside: what is said, and what is left of a person."""

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deployments.cli import main
from ledger.settings import settings


@dataclass(frozen=True)
class Said:
    """What a command printed and how it ended."""

    stdout: str
    stderr: str
    returncode: int

    @property
    def document(self) -> dict[str, object]:
        return dict(json.loads(self.stdout))


Huiyin = Callable[..., Said]


@pytest.fixture
def huiyin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Huiyin]:
    """Runs a command in a data folder of the test's own."""
    monkeypatch.setenv("HUIYIN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HUIYIN_ROOT_FILE", str(tmp_path / "elsewhere" / "roots.jsonl"))

    def run(*words: str) -> Said:
        settings.cache_clear()
        monkeypatch.setattr("sys.argv", ["huiyin", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        code = ended.value.code
        return Said(said.out, said.err, code if isinstance(code, int) else 0)

    yield run
    settings.cache_clear()


def submitted(huiyin: Huiyin) -> str:
    text = "路灯不亮，我叫张三，电话13812345678"
    return str(huiyin("submit", "--district", "demo", "--text", text, "--json").document["case_no"])


def test_an_open_and_an_unknown_case_are_told_and_nothing_is_forgotten(huiyin: Huiyin) -> None:
    case_no = submitted(huiyin)
    done = huiyin("forget", case_no, "SF1", "--json")
    assert done.returncode == 1
    assert done.document == {
        "would": [],
        "forgotten": [],
        "already": [],
        "open": [{"case_no": case_no, "state": "received"}],
        "unknown": ["SF1"],
        "rows": 0,
        "scrubbed": True,
    }
    assert f"{case_no} 尚未结案（已收）" in huiyin("forget", case_no).stdout
    assert "【姓名】，电话【手机号】" in huiyin("case", case_no).stdout


def test_something_to_forget_must_be_named(huiyin: Huiyin) -> None:
    done = huiyin("forget")
    assert (done.returncode, done.stdout) == (1, "")
    assert "--closed-before" in done.stderr
    assert huiyin("forget", "--closed-before", "someday").returncode == 2
    assert huiyin("forget", "--closed-before", "2030-01-01", "--json").document["forgotten"] == []


def test_quarantined_rows_are_forgotten_by_their_age(huiyin: Huiyin, tmp_path: Path) -> None:
    batch = tmp_path / "batch.csv"
    batch.write_text("text,contact.phone\n,13812345678\n", encoding="utf-8")
    assert huiyin("import", str(batch), "--district", "demo", "--json").document["quarantined"] == 1
    assert huiyin("forget", "--quarantined-before", "2020-01-01", "--json").document["rows"] == 0
    assert huiyin("forget", "--quarantined-before", "2999-01-01", "--dry-run", "--json").document["rows"] == 0
    assert "删除隔离的 1 行" in huiyin("forget", "--quarantined-before", "2999-01-01").stdout
    assert huiyin("forget", "--quarantined-before", "2999-01-01", "--json").document["rows"] == 0


def test_a_text_with_somebody_in_it_comes_by_standard_input(huiyin: Huiyin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("路灯不亮，我叫张三\n"))
    case_no = str(huiyin("submit", "--district", "demo", "--text", "-", "--json").document["case_no"])
    assert huiyin("case", case_no, "--json").document["text"] == "路灯不亮，我叫【姓名】"


def test_keys_are_rotated_and_kept_for_their_links(huiyin: Huiyin, tmp_path: Path) -> None:
    submitted(huiyin)
    assert huiyin("keys", "retire").stdout == "没有旧密钥\n"
    done = huiyin("keys", "rotate", "--json").document
    assert done["resealed"] == 1
    assert len((tmp_path / "home.key").read_text(encoding="ascii").split()) == 2
    told = huiyin("keys", "retire")
    assert (told.returncode, told.stdout) == (1, "")
    assert "run this again in" in told.stderr
    assert huiyin("verify", "--ledger-only").returncode == 0


def test_a_key_file_of_another_ledger_is_one_clear_sentence(huiyin: Huiyin, tmp_path: Path) -> None:
    submitted(huiyin)
    key = tmp_path / "home.key"
    right = key.read_bytes()
    huiyin("keys", "rotate")
    key.write_bytes(key.read_bytes().splitlines(keepends=True)[1])  # an old copy, without the newest key
    assert key.read_bytes().strip() == right.strip()
    done = huiyin("verify", "--ledger-only")
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not the one that this ledger is sealed by" in done.stderr
    assert done.stderr.count("\n") == 1


def test_the_days_root_is_written_and_listed(huiyin: Huiyin, tmp_path: Path) -> None:
    assert huiyin("roots").stdout == "还没有日根\n"
    (root,) = huiyin("roots", "--write", "--json").document["roots"]  # type: ignore[misc]
    assert str(root["root"]) in huiyin("roots").stdout  # type: ignore[index]
    file = tmp_path / "elsewhere" / "roots.jsonl"
    assert json.loads(file.read_text(encoding="utf-8"))["root"] == root["root"]  # type: ignore[index]
    assert huiyin("verify", "--ledger-only").returncode == 0
    file.unlink()
    assert "不见了" in huiyin("verify", "--ledger-only").stdout
    assert "已写出 1 个日根" in huiyin("roots", "--restore-file").stdout
    assert huiyin("verify", "--ledger-only").returncode == 0
