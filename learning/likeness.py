"""How alike two requests are: in their matter, in the names they name, and in where they are.

Grams that the catalogue's texts have are words of a matter (路灯, 不亮); grams they lack are mostly names (an estate, a
firm, a number of a house). The two are compared apart: the same matter in another estate shares words and no name, and
another matter in the same estate shares the name and few words.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from catalog.items import Catalogue
from learning.examples import from_catalogue, idle_talk
from learning.scorer import Floats

Vector = Mapping[str, float]

_MASKS = re.compile("【[^】]{1,8}】")
_PIECES = re.compile("[\u4e00-\u9fffa-z0-9]+")
HEAD = 60
"""Characters in which a request mostly says where: its place stands first, then its title or first sentence."""


@dataclass(frozen=True, slots=True)
class Told:
    """A request as it is compared: its masked text, its place as it was said, and the codes of street and community,
    each None where it does not say. The names of streets and communities are in neither `text` nor `place`.
    """

    text: str
    place: str = ""
    street: str | None = None
    community: str | None = None

    @property
    def words(self) -> str:
        return f"{self.place}，{self.text}"


@dataclass(frozen=True, slots=True)
class Reading:
    """TF-IDF of the known grams, of the unknown ones, and of the unknown ones at the head, each of length 1 or empty;
    and how rare each pair of the place is.
    """

    matter: Vector
    names: Vector
    head: Vector
    place: Vector
    told: Told


@dataclass(frozen=True, slots=True)
class Likeness:
    """`frequency`: in how many of `texts` texts of the catalogue each gram is."""

    frequency: Mapping[str, int]
    texts: int

    @classmethod
    def from_catalogue(cls, catalogue: Catalogue) -> "Likeness":
        examples = (*from_catalogue(catalogue), *idle_talk())
        counted = Counter(gram for example in examples for gram in set(_grams(example.text, (1, 2, 3))))
        return cls(counted, len(examples))

    def read(self, told: Told) -> Reading:
        """What is compared of a request; reading it is most of the work."""
        matter = self._vector(told.words, (1, 2), known=True)
        names, head = (self._vector(words, (2, 3), known=False) for words in (told.words, told.words[:HEAD]))
        place = {pair: self._rarity(pair) for pair in _grams(told.place, (2,))}
        return Reading(matter, names, head, place, told)

    def features(self, one: Reading, other: Reading) -> Floats:
        """(3,): likeness of matter; of matter and names together (both must agree); and of place: 1, 0, -1."""
        matter = _cosine(one.matter, other.matter)
        names = max(_cosine(one.names, other.names), _cosine(one.head, other.head), said_alike(one, other) or 0.0)
        return np.array([matter, math.sqrt(matter * names), _together(one.told, other.told)])

    def _vector(self, words: str, sizes: Collection[int], *, known: bool) -> Vector:
        counted = Counter(gram for gram in _grams(words, sizes) if (gram in self.frequency) is known)
        weights = {gram: (1 + math.log(times)) * self._rarity(gram) for gram, times in counted.items()}
        length = math.hypot(*weights.values())
        return {gram: weight / length for gram, weight in weights.items()}

    def _rarity(self, gram: str) -> float:
        return 1 + math.log((1 + self.texts) / (1 + self.frequency.get(gram, 0)))


def said_alike(one: Reading, other: Reading) -> float | None:
    """How much of the shorter place is in the other, 0..1; None where one of them has said none."""
    if not one.place or not other.place:
        return None
    shared = sum(rarity for pair, rarity in one.place.items() if pair in other.place)
    return shared / min(sum(one.place.values()), sum(other.place.values()))


def _grams(text: str, sizes: Collection[int]) -> Iterator[str]:
    """Digits count here, unlike in `learning.wording`: they tell one house from the next."""
    for piece in _PIECES.findall(_MASKS.sub(" ", unicodedata.normalize("NFKC", text)).lower()):
        for size in sizes:
            yield from (piece[n : n + size] for n in range(len(piece) - size + 1))


def _cosine(one: Vector, other: Vector) -> float:
    if len(one) > len(other):
        one, other = other, one
    return min(1.0, sum(weight * other[gram] for gram, weight in one.items() if gram in other))


def _together(one: Told, other: Told) -> float:
    """1 in one community, or in one street where a community is not told; -1 where both say otherwise; else 0."""
    for mine, others in ((one.street, other.street), (one.community, other.community)):
        if mine is not None and others is not None and mine != others:
            return -1.0
    return float(one.street is not None and one.street == other.street)
