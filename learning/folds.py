"""Parts of a set of labelled texts for judging on what was not learnt: each text in one part, its copies with it."""

import hashlib
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from learning.blocks import Text, plain

Parts = npt.NDArray[np.intp]


def likeness(text: Text) -> str:
    """The same for texts that differ in numbers, punctuation and place codes alone."""
    return "\n".join(plain(field).replace(" ", "") for field in text)


def parts(texts: Sequence[Text], labels: Sequence[str], n: int) -> Parts:
    """Part (0..n-1) of each text: every label spread evenly, copies together, always the same for the same texts."""
    copies = [likeness(text) for text in texts]
    first = _first(copies, labels)
    dealt = {copy: place % n for place, copy in enumerate(sorted(first, key=lambda copy: (first[copy], _digest(copy))))}
    return np.array([dealt[copy] for copy in copies], dtype=np.intp)


def distinct(texts: Sequence[Text], labels: Sequence[str]) -> Counter[str]:
    """How many different texts each label has; of copies with several labels, the first label has it."""
    return Counter(_first([likeness(text) for text in texts], labels).values())


def _first(copies: Sequence[str], labels: Sequence[str]) -> dict[str, str]:
    first: dict[str, str] = {}
    for copy, label in zip(copies, labels, strict=True):
        first.setdefault(copy, label)
    return first


def _digest(copy: str) -> str:
    return hashlib.sha256(copy.encode()).hexdigest()
