"""What the simulated people say, from ``phrases.yaml``."""

from functools import cache
from pathlib import Path
from typing import Any

from catalog.marked import read_marked
from deployments.demo.behaviours import Dice

PHRASES_FILE = Path(__file__).with_name("phrases.yaml")


@cache
def _phrases() -> dict[str, Any]:
    phrases: dict[str, Any] = read_marked(PHRASES_FILE).value
    return phrases


def say(what: str, seed: str, **values: str) -> str:
    """One of the phrases of this kind, the same each time for the same seed."""
    found = _phrases()[what]
    said: str = found if isinstance(found, str) else found[int(Dice(seed).roll(what) * len(found))]
    return said.format(**values)


def result(class_code: str) -> str:
    """How matters of this class are put right; a general word for any other."""
    results: dict[str, str] = _phrases()["results"]
    return results.get(class_code, results["other"])
