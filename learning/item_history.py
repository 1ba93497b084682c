"""Learning catalogue items from a district's history, with the catalogue's own texts, and judging it beside another."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from catalog.items import Catalogue
from learning.blocks import Text
from learning.examples import Example, from_catalogue, idle_talk
from learning.folds import likeness
from learning.history import Learnt, Told, learn
from learning.in_use import InUse
from learning.model_file import About
from learning.promotion import Decision, decide
from learning.scores import rights, scores, threshold_for

MOST_JUDGED = 1_000
"""Texts that the model in use is asked about, spread over the history: enough to tell half a per cent apart."""

FITS_NO_ITEM = 0.1
"""Of requests; a history of labels holds none of them."""

Blind = Callable[[str], Sequence[str]]
"""Keyed digests of a text, newest key first: they can be told again and not be read."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A new model with what it says of itself, and how it stands beside the one in use."""

    learnt: Learnt
    about: About
    decision: Decision


def history_of(pairs: Sequence[tuple[str, str]]) -> tuple[Told, ...]:
    """Masked texts with item codes. A text that was told twice keeps what was said last."""
    last = {likeness((text,)): Told((text,), item) for text, item in pairs}
    return tuple(last.values())


def items_of(catalogue: Catalogue) -> dict[str, str]:
    """Item codes, and their names where no two items share one, to the code: how a label may be written."""
    names = [item.name for item in catalogue.items]
    by_name = {item.name: item.code for item in catalogue.items if names.count(item.name) == 1}
    return {**by_name, **{item.code: item.code for item in catalogue.items}}


def try_history(
    catalogue: Catalogue,
    history: Sequence[Told],
    in_use: InUse,
    blind: Blind,
    *,
    learnt_at: str,
    fewest: int,
) -> Trial:
    """Learn from the history and the catalogue's texts, so that items without a history stay reachable, and compare.

    Both models are asked about the same texts of the history, none of which they have learnt from: the new one by
    cross-fitting, the one in use by leaving out what it knows. Raises `TooLittle`.
    """
    learnt = learn((*map(_told, from_catalogue(catalogue)), *_idle(len(history)), *history))
    own = len(learnt.judged) - len(history)
    fresh = spread(unlearnt(history, in_use.about, blind))
    truth = [history[n].label for n in fresh]
    old = rights(truth, [in_use.judge.classify(history[n].text[0]).item for n in fresh])
    new = rights(truth, [learnt.said[own + n] for n in fresh])
    about = _about(catalogue, learnt, own, blind, learnt_at)
    return Trial(learnt, about, decide(old, new, fewest))


def _about(catalogue: Catalogue, learnt: Learnt, own: int, blind: Blind, learnt_at: str) -> About:
    """Scored on the district's own texts alone; what a phrase of the catalogue gets says nothing of citizens."""
    history = learnt.judged[own:]
    truth, said, confidence = [one.label for one in history], learnt.said[own:], learnt.confidence[own:]
    figures = scores(truth, said, list(confidence))
    return About(
        catalogue=catalogue.version,
        learnt_at=learnt_at,
        texts=learnt.texts,
        own=len(history),
        judged=len(history),
        accuracy=figures.accuracy,
        macro_f1=figures.macro_f1,
        ece=figures.ece,
        threshold=threshold_for(list(confidence), rights(truth, said)),
        learnt=tuple(_digest(one.text, blind)[0] for one in history),
    )


def unlearnt(history: Sequence[Told], about: About | None, blind: Blind) -> list[int]:
    """Places in the history of what a model has not learnt from; all of it for the catalogue's own classifier."""
    seen = set(about.learnt) if about else set()
    return [n for n, one in enumerate(history) if not seen or seen.isdisjoint(_digest(one.text, blind))]


def spread(places: Sequence[int]) -> list[int]:
    """At most `MOST_JUDGED` of them, evenly."""
    if len(places) <= MOST_JUDGED:
        return list(places)
    return [places[int(n)] for n in np.linspace(0, len(places) - 1, MOST_JUDGED)]


def _digest(text: Text, blind: Blind) -> list[str]:
    return [whole[:24] for whole in blind(likeness(text))]


def _idle(history: int) -> list[Told]:
    """Idle talk, weighing as many texts as a history of that length would hold of it: a greeting is no item's."""
    examples = [_told(example) for example in idle_talk()]
    weight = max(1.0, FITS_NO_ITEM * history / len(examples))
    return [replace(example, weight=weight) for example in examples]


def _told(example: Example) -> Told:
    return Told((example.text,), example.item, example.weight, judged=example.spoken)
