"""Texts whose item is known, the stuff that learning is made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from catalog.items import Catalogue, CatalogueItem
from catalog.marked import read_marked

IDLE_TALK_FILE = Path(__file__).with_name("idle_talk.yaml")
NOTHING = ""
"""The item of texts that name no matter a unit could act on."""


@dataclass(frozen=True, slots=True)
class Example:
    """A text that belongs to an item. `spoken` is a citizen's wording, by which learning judges itself."""

    item: str
    text: str
    weight: float
    spoken: bool


def from_catalogue(catalogue: Catalogue) -> tuple[Example, ...]:
    """Every item's name, what it covers, its keywords and its phrases."""
    return tuple(example for item in catalogue.items for example in _of_item(item))


def idle_talk(file: Path = IDLE_TALK_FILE) -> tuple[Example, ...]:
    """Greetings, bare wishes and stories, which belong to nothing. Raises `catalog.marked.LoadError`."""
    return tuple(Example(NOTHING, text, 1.0, spoken=True) for text in read_marked(file).value)


def _of_item(item: CatalogueItem) -> Iterator[Example]:
    yield Example(item.code, item.name, 1.0, spoken=False)
    # Whole, not by pieces: pieces are often cut from the phrases, so that leaving a phrase out would leave it in.
    yield Example(item.code, item.covers, 1.0, spoken=False)
    if item.keywords:
        yield Example(item.code, " ".join(item.keywords), 1.0, spoken=False)
    for phrase in item.phrases:
        yield Example(item.code, phrase, 1.0, spoken=True)
