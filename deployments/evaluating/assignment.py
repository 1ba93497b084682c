"""How often the right unit is named first or among three: in order of time, learning from each answer once given."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, astuple, dataclass
from pathlib import Path
from typing import Any

from catalog.districts import District
from catalog.items import Catalogue
from catalog.texts import text
from deployments.evaluating.asked import Asked
from deployments.evaluating.events_file import PastEvent, read_events
from deployments.evaluating.plain import ByMajority
from deployments.office import Office
from learning.assigning.learner import AssignmentLearner
from learning.assigning.look_up import look_up
from learning.assigning.own_table import OwnTable, names_of
from learning.assigning.unit_names import HistoricUnit, PlaceNames, Spellings
from learning.classifier import Classifier

BEST = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """The unit that had it, and those that were named, best first, before that was told."""

    unit: HistoricUnit
    named: tuple[HistoricUnit, ...]


async def score(office: Office, asked: Asked) -> dict[str, Any]:
    """As `evaluate_assignment`."""
    district = office.city.district(asked.district)
    return evaluate_assignment(asked.file, district, office.city.catalogue, asked.train)


def lines(document: Mapping[str, Any]) -> Iterator[str]:
    """The figures as percentages, and what identical requests alone tell."""
    look_up = document["look_up"]
    yield text("evaluate.assigned", n=document["n"], **_percent(document))
    yield text("evaluate.assigned_reference", **_percent(document["reference"]))
    yield text("evaluate.assigned_half", **_percent(document["last_half"]))
    others = {name: f"{look_up[name]:.1%}" for name in ("others_top1", "others_top3")}
    yield text("evaluate.looked_up", alone=f"{1 - look_up['alike']:.1%}", **others)


def _percent(scores: Mapping[str, Any]) -> dict[str, str]:
    return {name: f"{scores[name]:.1%}" for name in ("top1", "top3")}


def evaluate_assignment(
    file: Path,
    district: District,
    catalogue: Catalogue,
    train: Path | None = None,
    advanced: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """`{n, top1, top3, reference, by_name, last_half, look_up, …}`; a row of `train` is never scored.

    `reference`: the same of a plain majority look-up that learns as it goes, from the same rows.
    `top1` and `top3` ask for the unit with its street; `by_name` would take the unit of that name of any street.
    `other_street`: rows whose unit names another street than the row's. `unusable`: numbers of rows left out.
    Raises `CommandFailed` for a file of another shape, `OSError`.
    """
    taught = read_events(train).events if train else ()
    asked = read_events(file)
    spelled = [event.unit for event in (*taught, *asked.events)]
    names = [name for unit in district.units for name in names_of(unit)]
    spellings = Spellings(PlaceNames.of(district), [*spelled, *names])
    learner = _learner(district, catalogue, spellings)
    plain = ByMajority()
    for event in taught:
        unit = spellings.unit(event.unit, event.facts.street)
        learner.learn(learner.judge(event.facts), unit)
        plain.learn(event.facts, unit)
    answers = [_answer(learner, event, spellings, advanced) for event in asked.events]
    return {
        **_scores(answers),
        "reference": _scores([_plain_answer(plain, event, spellings) for event in asked.events]),
        "by_name": _scores(_without_streets(answers)),
        "last_half": _scores(answers[len(answers) // 2 :]),
        "look_up": _look_up(asked.events, answers),
        "other_street": sum(1 for _ in spellings.disagreeing((e.unit, e.facts.street) for e in asked.events)),
        "units": len({answer.unit for answer in answers}),
        "trained_on": len(taught),
        "unusable": list(asked.unusable),
    }


def _learner(district: District, catalogue: Catalogue, spellings: Spellings) -> AssignmentLearner:
    table = OwnTable(district, catalogue, Classifier.from_catalogue(catalogue), spellings)
    return AssignmentLearner(PlaceNames.of(district), table)


def _answer(learner: AssignmentLearner, event: PastEvent, spellings: Spellings, advanced: Callable[[], None]) -> Answer:
    unit = spellings.unit(event.unit, event.facts.street)
    judged = learner.judge(event.facts, BEST)
    learner.learn(judged, unit)
    advanced()
    return Answer(unit, tuple(ranked.unit for ranked in judged.ranked))


def _plain_answer(plain: ByMajority, event: PastEvent, spellings: Spellings) -> Answer:
    unit = spellings.unit(event.unit, event.facts.street)
    named = plain.named(event.facts, BEST)
    plain.learn(event.facts, unit)
    return Answer(unit, named)


def _without_streets(answers: Iterable[Answer]) -> list[Answer]:
    return [
        Answer(HistoricUnit(one.unit.name), tuple(HistoricUnit(unit.name) for unit in one.named)) for one in answers
    ]


def _scores(answers: Sequence[Answer]) -> dict[str, float]:
    n = len(answers)
    return {
        "n": n,
        "top1": round(sum(one.named[:1] == (one.unit,) for one in answers) / n, 4),
        "top3": round(sum(one.unit in one.named for one in answers) / n, 4),
    }


def _look_up(events: Sequence[PastEvent], answers: Sequence[Answer]) -> dict[str, float]:
    rows = [(astuple(event.facts)[1:], answer.unit) for event, answer in zip(events, answers, strict=True)]
    return {name: round(share, 4) for name, share in asdict(look_up(rows)).items()}
