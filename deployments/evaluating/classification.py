"""Classification scored: labels learnt from one file and told of another, or the district's model in use."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from catalog.texts import text
from deployments.errors import CommandFailed
from deployments.evaluating.asked import Asked
from deployments.evaluating.plain import by_svm
from deployments.labelled_file import LabelledRow
from deployments.models import models_of
from deployments.office import Office
from learning.blocks import Text
from learning.folds import likeness
from learning.history import FEW_LABELS, Learnt, Told, learn
from learning.item_history import items_of, unlearnt
from learning.model_file import About, save_model
from learning.scores import automatic, rights, scores, threshold_for

TIMED = 200
"""Texts that are classified one by one, for the time that a request takes."""

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said of each row, how sure that was, and from which confidence on no dispatcher is needed."""

    truth: Sequence[str]
    said: Sequence[str]
    confidence: Sequence[float]
    threshold: float

    def document(self) -> dict[str, Any]:
        """The figures of CONTRACT, and `automatic`."""
        figures = scores(self.truth, self.said, self.confidence)
        through = automatic(self.confidence, rights(self.truth, self.said), self.threshold)
        return {**asdict(figures), "automatic": asdict(through)}


async def score(office: Office, asked: Asked) -> dict[str, Any]:
    """`{n, macro_f1, accuracy, ece, per_label, automatic, …}`.

    Raises `CommandFailed`, `UnknownDistrict`, `TooLittle`.
    """
    district = office.city.district(asked.district)
    rows = asked.columns.read(asked.file)
    if asked.train is not None:
        return _learnt_alone(asked.columns.read(asked.train), rows)
    async with office.ledger.database.read() as session:
        policy = await office.ledger.policies.get(session, await office.ledger.policies.latest(session, district.code))
    return _in_use(office, district.code, rows, policy.confidence_threshold)


def lines(document: Mapping[str, Any]) -> Iterator[str]:
    """The figures as percentages, label by label."""
    through = document["automatic"]
    yield text("evaluate.figures", n=document["n"], **{key: f"{document[key]:.3f}" for key in ("macro_f1", "accuracy")})
    if document.get("reference"):
        yield text("evaluate.reference", **{key: f"{value:.3f}" for key, value in document["reference"].items()})
    yield text("evaluate.ece", ece=f"{document['ece']:.3f}")
    yield text(
        "evaluate.automatic",
        share=f"{through['share']:.1%}",
        precision=f"{through['precision']:.1%}",
        threshold=f"{through['threshold']:.2f}",
    )
    if "seconds" in document:
        size = f"{document['model_bytes'] / 1e6:.1f}"
        yield text(
            "evaluate.learnt", **{key: document[key] for key in ("trained_on", "seconds", "milliseconds")}, size=size
        )
    if document["seen"]:
        yield text("evaluate.seen", n=document["seen"])
    worst = sorted(document["per_label"].items(), key=lambda each: each[1]["f1"])
    for label, each in worst[:SHOWN]:
        figures = {key: f"{each[key]:.3f}" for key in ("f1", "precision", "recall")}
        yield text("evaluate.label", label=label or text("evaluate.nothing"), n=each["n"], **figures)
    if len(worst) > SHOWN:
        yield text("evaluate.more_labels", n=len(worst) - SHOWN)
    for row in document.get("unknown", ())[:SHOWN]:
        yield text("train.unknown_label", **row)


def _learnt_alone(train: Sequence[LabelledRow], rows: Sequence[LabelledRow]) -> dict[str, Any]:
    """Fitted on one file, its threshold too, by cross-fitting; scored on the other, and measured."""
    began = time.perf_counter()
    learnt = learn([Told(row.fields, row.label) for row in train])
    seconds = time.perf_counter() - began
    texts = [row.fields for row in rows]
    probabilities = learnt.model.probabilities(texts)
    said = [learnt.model.labels[n] for n in probabilities.argmax(axis=1)]
    held_out = rights([one.label for one in learnt.judged], learnt.said)
    threshold = threshold_for(list(learnt.confidence), held_out)
    answers = Answers([row.label for row in rows], said, list(map(float, probabilities.max(axis=1))), threshold)
    known = {likeness(row.fields) for row in train}
    return {
        **answers.document(),
        "reference": _reference(train, rows) if len(learnt.model.labels) <= FEW_LABELS else None,
        "trained_on": learnt.texts,
        "seen": sum(likeness(each) in known for each in texts),
        "seconds": round(seconds, 1),
        "milliseconds": round(_milliseconds(learnt, texts[:TIMED]), 2),
        "model_bytes": _size(learnt),
    }


def _reference(train: Sequence[LabelledRow], rows: Sequence[LabelledRow]) -> dict[str, float]:
    said = by_svm([row.whole for row in train], [row.label for row in train], [row.whole for row in rows])
    figures = scores([row.label for row in rows], said, [1.0] * len(rows))
    return {"macro_f1": figures.macro_f1, "accuracy": figures.accuracy}


def _in_use(office: Office, district: str, rows: Sequence[LabelledRow], threshold: float) -> dict[str, Any]:
    """The model that classifies now; labels are item codes or names, what is neither is told by row."""
    known = items_of(office.city.catalogue)
    judged = [row for row in rows if row.label in known]
    if not judged:
        raise CommandFailed(text("evaluate.no_item", label=rows[0].label))
    model = models_of(office).of(district)
    found = [model.judge.classify(row.whole) for row in judged]
    answers = Answers(
        [known[row.label] for row in judged], [one.item for one in found], [one.confidence for one in found], threshold
    )
    told = [Told((row.shown,), row.label) for row in judged]
    unknown = [{"row": row.number, "label": row.label} for row in rows if row.label not in known]
    return {
        **answers.document(),
        "seen": len(judged) - len(unlearnt(told, model.about, office.ledger.vault.blinded)),
        "model": asdict(replace(model.about, learnt=())) if model.about else None,
        "unknown": unknown,
    }


def _milliseconds(learnt: Learnt, texts: Sequence[Text]) -> float:
    """Of one request, on the average."""
    began = time.perf_counter()
    for each in texts:
        learnt.model.probabilities([each])
    return 1000 * (time.perf_counter() - began) / len(texts)


def _size(learnt: Learnt) -> int:
    """Of the model's file, which is not kept."""
    about = About("", "", learnt.texts, learnt.texts, len(learnt.judged), 0.0, 0.0, 0.0, 0.0)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "model"
        save_model(file, learnt.model, about)
        return file.stat().st_size
