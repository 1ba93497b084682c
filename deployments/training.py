"""`huiyin train`: a district's labelled file as history, learnt beside its dispatchers' corrections."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from catalog.texts import text
from deployments.errors import CommandFailed
from deployments.labelled_file import LabelledColumns, LabelledRow
from deployments.models import models_of
from deployments.office import Office
from learning.item_history import items_of
from tasks.training import Outcome, Training

FEWEST = 20
"""Texts unknown to the model in use; a night asks for more, since nobody looks on."""


async def train(office: Office, district: str, path: Path, columns: LabelledColumns) -> dict[str, Any]:
    """Learn, and keep the better model. Raises `CommandFailed`, `UnknownDistrict`, `TooLittle`.

    Texts are masked before anything is learnt from them. `{verdict, n, in_use, new, …}`: accuracies on the same texts.
    """
    code = office.city.district(district).code
    rows, items = columns.read(path), items_of(office.city.catalogue)
    known = [row for row in rows if row.label in items]
    if not known:
        raise CommandFailed(text("train.no_item", file=path.name, label=rows[0].label))
    training = Training(office.ledger, office.city.catalogue, models_of(office), office.settings.models_folder)
    outcome = await training.run(code, [(row.shown, items[row.label]) for row in known], FEWEST)
    return {**_document(outcome), "rows": len(rows), "unknown": _unknown(rows, items)}


def _unknown(rows: Sequence[LabelledRow], items: dict[str, str]) -> list[dict[str, Any]]:
    return [{"row": row.number, "label": row.label} for row in rows if row.label not in items]


def _document(outcome: Outcome) -> dict[str, Any]:
    decision, about = outcome.decision, outcome.trial.about if outcome.trial else None
    return {
        "verdict": decision.verdict.value,
        "promoted": outcome.file is not None,
        "judged": decision.n,
        "in_use": round(decision.in_use, 4),
        "new": round(decision.new, 4),
        "labelled": outcome.labelled,
        "corrections": outcome.corrections,
        "macro_f1": round(about.macro_f1, 4) if about else None,
        "ece": round(about.ece, 4) if about else None,
        "model": outcome.file.name if outcome.file else None,
    }
