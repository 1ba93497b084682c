"""Model files: the same model read again, and everything else refused with a sentence."""

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from learning import model_file
from learning.errors import ModelUnfit
from learning.history import Learnt, learn
from learning.model_file import About, load_model, save_model
from tests.unit.learning.made_history import told

ABOUT = About("2026-11-01-abc", "2026-11-29T02:00:00+00:00", 120, 90, 90, 0.9, 0.89, 0.02, 0.7, learnt=("ab", "cd"))


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return learn(told())


@pytest.fixture
def file(tmp_path: Path, learnt: Learnt) -> Path:
    save_model(tmp_path / "one.model", learnt.model, ABOUT)
    return tmp_path / "one.model"


def test_a_model_says_the_same_when_it_is_read_again(file: Path, learnt: Learnt) -> None:
    model, about = load_model(file, ABOUT.catalogue)
    assert about == ABOUT
    assert about.library.startswith("scikit-learn ")
    assert model.labels == learnt.model.labels
    texts = [one.text for one in told(50, seed=2)]
    assert np.array_equal(model.probabilities(texts), learnt.model.probabilities(texts))
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_model_of_another_catalogue_is_refused(file: Path) -> None:
    with pytest.raises(ModelUnfit, match=r"learnt under catalogue 2026-11-01-abc, and 2027 is in force.*huiyin train"):
        load_model(file, "2027")


def test_a_model_of_another_format_is_refused(tmp_path: Path, learnt: Learnt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_file, "FORMAT", model_file.FORMAT + 1)
    save_model(tmp_path / "newer.model", learnt.model, ABOUT)
    monkeypatch.undo()
    with pytest.raises(ModelUnfit, match="another format"):
        load_model(tmp_path / "newer.model")


def _half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


@pytest.mark.parametrize(
    "content",
    [b"", b"no model", _half, pickle.dumps({"weights": 1}), json.dumps({"kind": "huiyin-model"}).encode()],
    ids=["empty", "text", "half", "pickle", "json"],
)
def test_what_is_no_model_is_refused(file: Path, content: object) -> None:
    file.write_bytes(content(file.read_bytes()) if callable(content) else content)  # type: ignore[arg-type]
    with pytest.raises(ModelUnfit, match="no model or is damaged"):
        load_model(file)


@pytest.mark.parametrize("name", ["grams0", "idf0", "weights", "bias", "header"])
def test_parts_that_do_not_go_together_are_refused(file: Path, name: str) -> None:
    with np.load(file) as whole:
        parts = dict(whole)
    if name == "header":
        header = json.loads(parts["header"].tobytes())
        header["blocks"][0]["field"] = header["fields"]
        parts["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    elif name == "grams0":  # the second is the first once more
        grams = parts["grams0"].tobytes().decode().split("\n")
        parts["grams0"] = np.frombuffer("\n".join([grams[0], grams[0], *grams[2:]]).encode(), dtype=np.uint8)
    else:
        parts[name] = parts[name][:-1]
    with file.open("wb") as out:
        np.savez(out, **parts)
    with pytest.raises(ModelUnfit, match="no model or is damaged"):
        load_model(file)


def test_reading_runs_no_code(tmp_path: Path) -> None:
    """An array of objects would be unpickled: numpy is told not to."""
    harmful = np.array([Harm(tmp_path / "harmed")], dtype=object)
    with (tmp_path / "harmful.model").open("wb") as out:
        np.savez(out, header=harmful)
    with pytest.raises(ModelUnfit):
        load_model(tmp_path / "harmful.model")
    assert not (tmp_path / "harmed").exists()


class Harm:
    """Writes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (self.file,)  # type: ignore[return-value]
