"""What people say in an event: kept masked in the chain, whole only in the vault."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from casework.events import Act
from casework.given import NOBODY, Given
from casework.privacy import mask

# Fields of an event in which people write freely: kept masked, whole only in the vault.
WORDS = frozenset(
    {
        *("feedback", "note", "reason", "result", "opinion", "comment"),
        *("handler", "responsible_person", "appointment", "addressee"),
    }
)
ADDRESSES = frozenset({"evidence"})
"""Lists of web addresses, in which a name or a number may stand as in words."""


def has_words(act: Act) -> bool:
    """Whether there is anything in it that could name a person."""
    return not (WORDS | ADDRESSES).isdisjoint(act.data)


def masked(act: Act, given: Given = NOBODY) -> tuple[Act, dict[str, str]]:
    """The act with personal data masked in its free words, and the words that were changed, whole."""
    kept, original = dict(act.data), {}
    for name in sorted((WORDS | ADDRESSES) & kept.keys()):
        whole = kept[name]
        kept[name] = _addresses(whole, given) if name in ADDRESSES else _words(whole, given)
        if kept[name] != whole:
            original[name] = whole if isinstance(whole, str) else json.dumps(whole, ensure_ascii=False)
    return replace(act, data=kept), original


def by_event(seq: int, words: Mapping[str, str]) -> dict[str, str]:
    """Under which fields the vault keeps the words of an event."""
    return {f"{seq}.{name}": whole for name, whole in words.items()}


def _words(whole: Any, given: Given) -> Any:
    return mask(whole, given).text if isinstance(whole, str) else whole


def _addresses(whole: Any, given: Given) -> Any:
    """An address in which something is found is shown decoded and masked; others stay as they are."""
    if not isinstance(whole, list):
        return whole
    found = [(address, mask(unquote(address), given)) for address in map(str, whole)]
    return [masked.text if masked.found else address for address, masked in found]
