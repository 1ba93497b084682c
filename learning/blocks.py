"""Texts of one or more fields as features: characters, pairs, triples, each a block of TF-IDF of its own length 1.

Blocks of their own keep the many rare triples from drowning the few telling characters: on 6,212 real titles that is
worth as much as an ensemble of models (docs/decisions/0020).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import accumulate, pairwise
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
    return _grams(plain(text).split(), order)


@dataclass(frozen=True)
class Block:
    """One field's grams of one order in the order of their columns, how rare each is, and how much the block weighs."""

    field: int
    order: int
    weight: float
    grams: tuple[str, ...]
    idf: Weights

    def __post_init__(self) -> None:
        """Raises `ValueError` where grams and their rarity do not go together, as in a file that is damaged."""
        if len(set(self.grams)) != len(self.grams) or self.idf.shape != (len(self.grams),):
            raise ValueError("a block needs each of its grams once, and one number for each")

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """The place of each gram."""
        return {gram: n for n, gram in enumerate(self.grams)}

    def counted(self, runs: Sequence[str]) -> tuple[npt.NDArray[np.intp], Weights]:
        """The columns of what a field says, rising, and their values, whose length is the block's weight.

        As scikit-learn's vectorizer has it, which takes five times as long for a single text.
        """
        found = Counter(_grams(runs, self.order))
        known = sorted((self.columns[gram], n) for gram, n in found.items() if gram in self.columns)
        columns = np.array([column for column, _ in known], dtype=np.intp)
        values = (1 + np.log(np.array([n for _, n in known], dtype=np.float32))) * self.idf[columns]
        return columns, values * np.float32(self.weight / np.linalg.norm(values)) if known else values


@dataclass(frozen=True)
class Blocks:
    """All blocks, side by side in this order."""

    blocks: tuple[Block, ...]
    fields: int

    def matrix(self, texts: Sequence[Text]) -> Any:
        """(texts, grams), sparse rows of float32."""
        rows = [self._row(text) for text in texts]
        ends = np.cumsum([0, *(len(columns) for columns, _ in rows)])
        columns, values = (np.concatenate(parts) for parts in zip(*rows, strict=True))
        return sparse.csr_matrix((values, columns, ends), shape=(len(texts), len(self.names)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The gram of each column."""
        return tuple(gram for block in self.blocks for gram in block.grams)

    @cached_property
    def starts(self) -> tuple[int, ...]:
        """The first column of each block, and where the last one ends."""
        return tuple(accumulate((len(block.grams) for block in self.blocks), initial=0))

    @property
    def spans(self) -> dict[int, slice]:
        """The columns of each field that has any."""
        spans: dict[int, slice] = {}
        for block, (start, end) in zip(self.blocks, pairwise(self.starts), strict=True):
            spans[block.field] = slice(spans[block.field].start if block.field in spans else start, end)
        return spans

    def only(self, columns: npt.NDArray[np.intp]) -> "Blocks":
        """The same with these columns alone, given in rising order."""
        kept = []
        for block, (start, end) in zip(self.blocks, pairwise(self.starts), strict=True):
            inside = columns[(columns >= start) & (columns < end)] - start
            if inside.size:
                kept.append(replace(block, grams=tuple(block.grams[n] for n in inside), idf=block.idf[inside]))
        return Blocks(tuple(kept), self.fields)

    def _row(self, text: Text) -> tuple[npt.NDArray[np.intp], Weights]:
        runs = [plain(field).split() for field in text]
        parts = [block.counted(runs[block.field]) for block in self.blocks]
        columns = [found + start for (found, _), start in zip(parts, self.starts, strict=False)]
        return np.concatenate(columns), np.concatenate([values for _, values in parts])


def fit_blocks(texts: Sequence[Text], seen_in: int = SEEN_IN) -> tuple[Blocks, Any]:
    """Blocks and the texts' matrix (texts, grams). Fields without a gram that is seen often enough have no block.

    Raises `ValueError` where no field has one.
    """
    fields = len(texts[0])
    blocks, parts = [], []
    for field in range(fields):
        said = [text[field] for text in texts]
        orders = LONG if sum(map(len, said)) >= LETTER * len(said) else SHORT
        for order, weight in orders.items():
            vectorizer = TfidfVectorizer(
                analyzer=partial(grams, order=order),
                sublinear_tf=True,
                min_df=seen_in,
                max_features=MOST_GRAMS,
                dtype=np.float32,
            )
            if any(grams(text, order) for text in said):
                try:
                    parts.append(vectorizer.fit_transform(said))
                except ValueError:  # no gram of this order is in two texts
                    continue
                names = tuple(map(str, vectorizer.get_feature_names_out()))
                blocks.append(Block(field, order, weight, names, np.asarray(vectorizer.idf_, dtype=np.float32)))
    if not blocks:
        raise ValueError("no two texts have a character in common: give more texts")
    return Blocks(tuple(blocks), fields), _side_by_side(parts, blocks)


def _grams(runs: Sequence[str], order: int) -> list[str]:
    return [run[n : n + order] for run in runs for n in range(len(run) - order + 1)]


def _side_by_side(parts: Sequence[Any], blocks: Sequence[Block]) -> Any:
    return sparse.hstack([part * block.weight for part, block in zip(parts, blocks, strict=True)], format="csr")
