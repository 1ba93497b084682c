"""The plain methods that every figure is held against: fitted and asked on the same rows, in the same run."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits

from learning.assigning.facts import Context, Facts, contexts
from learning.assigning.unit_names import HistoricUnit
from learning.errors import TooLittle

GRAMS = (1, 2)
RESPECTS = contexts("sub+community sub+street main+community main+street kind+community kind+street street .")
"""In which a request is looked up, the closest first."""


def by_svm(texts: Sequence[str], labels: Sequence[str], asked: Sequence[str]) -> list[str]:
    """A label for each text asked of, by a linear SVM on TF-IDF of characters and their pairs.

    Raises `TooLittle` where there are fewer than two labels.
    """
    if len(set(labels)) < 2:
        raise TooLittle
    with threadpool_limits(limits=1):
        grams = TfidfVectorizer(analyzer="char", ngram_range=GRAMS, sublinear_tf=True)
        machine = LinearSVC().fit(grams.fit_transform(texts), labels)
        return list(map(str, machine.predict(grams.transform(asked))))


class ByMajority:
    """Names the units that most requests like this one went to; those that are less like it fill up the list."""

    def __init__(self) -> None:
        self._seen: dict[Context, Counter[HistoricUnit]] = defaultdict(Counter)

    def named(self, facts: Facts, best: int) -> tuple[HistoricUnit, ...]:
        """At most `best`, the likeliest first; empty before the first request is learnt."""
        ranked: dict[HistoricUnit, None] = {}
        for respect in RESPECTS:
            seen = self._seen.get(facts.key(respect), Counter())
            ranked |= dict.fromkeys(unit for unit, _ in seen.most_common(best))
        return tuple(ranked)[:best]

    def learn(self, facts: Facts, unit: HistoricUnit) -> None:
        for respect in RESPECTS:
            self._seen[facts.key(respect)][unit] += 1
