"""Which unit a request goes to, learnt from one assignment after another.

Each respect in which requests are alike is a source that votes by its counts, twice: for the units themselves, and for
units as they look from the place (`learning.assigning.vantage`). One more is the district's own table, where there is
one. How far a source is believed is learnt as well.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from learning.assigning.counting import SPANS, Counts, Floats
from learning.assigning.facts import Facts, contexts
from learning.assigning.unit_names import HistoricUnit, PlaceNames
from learning.assigning.vantage import Vantage
from learning.assigning.weighing import Evidence, Weights

BY_UNIT = contexts(
    ". street kind+street main main+street sub sub+street sub+community sub+channel sub+street+channel"
    " sub+community+channel main+community community sub+nature"
)
BY_KIND = contexts(". kind main sub sub+channel sub+nature main+street sub+street channel sub+street+channel")
LEANING = contexts(
    ". kind main sub street community channel nature sub+street sub+community sub+channel main+street main+community"
    " kind+street kind+community channel+kind channel+main channel+street channel+community hours sub+channel+street"
    " sub+hours sub+nature"
)
TABLE_WEIGHT = 0.5
TABLE_REQUESTS = 8.0
"""The table is a source like others: as if it had seen so many requests."""

TRUST = 2.0
"""A source that has seen as many requests as this is believed half: the other half is how often a unit has anything."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A unit with the probability (0..1) that the request goes to it."""

    unit: HistoricUnit
    probability: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A request as it was judged: the best units, best first, and what they were found by."""

    facts: Facts
    ranked: tuple[Ranked, ...]
    evidence: Evidence | None
    probabilities: Floats


class Table(Protocol):
    """What is known before anything was learnt."""

    @property
    def units(self) -> Sequence[HistoricUnit]: ...

    def says(self, facts: Facts) -> Mapping[HistoricUnit, float]: ...


class AssignmentLearner:
    """Starts from the table alone; judges, then is told. The same rows in the same order give the same answers."""

    def __init__(self, places: PlaceNames, table: Table | None = None) -> None:
        self._table = table
        self._units: list[HistoricUnit] = []
        self._numbers: dict[HistoricUnit, int] = {}
        self._vantage = Vantage(places, self._units)
        self._often = np.zeros(0)
        self._tables = [Counts() for _ in BY_UNIT + BY_KIND]
        self._weights = Weights(SPANS * (len(BY_UNIT) + len(BY_KIND)), more=(TABLE_WEIGHT,) if table else ())
        for unit in table.units if table else ():
            self._number(unit)

    def judge(self, facts: Facts, best: int = 3) -> Judged:
        """The `best` likeliest units; none as long as nothing was learnt."""
        if not self._units:
            return Judged(facts, (), None, np.zeros(0))
        evidence = self._evidence(facts)
        probabilities = self._weights.probabilities(evidence)
        order = np.argsort(-probabilities, kind="stable")[:best]
        ranked = tuple(Ranked(self._units[n], float(probabilities[n])) for n in order)
        return Judged(facts, ranked, evidence, probabilities)

    def learn(self, judged: Judged, unit: HistoricUnit) -> None:
        """The request went to this unit, whatever was thought."""
        known = self._numbers.get(unit)
        if judged.evidence is not None and known is not None:
            self._weights.learn(judged.evidence, judged.probabilities, known)
        self._count(judged.facts, self._number(unit))

    def _evidence(self, facts: Facts) -> Evidence:
        kinds = np.array(self._vantage.kinds(facts.street, facts.community))
        usual = (self._often + 0.3) / (self._often.sum() + 0.3 * len(self._units))
        found = self._counts(facts)
        of_units = [counts[:, kinds] if n >= len(BY_UNIT) else counts for n, counts in enumerate(found)]
        if self._table is not None:
            tabled = self._tabled(self._table, facts)
            found, of_units = [*found, tabled], [*of_units, tabled]
        support = np.concatenate([counts.sum(axis=1) for counts in found])
        gains = (np.concatenate(of_units) / usual + TRUST) / (support + TRUST)[:, None]
        return Evidence(np.log(usual), np.log(gains), support, kinds, tuple(map(facts.key, LEANING)))

    def _counts(self, facts: Facts) -> list[Floats]:
        """By source an array (SPANS, units) or (SPANS, kinds)."""
        sizes = [len(self._units)] * len(BY_UNIT) + [self._vantage.size] * len(BY_KIND)
        return [
            table.of(facts.key(context), facts.at, size)
            for context, table, size in zip(BY_UNIT + BY_KIND, self._tables, sizes, strict=True)
        ]

    def _tabled(self, table: Table, facts: Facts) -> Floats:
        """(1, units)."""
        counts = np.zeros((1, len(self._units)))
        for unit, share in table.says(facts).items():
            counts[0, self._numbers[unit]] = TABLE_REQUESTS * share
        return counts

    def _count(self, facts: Facts, number: int) -> None:
        self._often[number] += 1
        kind = self._vantage.kinds(facts.street, facts.community)[number]
        outcomes = [(number, len(self._units))] * len(BY_UNIT) + [(kind, self._vantage.size)] * len(BY_KIND)
        for context, table, (outcome, size) in zip(BY_UNIT + BY_KIND, self._tables, outcomes, strict=True):
            table.add(facts.key(context), outcome, facts.at, size)

    def _number(self, unit: HistoricUnit) -> int:
        if unit not in self._numbers:
            self._numbers[unit] = len(self._units)
            self._units.append(unit)
            self._often = np.append(self._often, 0.0)
        return self._numbers[unit]
