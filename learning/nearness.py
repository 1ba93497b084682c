"""How near a question is to each entry of a knowledge base."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer

from learning.questions import Wording, subject, worded

Floats = npt.NDArray[np.float64]
NOBODY = -1
"""The owner of a text that no entry answers."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """The nearest entry (its place in the knowledge base; `NOBODY`: none) and the features (6,) of its nearness."""

    entry: int
    features: Floats


@dataclass(frozen=True, slots=True)
class Nearness:
    """`texts` is (texts, grams), rows of length 1, `owner` each row's entry. Of each entry, by gram: `sums` of its rows
    (`squared`: their squared lengths), `counts` of its texts that hold it, `said` whether its answer does.
    """

    vectorizer: TfidfVectorizer
    texts: Any  # scipy's sparse matrix
    owner: npt.NDArray[np.int64]
    sums: Floats
    squared: Floats
    counts: npt.NDArray[np.int64]
    said: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, asked: Sequence[Sequence[str]], answers: Sequence[str], against: Sequence[str]) -> "Nearness":
        """From the phrasings and the answer of each entry, and texts that no entry answers."""
        whole = [" ".join([*phrasings, answer]) for phrasings, answer in zip(asked, answers, strict=True)]
        vectorizer = TfidfVectorizer(analyzer=subject, sublinear_tf=True).fit([*whole, *against])
        spoken = [(n, words) for n, phrasings in enumerate(asked) for words in phrasings]
        texts = vectorizer.transform([*(words for _, words in spoken), *against]).tocsr()
        owner = np.array([*(n for n, _ in spoken), *(NOBODY for _ in against)], dtype=np.int64)
        rows = [texts[owner == n] for n in range(len(asked))]
        sums = np.vstack([np.asarray(of_it.sum(axis=0)) for of_it in rows])
        counts = np.vstack([np.bincount(of_it.indices, minlength=texts.shape[1]) for of_it in rows])
        said = np.asarray(vectorizer.transform(answers).todense()) > 0
        return cls(vectorizer, texts, owner, sums, (sums**2).sum(axis=1), counts, said)

    def nearest(self, text: str, shut: Sequence[int] = ()) -> Candidate:
        """The entry that is nearest to a text, but none of `shut`."""
        wording = worded(text, self.vectorizer)
        return self._nearest(wording, self._similar(wording), shut=shut) if len(wording.columns) else _NONE

    def left_out(self, n: int, *, with_its_entry: bool = False) -> Candidate:
        """What text `n` would find if it were not there, nor, on demand, its entry."""
        row, entry = self.texts[n], int(self.owner[n])
        if not row.nnz:
            return _NONE
        wording = Wording(row.indices.astype(np.int64), row.data)
        similar = self._similar(wording)
        similar[n] = 0.0
        if not with_its_entry:
            return self._nearest(wording, similar, without=entry)
        similar[self.owner == entry] = 0.0
        return self._nearest(wording, similar, shut=[entry])

    def _similar(self, wording: Wording) -> Floats:
        """(texts,): the cosine with each."""
        column = np.zeros(self.texts.shape[1])
        column[wording.columns] = wording.weights
        return np.asarray(self.texts @ column)

    def _nearest(
        self, wording: Wording, similar: Floats, *, without: int = NOBODY, shut: Sequence[int] = ()
    ) -> Candidate:
        """`without`: of this entry the wording itself is left out; `shut`: these entries are not to be found."""
        towards, squared = self.sums[:, wording.columns] @ wording.weights, self.squared.copy()
        counts = self.counts[:, wording.columns]
        if without != NOBODY:
            squared[without] += 1 - 2 * towards[without]
            towards[without] -= 1
            counts[without] -= 1
        closest = np.zeros(len(towards))
        np.maximum.at(closest, self.owner[self.owner != NOBODY], similar[self.owner != NOBODY])
        covered = ((counts > 0) | self.said[:, wording.columns]) @ wording.weights**2
        central = towards / np.sqrt(np.maximum(squared, 1e-9))
        total = closest + central + covered
        total[list(shut)] = -1.0
        best, second = np.argsort(-total)[:2]
        if total[best] < 0:
            return _NONE
        against = similar[self.owner == NOBODY].max(initial=0.0)
        both = min(closest[best], covered[best]) ** 2
        lead, ahead = total[best] - max(total[second], 0.0), closest[best] - against
        return Candidate(int(best), np.array([closest[best], central[best], covered[best], lead, ahead, both]))


_NONE = Candidate(NOBODY, np.zeros(6))
