"""Which entry of the knowledge base answers a question, and how sure that is.

Sureness is calibrated on phrasings and whole entries left out, on complaints, and on questions that no general answer
settles. Confidence is about the question alone; whether a case may be answered at once, `casework.instant` says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from casework.instant import Found
from casework.screening import screen
from catalog.answers import Answer, KnowledgeBase
from catalog.items import Catalogue
from catalog.marked import read_marked
from learning.nearness import NOBODY, Candidate, Floats, Nearness
from learning.wording import without_place

UNSETTLED_FILE = Path(__file__).with_name("no_general_answer.yaml")
_ASKS = re.compile("[吗呢？?]|怎么|如何|什么|哪|多少|几|请问|想问")


def complaints(catalogue: Catalogue) -> tuple[str, ...]:
    """The catalogue's phrases that ask nothing: they want something done."""
    phrases = (phrase for item in catalogue.items for phrase in item.phrases)
    return tuple(p for p in phrases if not _ASKS.search(p) and screen(p).property != "question")


def unsettled(file: Path = UNSETTLED_FILE) -> tuple[str, ...]:
    """Questions that no general answer settles. Raises `catalog.marked.LoadError`."""
    return tuple(read_marked(file).value)


@dataclass(frozen=True, slots=True)
class Answerer:
    """Fitted once and kept, which takes about two seconds; a question takes a few milliseconds.

    `coefficients` (6,) and `intercept` turn a candidate's features into the log odds that it answers.
    """

    answers: tuple[Answer, ...]
    nearness: Nearness
    coefficients: Floats
    intercept: float

    @classmethod
    def of(cls, knowledge: KnowledgeBase, against: tuple[str, ...]) -> "Answerer":
        """Learn from a knowledge base of at least two answers; `against` are texts that none of them answers."""
        answers = knowledge.answers
        nearness = Nearness.of([each.spoken for each in answers], [each.answer for each in answers], against)
        rows, right = zip(*_trials(nearness), strict=True)
        model = LogisticRegression(C=10.0).fit(np.array(rows), right)
        return cls(answers, nearness, model.coef_[0], float(model.intercept_[0]))

    def find(self, text: str, place: str, today: date) -> Found | None:
        """The entry that fits best; None where no word of the question is known. Words of its place are left aside.

        An answer is not found any more after its last day (Asia/Shanghai).
        """
        over = [n for n, answer in enumerate(self.answers) if not answer.valid(today)]
        found = self.nearness.nearest(without_place(text, place), over)
        if found.entry == NOBODY:
            return None
        answer = self.answers[found.entry]
        return Found(answer.id, answer.version, self._sure(found), answer.answer, answer.source)

    def _sure(self, found: Candidate) -> float:
        return float(1 / (1 + np.exp(-(found.features @ self.coefficients + self.intercept))))


def _trials(nearness: Nearness) -> Iterator[tuple[Floats, bool]]:
    """The features of what each text finds without itself, and without its entry; and whether it is the right one."""
    for n, entry in enumerate(nearness.owner):
        found = nearness.left_out(n)
        yield found.features, entry != NOBODY and found.entry == entry
        if entry != NOBODY:
            yield nearness.left_out(n, with_its_entry=True).features, False
