"""A district's shelf of models, and the pointer that running processes look at."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from learning.classifier import Classification, Classifier
from learning.history import Learnt, learn
from learning.in_use import ModelsInUse
from learning.shelf import KEPT, POINTER, Shelf
from tests.unit.learning.made_history import told
from tests.unit.learning.test_model_file import ABOUT

NOW = datetime(2026, 11, 29, 2, tzinfo=UTC)
TEXT = "路灯不亮，附近居民希望处理"


@pytest.fixture(scope="module")
def learnt() -> Learnt:
    return learn(told())


@pytest.fixture
def models(tmp_path: Path, small: Classifier) -> tuple[ModelsInUse, list[str]]:
    said: list[str] = []
    return ModelsInUse(tmp_path, ABOUT.catalogue, lambda: small, said.append), said


def test_the_last_few_models_are_kept_and_the_one_in_use_always(tmp_path: Path, learnt: Learnt) -> None:
    shelf = Shelf(tmp_path / "demo")
    files = [shelf.put(learnt.model, ABOUT, NOW + timedelta(days=n)) for n in range(KEPT + 2)]
    shelf.use(files[0])
    assert shelf.models() == [files[0], *files[-KEPT + 1 :]]
    shelf.use(files[-1])
    assert shelf.models() == files[-KEPT:] or shelf.models() == [files[0], *files[-KEPT + 1 :]]
    assert len(shelf.models()) == KEPT
    assert shelf.in_use() == files[-1]


def test_without_a_model_the_catalogue_speaks(models: tuple[ModelsInUse, list[str]], small: Classifier) -> None:
    in_use, said = models
    assert in_use.of("demo").judge is small
    assert in_use.of("demo").about is None
    assert said == []


def test_a_new_pointer_is_noticed_and_the_same_one_loads_nothing(
    models: tuple[ModelsInUse, list[str]], learnt: Learnt
) -> None:
    in_use, said = models
    before = in_use.of("demo").judge
    shelf = in_use.shelf("demo")
    shelf.use(shelf.put(learnt.model, ABOUT, NOW))
    first = in_use.of("demo")
    assert first.judge is not before
    assert first.about == ABOUT
    assert in_use.of("demo") is first
    assert first.judge.classify(TEXT).item == "路灯"
    assert in_use.of("other").judge is before
    shelf.use(shelf.put(learn(told(60, seed=3)).model, ABOUT, NOW + timedelta(days=1)))
    assert in_use.of("demo") is not first
    assert said == []


@pytest.mark.parametrize("fault", ["gone", "damaged", "of another catalogue"])
def test_a_model_that_cannot_be_used_is_told_of_once(
    models: tuple[ModelsInUse, list[str]], learnt: Learnt, small: Classifier, fault: str
) -> None:
    in_use, said = models
    shelf = in_use.shelf("demo")
    file = shelf.put(learnt.model, ABOUT, NOW)
    shelf.use(file)
    if fault == "gone":
        file.unlink()
    elif fault == "damaged":
        file.write_bytes(b"PK")
    else:
        in_use.catalogue = "2027"
    assert [in_use.of("demo").judge, in_use.of("demo").judge] == [small, small]
    assert len(said) == 1
    assert "demo is classified by the catalogue's own texts" in said[0]


def test_a_pointer_leads_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / POINTER).write_text("../../etc/passwd\n", encoding="utf-8")
    assert Shelf(tmp_path).in_use() == tmp_path / "passwd"


def test_a_trained_model_answers_as_the_catalogues_does(models: tuple[ModelsInUse, list[str]], learnt: Learnt) -> None:
    in_use, _ = models
    shelf = in_use.shelf("demo")
    shelf.use(shelf.put(learnt.model, ABOUT, NOW))
    judge = in_use.of("demo").judge
    judged = judge.classify(TEXT)
    assert (judged.item, judged.confidence) == (judged.candidates[0].item, judged.candidates[0].confidence)
    assert len(judged.candidates) == 3
    assert sum(one.confidence for one in judged.candidates) == pytest.approx(1.0)
    assert any("路灯" in word or "不亮" in word for word in judged.candidates[0].words)
    assert judge.classify("Ωμέγα") == Classification("", 0.0, ())
    assert judge.classify(f"江畔路{TEXT}", place="江畔路") == judge.classify(f" {TEXT}")
