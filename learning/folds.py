"""Parts of a set of labelled texts for judging on what was not learnt: each text in one part, its copies with it."""

import hashlib
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
    first: dict[str, str] = {}
    for text, label in zip(texts, labels, strict=True):
        first.setdefault(likeness(text), label)
    dealt = {copy: place % n for place, copy in enumerate(sorted(first, key=lambda copy: (first[copy], _digest(copy))))}
    return np.array([dealt[likeness(text)] for text in texts], dtype=np.intp)


def distinct(texts: Sequence[Text], labels: Sequence[str]) -> dict[str, int]:
    """How many different texts each label has."""
    seen: dict[str, set[str]] = {}
    for text, label in zip(texts, labels, strict=True):
        seen.setdefault(label, set()).add(likeness(text))
    return {label: len(copies) for label, copies in seen.items()}


def _digest(copy: str) -> str:
    return hashlib.sha256(copy.encode()).hexdigest()
