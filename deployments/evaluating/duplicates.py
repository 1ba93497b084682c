"""Duplicates (并案) measured on pairs that were labelled by hand: precision, recall and F1.

``python -m deployments.evaluating.duplicates MESSAGES PAIRS`` prints them, and the weights to be shipped
(``learning/duplicates.yaml``), which are fitted on all pairs and scored on none.
"""

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import precision_recall_fscore_support
from sklearn.model_selection import GroupKFold

from casework.routing import locate, without_places
from catalog.districts import District
from catalog.items import Catalogue
from catalog.loading import load_catalogue
from catalog.marked import LoadError
from catalog.texts import text
from deployments.errors import CommandFailed
from deployments.evaluating.asked import Asked
from deployments.office import Office
from learning.duplicates import Weights, features, fit, shipped
from learning.likeness import Likeness, Told
from learning.scorer import Floats

PARTS = 5
FEWEST = 10
"""Pairs of either kind without which nothing can be fitted."""
_MASKED_PLACE = re.compile("[A-Z][0-9]*[市区县]")


class UnusableSet(Exception):
    """The messages or the pairs cannot be scored: the sentence says why."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Two requests each, whether they are the same, and a group a pair shares with all that share a request with it."""

    told: tuple[tuple[Told, Told], ...]
    same: npt.NDArray[np.bool_]
    groups: npt.NDArray[np.int64]


async def score(office: Office, asked: Asked) -> dict[str, Any]:
    """As `evaluate`. Raises `CommandFailed`."""
    if asked.pairs is None:
        raise CommandFailed(text("evaluate.no_pairs"))
    try:
        return evaluate(asked.file, asked.pairs, office.city.catalogue, office.city.district(asked.district))
    except UnusableSet as unusable:
        raise CommandFailed(str(unusable)) from unusable


def lines(document: Mapping[str, Any]) -> Iterator[str]:
    """The figures in one line."""
    figures = {name: f"{document[name]:.3f}" for name in ("precision", "recall", "f1")}
    yield text("evaluate.pairs", n=document["n"], same=document["same"], **figures)


def evaluate(messages: Path, pairs: Path, catalogue: Catalogue, district: District | None = None) -> dict[str, Any]:
    """`{n, precision, recall, f1, threshold, …}`, cross-fitted: every pair is judged by weights and by a threshold that
    were fitted on other pairs, none of which shares a request with it.

    `threshold` is the middle one of the parts'. `shipped`: the weights as they are shipped, at one half; they have seen
    the project's own pairs. Raises `UnusableSet`.
    """
    labelled = read(messages, pairs, district)
    rows = features(Likeness.from_catalogue(catalogue), labelled.told)
    judged, thresholds = _cross_fitted(rows, labelled)
    as_shipped = shipped().probabilities(rows) >= 0.5
    return {
        "n": len(labelled.same),
        **_scores(labelled.same, judged),
        "threshold": round(float(np.median(thresholds)), 4),
        "same": int(labelled.same.sum()),
        "shipped": {**_scores(labelled.same, as_shipped), "threshold": 0.5},
    }


def fitted(messages: Path, pairs: Path, catalogue: Catalogue, district: District | None = None) -> Weights:
    """The weights that all pairs make. Raises `UnusableSet`."""
    labelled = read(messages, pairs, district)
    _check(labelled.same)
    return fit(features(Likeness.from_catalogue(catalogue), labelled.told), labelled.same)


def read(messages: Path, pairs: Path, district: District | None = None) -> Pairs:
    """Messages by their number (留言编号, 留言主题, 留言详情); pairs as `id1,id2,same`.

    Raises `UnusableSet`, `OSError`.
    """
    texts = {row["留言编号"]: row for row in _rows(messages, ("留言编号", "留言主题", "留言详情"))}
    labelled = _rows(pairs, ("id1", "id2", "same"))
    for number in (row[name] for row in labelled for name in ("id1", "id2")):
        if number not in texts:
            raise UnusableSet(text("evaluate.unknown_message", pairs=pairs, number=number, messages=messages))
    told = {number: _told(row, district) for number, row in texts.items()}
    ids = [(row["id1"], row["id2"]) for row in labelled]
    return Pairs(
        tuple((told[one], told[other]) for one, other in ids),
        np.array([row["same"] == "1" for row in labelled]),
        _groups(ids),
    )


def _told(row: Mapping[str, str], district: District | None) -> Told:
    """In public messages places are masked (A3区): the mask stands for a street where the district has none."""
    words = "".join(f"{row['留言主题']}。{row['留言详情']}".split())
    if district is not None and (found := locate(district, "", words)).street:
        return Told(without_places(district, words), "", found.street, found.community)
    masks = [mask for mask in _MASKED_PLACE.findall(words) if len(mask) > 2]  # the city's alone says little
    return Told(_MASKED_PLACE.sub(" ", words), "", masks[0] if masks else None)


def _rows(file: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            reader = csv.DictReader(opened)
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise UnusableSet(text("evaluate.no_column", file=file, column=missing[0]))
            return list(reader)
    except UnicodeDecodeError as error:
        raise UnusableSet(text("evaluate.not_utf8", file=file)) from error


def _groups(ids: Sequence[tuple[str, str]]) -> npt.NDArray[np.int64]:
    """Pairs that share a request, directly or by others, are of one group."""
    leader: dict[str, str] = {}

    def of(one: str) -> str:
        while leader.setdefault(one, one) != one:
            one = leader[one]
        return one

    for one, other in ids:
        leader[of(one)] = of(other)
    numbers = {name: n for n, name in enumerate(sorted({of(one) for one, _ in ids}))}
    return np.array([numbers[of(one)] for one, _ in ids])


def _cross_fitted(rows: Floats, labelled: Pairs) -> tuple[npt.NDArray[np.bool_], list[float]]:
    _check(labelled.same)
    judged, thresholds = np.zeros(len(rows), dtype=bool), []
    for others, part in GroupKFold(PARTS).split(rows, labelled.same, labelled.groups):
        weights = fit(rows[others], labelled.same[others])
        threshold = best_threshold(weights.probabilities(rows[others]), labelled.same[others])
        judged[part] = weights.probabilities(rows[part]) >= threshold
        thresholds.append(threshold)
    return judged, thresholds


def _check(same: npt.NDArray[np.bool_]) -> None:
    if min(same.sum(), (~same).sum()) < FEWEST:
        raise UnusableSet(text("evaluate.too_few_pairs", fewest=FEWEST))


def best_threshold(probabilities: Floats, same: npt.NDArray[np.bool_]) -> float:
    """The one of the highest F1; of several the middle, which holds best on other pairs."""
    candidates = np.unique(probabilities)
    scores = np.array([_scores(same, probabilities >= one)["f1"] for one in candidates])
    best = candidates[scores == scores.max()]
    return float(best[len(best) // 2])


def _scores(same: npt.NDArray[np.bool_], judged: npt.NDArray[np.bool_]) -> dict[str, float]:
    precision, recall, f1, _ = precision_recall_fscore_support(same, judged, average="binary", zero_division=0)
    return {"precision": round(float(precision), 4), "recall": round(float(recall), 4), "f1": round(float(f1), 4)}


def main() -> None:
    """Exits with 1 and one sentence for what a person can do something about."""
    parser = argparse.ArgumentParser(prog="python -m deployments.evaluating.duplicates", description=__doc__)
    parser.add_argument("messages", type=Path)
    parser.add_argument("pairs", type=Path)
    given = parser.parse_args()
    try:
        catalogue = load_catalogue()
        told = evaluate(given.messages, given.pairs, catalogue)
        weights = fitted(given.messages, given.pairs, catalogue)
    except (UnusableSet, LoadError, OSError) as error:
        sys.exit(str(error))
    print(json.dumps({**told, "fitted": asdict(weights)}, ensure_ascii=False, indent=2))


if __name__ == "__main__":
    main()
