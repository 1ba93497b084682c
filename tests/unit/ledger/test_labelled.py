"""Labelled history: sealed, replaced whole, and opened by the keys that there are."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from ledger.labelled import FILE, Labelled, LabelledUnreadable
from ledger.secrets import Keyring

PAIRS = [("路灯不亮\n整条街都黑", "SZ-0601"), ("老板欠薪", "SZ-0801")]
OLD, NEW = Fernet.generate_key(), Fernet.generate_key()


def test_what_is_kept_comes_back_and_cannot_be_read_in_the_file(tmp_path: Path) -> None:
    labelled = Labelled(tmp_path, Keyring(OLD))
    assert labelled.of("demo") == []
    labelled.keep("demo", [("旧的", "SZ-0101")])
    labelled.keep("demo", PAIRS)
    assert labelled.of("demo") == PAIRS
    assert labelled.of("futian") == []
    assert [file.name for file in (tmp_path / "demo").iterdir()] == [FILE]
    assert "路灯".encode() not in (tmp_path / "demo" / FILE).read_bytes()


def test_reading_it_seals_it_with_the_newest_key(tmp_path: Path) -> None:
    Labelled(tmp_path, Keyring(OLD)).keep("demo", PAIRS)
    assert Labelled(tmp_path, Keyring(NEW, OLD)).of("demo") == PAIRS
    assert Labelled(tmp_path, Keyring(NEW)).of("demo") == PAIRS


@pytest.mark.parametrize("spoil", [lambda sealed: sealed[:40], lambda sealed: b""])
def test_what_cannot_be_opened_says_what_to_do(tmp_path: Path, spoil: object) -> None:
    labelled = Labelled(tmp_path, Keyring(OLD))
    labelled.keep("demo", PAIRS)
    with pytest.raises(LabelledUnreadable, match="run `huiyin train` with the labels again"):
        Labelled(tmp_path, Keyring(NEW)).of("demo")
    file = tmp_path / "demo" / FILE
    file.write_bytes(spoil(file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(LabelledUnreadable):
        labelled.of("demo")
