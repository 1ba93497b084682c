"""Texts of one or more fields as features: characters, pairs, triples, each a block of TF-IDF of its own length 1.

Blocks of their own keep the many rare triples from drowning the few telling characters: on 6,212 real titles that is
worth as much as an ensemble of models (docs/decisions/0020).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

SHORT: Mapping[int, float] = {1: 0.5, 2: 0.8, 3: 0.3}
LONG: Mapping[int, float] = {1: 0.6, 2: 1.2, 3: 0.75, 4: 0.45}
"""Length of the grams, to the weight of their block: of titles, and of letters, whose phrases come again."""

LETTER = 60
"""Characters of the average text from which on a field holds letters."""

SEEN_IN = 2
"""Texts that must hold a gram: what one person alone has written is in no model."""

MOST_GRAMS = 120_000
"""Of one block; a model file stays below 20 MB with seven labels."""

Weights = npt.NDArray[np.float32]
Text = tuple[str, ...]

_MASKS = re.compile("【[^】]{1,8}】")
_PLACE_CODES = re.compile("[a-z][0-9]*(?=[省市州县区镇])")  # A市, K3县: how published messages hide a place
_DIGITS = re.compile("[0-9]+")
_NOT_WORDS = re.compile("[^\u4e00-\u9fffa-z0]+")


def plain(text: str) -> str:
    """Runs of Chinese and Latin characters, a nought for any number, blanks between; masks and place codes cut out."""
    lowered = _MASKS.sub(" ", unicodedata.normalize("NFKC", text)).lower()
    return _NOT_WORDS.sub(" ", _DIGITS.sub("0", _PLACE_CODES.sub("", lowered))).strip()


def grams(text: str, order: int) -> list[str]:
    """The runs of `order` characters that no blank parts."""
    return [run[n : n + order] for run in plain(text).split() for n in range(len(run) - order + 1)]


@dataclass(frozen=True, slots=True)
class Block:
    """One field's grams of one order: its vectorizer, and how much it weighs."""

    field: int
    order: int
    weight: float
    vectorizer: TfidfVectorizer

    @property
    def grams(self) -> list[str]:
        """In the order of the columns."""
        return [str(gram) for gram in self.vectorizer.get_feature_names_out()]

    @property
    def idf(self) -> Weights:
        return np.asarray(self.vectorizer.idf_, dtype=np.float32)

    @classmethod
    def known(cls, field: int, order: int, weight: float, names: Sequence[str], idf: Weights) -> "Block":
        """A block as it was fitted before."""
        vectorizer = TfidfVectorizer(**_options(order), vocabulary=list(names))
        vectorizer.idf_ = np.asarray(idf, dtype=np.float32)
        return cls(field, order, weight, vectorizer)


@dataclass(frozen=True)
class Blocks:
    """All blocks, side by side in this order."""

    blocks: tuple[Block, ...]
    fields: int

    def matrix(self, texts: Sequence[Text]) -> Any:
        """(texts, grams), sparse rows of float32."""
        parts = [block.vectorizer.transform([_field(text, block.field) for text in texts]) for block in self.blocks]
        return _side_by_side(parts, self.blocks)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The gram of each column."""
        return tuple(gram for block in self.blocks for gram in block.grams)

    @property
    def spans(self) -> dict[int, slice]:
        """The columns of each field that has any."""
        ends = list(accumulate((len(block.vectorizer.vocabulary_) for block in self.blocks), initial=0))
        spans: dict[int, slice] = {}
        for block, start, end in zip(self.blocks, ends, ends[1:], strict=False):
            spans[block.field] = slice(spans[block.field].start if block.field in spans else start, end)
        return spans

    def only(self, columns: npt.NDArray[np.intp]) -> "Blocks":
        """The same with these columns alone, given in rising order."""
        starts = [0, *accumulate(len(block.vectorizer.vocabulary_) for block in self.blocks)]
        kept = []
        for block, start, end in zip(self.blocks, starts, starts[1:], strict=False):
            inside = columns[(columns >= start) & (columns < end)] - start
            if inside.size:
                names = block.grams
                idf = block.idf[inside]
                kept.append(Block.known(block.field, block.order, block.weight, [names[n] for n in inside], idf))
        return Blocks(tuple(kept), self.fields)


def fit_blocks(texts: Sequence[Text], seen_in: int = SEEN_IN) -> tuple[Blocks, Any]:
    """Blocks and the texts' matrix (texts, grams). Fields without a gram that is seen often enough have no block.

    Raises `ValueError` where no field has one.
    """
    fields = len(texts[0])
    blocks, parts = [], []
    for field in range(fields):
        said = [_field(text, field) for text in texts]
        orders = LONG if sum(map(len, said)) >= LETTER * len(said) else SHORT
        for order, weight in orders.items():
            vectorizer = TfidfVectorizer(**_options(order), min_df=seen_in, max_features=MOST_GRAMS)
            if any(grams(text, order) for text in said):
                try:
                    parts.append(vectorizer.fit_transform(said))
                except ValueError:  # no gram of this order is in two texts
                    continue
                blocks.append(Block(field, order, weight, vectorizer))
    if not blocks:
        raise ValueError("no two texts have a character in common: give more texts")
    return Blocks(tuple(blocks), fields), _side_by_side(parts, blocks)


def _options(order: int) -> dict[str, Any]:
    return {"analyzer": _analyzer(order), "sublinear_tf": True, "dtype": np.float32}


def _analyzer(order: int) -> Callable[[str], list[str]]:
    return lambda text: grams(text, order)


def _field(text: Text, field: int) -> str:
    return text[field]


def _side_by_side(parts: Sequence[Any], blocks: Sequence[Block]) -> Any:
    return sparse.hstack([part * block.weight for part, block in zip(parts, blocks, strict=True)], format="csr")
