"""What is learnt from the public messages, on rows that were left out. Figures and their meaning: decision 20."""

import csv
from pathlib import Path

import pytest

from learning.blocks import Text
from learning.folds import likeness, parts
from learning.history import Told, learn
from learning.model_file import About, save_model
from learning.scores import automatic, rights, scores, threshold_for

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
ABOUT = About("", "", 0, 0, 0, 0.0, 0.0, 0.0, 0.0)

pytestmark = [pytest.mark.shared_data, pytest.mark.slow]


def read(name: str, *columns: str) -> tuple[list[Text], list[str]]:
    file = DATA / name
    if not file.exists():
        pytest.skip(f"{file} is not there: the public messages are kept beside the project")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    return [tuple(row[column] for column in columns) for row in rows], [row["label"] for row in rows]


@pytest.mark.parametrize(
    ("name", "columns", "macro_f1", "share"),
    [("messages_labelled.csv", ("title", "detail"), 0.92, 0.90), ("titles_labelled.csv", ("title",), 0.88, 0.75)],
)
def test_a_fixed_part_that_was_left_out_is_told_well(
    name: str, columns: tuple[str, ...], macro_f1: float, share: float, tmp_path: Path
) -> None:
    texts, labels = read(name, *columns)
    out = parts(texts, labels, 5) == 0
    learnt = learn([Told(text, label) for text, label, away in zip(texts, labels, out, strict=True) if not away])
    asked = [text for text, away in zip(texts, out, strict=True) if away]
    assert not {likeness(text) for text in asked} & {likeness(one.text) for one in learnt.judged}
    probabilities = learnt.model.probabilities(asked)
    truth = [label for label, away in zip(labels, out, strict=True) if away]
    said = [learnt.model.labels[n] for n in probabilities.argmax(axis=1)]
    confidence = list(map(float, probabilities.max(axis=1)))
    figures = scores(truth, said, confidence)
    assert figures.macro_f1 >= macro_f1
    assert figures.ece <= 0.03
    threshold = threshold_for(list(learnt.confidence), rights([one.label for one in learnt.judged], learnt.said))
    through = automatic(confidence, rights(truth, said), threshold)
    assert through.share >= share
    assert through.precision >= 0.93  # chosen elsewhere for 0.95
    save_model(tmp_path / "model", learnt.model, ABOUT)
    assert (tmp_path / "model").stat().st_size <= 20_000_000
