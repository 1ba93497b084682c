"""Finds what identifies a person in free text and masks it: numbers, doors, names given, names introduced.

When in doubt it masks: a price lost from a sentence is a nuisance, a leaked number is a breach. The words themselves
are in the vault, so nothing is lost for those who may open it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain

from casework.given import NOBODY, Given
from casework.identifiers import Kind, half_width, identifiers
from casework.introductions import introduced
from catalog.texts import text as shown

__all__ = ["NOBODY", "Given", "Kind", "Masked", "mask"]

_MASKED = "\x00"
"""What stands for masked characters while more is looked for: no word goes on over it, and none begins with it."""

PASSES = 9
"""What is masked may part what stood beside it, so it is looked again; more than a few looks find nothing."""

Span = tuple[int, int, Kind]


@dataclass(frozen=True, slots=True)
class Masked:
    """The text with each finding replaced by its kind in brackets; the kinds in the order they were found."""

    text: str
    found: tuple[Kind, ...]


def mask(text: str, given: Given = NOBODY) -> Masked:
    """Mask personal data in Chinese free text, and whatever the case was given. Masking twice changes nothing more."""
    found: list[Kind] = []
    for _ in range(PASSES):
        spans = _findings(text, given)
        if not spans:
            break
        parts, last = [], 0
        for start, end, kind in spans:
            parts += [text[last:start], shown(f"privacy.{kind}")]
            last = end
        text = "".join([*parts, text[last:]])
        found += [kind for _, _, kind in spans]
    return Masked(text, tuple(found))


def _findings(text: str, given: Given) -> list[Span]:
    """Spans that do not overlap, in order: of two that do, the better reading."""
    reading = _labels().sub(lambda label: _MASKED * len(label.group()), half_width(text))
    numbers = _apart(chain(given.named(reading), identifiers(reading), given.numbered(reading)), len(text))
    hidden = list(reading)
    for start, end, _ in numbers:
        hidden[start:end] = _MASKED * (end - start)
    names = ((start, end, Kind.NAME) for start, end in introduced("".join(hidden)))
    return sorted([*numbers, *_apart(names, len(text))])


def _apart(spans: Iterable[Span], length: int) -> list[Span]:
    """The first of those that overlap."""
    taken, chosen = bytearray(length), []
    for start, end, kind in spans:
        if not any(taken[start:end]):
            taken[start:end] = b"\x01" * (end - start)
            chosen.append((start, end, kind))
    return chosen


@cache
def _labels() -> re.Pattern[str]:
    """What masking has put in a text."""
    return re.compile("|".join(re.escape(half_width(shown(f"privacy.{kind}"))) for kind in Kind))
