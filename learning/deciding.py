"""The words of a text that decided for an item: neighbouring pairs of characters joined into readable passages."""

from collections.abc import Iterator, Mapping

from learning.wording import pairs, segments

MOST = 4
"""A dispatcher reads a few words, not a table."""

WORTH_NAMING = 0.3
"""Of the strongest pair's gain; weaker pairs are noise."""

EDGES = "的了是在把就都也还着很又被到给个我你他她们这那和与及地得啊呢吗么"
"""Characters that begin or end no word worth naming."""


def deciding_words(text: str, contributions: Mapping[str, float]) -> tuple[str, ...]:
    """The passages that gained most, strongest first; `contributions` is gain by character and pair."""
    gains = {pair: _gain(pair, contributions) for segment in segments(text) for pair in pairs(segment)}
    threshold = WORTH_NAMING * max(gains.values(), default=0.0)
    strong = {pair: gain for pair, gain in gains.items() if gain > 0 and gain >= threshold}
    found: dict[str, float] = {}
    for segment in segments(text):
        for run, gain in _passages(segment, strong):
            if len(passage := run.strip(EDGES)) > 1:
                found[passage] = max(gain, found.get(passage, 0.0))
    return tuple(sorted(found, key=lambda passage: -found[passage]))[:MOST]


def _gain(pair: str, contributions: Mapping[str, float]) -> float:
    return contributions.get(pair, 0.0) + sum(contributions.get(character, 0.0) for character in pair) / 2


def _passages(segment: str, strong: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Runs of overlapping strong pairs with their summed gain."""
    passage, total = "", 0.0
    for pair in (*pairs(segment), ""):
        if pair in strong:
            passage = passage + pair[1] if passage else pair
            total += strong[pair]
        elif passage:
            yield passage, total
            passage, total = "", 0.0
