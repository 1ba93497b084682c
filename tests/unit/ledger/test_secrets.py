"""The keyring: the newest key seals, every key opens, and the file is followed."""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet, InvalidToken

from ledger import key_file
from ledger.errors import KeyFileUnusable
from ledger.secrets import Keyring

OLD, NEW = Fernet.generate_key(), Fernet.generate_key()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys" / "home.key"


def test_the_newest_key_seals_and_every_key_opens() -> None:
    old, both, new = Keyring(OLD), Keyring(NEW, OLD), Keyring(NEW)
    sealed = both.seal(b"x")
    assert new.open_sealed(sealed) == both.open_sealed(sealed) == b"x"
    assert both.open_sealed(old.seal(b"y")) == b"y"
    with pytest.raises(InvalidToken):
        new.open_sealed(old.seal(b"y"))


def test_what_is_sealed_by_an_old_key_is_sealed_anew_once() -> None:
    both = Keyring(NEW, OLD)
    anew = both.resealed(Keyring(OLD).seal(b"x"))
    assert anew is not None
    assert Keyring(NEW).open_sealed(anew) == b"x"
    assert both.resealed(anew) is None
    with pytest.raises(InvalidToken):
        both.resealed(Keyring(Fernet.generate_key()).seal(b"x"))


def test_derived_keys_and_fingerprints_go_with_their_masters() -> None:
    assert Keyring(NEW, OLD).derived("links") == (Keyring(NEW).derive("links"), Keyring(OLD).derive("links"))
    assert Keyring(NEW).derive("links") != Keyring(NEW).derive("other")
    assert Keyring(NEW, OLD).fingerprints() == (*Keyring(NEW).fingerprints(), *Keyring(OLD).fingerprints())
    assert NEW.decode()[:16] not in Keyring(NEW).fingerprints()[0]


def test_a_key_file_is_made_once_for_its_owner_only(path: Path) -> None:
    made, found = Keyring.open(path), Keyring.open(path)
    assert (made.made, found.made) == (True, False)
    assert made.masters == found.masters
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_the_file_of_one_key_of_an_earlier_release_is_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(OLD)  # without an end of line
    assert Keyring.open(path).masters == (OLD,)


def test_another_process_s_rotation_is_followed(path: Path) -> None:
    here, there = Keyring.open(path), Keyring.open(path)
    before = there.seal(b"x")
    here.replace(NEW, *here.masters)
    sealed = here.seal(b"new")
    assert there.open_sealed(sealed) == b"new"  # it meets what it cannot open, and reads the file again
    assert there.masters[0] == NEW
    assert here.open_sealed(before) == b"x"
    here.replace(NEW)
    assert Keyring(NEW).open_sealed(there.seal(b"y")) == b"y"  # it looks before it seals
    path.unlink()
    assert there.open_sealed(sealed) == b"new"  # while there is no file, what was read holds


def test_replacing_keeps_the_file_s_owner_and_mode_and_leaves_nothing_beside_it(path: Path) -> None:
    ring = Keyring.open(path)
    path.chmod(0o640)
    ring.replace(NEW, OLD)
    assert path.read_bytes() == NEW + b"\n" + OLD + b"\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(path.parent.iterdir()) == [path]


NO_KEYS = {
    "empty": b"",
    "blank": b"\n\n",
    "words": b"secret",
    "cut off": OLD[:-1],
    "a line too many": OLD + b"\nsecret\n",
    "run together": OLD + NEW,
}


@pytest.mark.parametrize("content", NO_KEYS.values(), ids=NO_KEYS)
def test_what_holds_no_key_is_refused(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(KeyFileUnusable, match="is not a key file"):
        Keyring.open(path)


def test_a_file_that_cannot_be_read_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(KeyFileUnusable, match="cannot be read"):
        key_file.read(path)


def test_only_a_file_of_one_s_own_making_is_taken_away(path: Path) -> None:
    made = Keyring.open(path)
    Keyring.open(path).forget_file()
    assert path.exists()
    path.write_bytes(OLD)  # the right one has been put there meanwhile
    assert made.masters == (OLD,)
    made.forget_file()
    assert path.exists()
    path.unlink()
    Keyring.open(path).forget_file()
    assert not path.exists()
