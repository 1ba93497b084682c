"""What the system would make of a text: the screening, classifier and tables a case goes through, and no case."""

from collections.abc import Awaitable, Callable
from typing import Any

from casework.choosing import Choice, Known, choices, choose
from casework.grading import graded
from casework.recusing import recused
from casework.routing import Location, locate
from casework.screening import screen
from catalog.districts import District
from catalog.items import Catalogue, CatalogueItem
from catalog.policy import Policy
from learning.trained import Judge

Knows = Callable[[str, Location], Awaitable[Known]]
"""What the ledger knows of an item at a place."""


async def forecast(
    district: District, catalogue: Catalogue, policy: Policy, judge: Judge, *, words: str, place: str, knows: Knows
) -> dict[str, Any]:
    """`{item, grade, unit, confidence, automatic, candidates, …}`, item and unit null where no word is known.

    `automatic` is false where a dispatcher decides; unit and reason are null where the words blame every unit that
    could have it (回避).
    """
    screening, location = screen(words), locate(district, place, words)
    found = judge.classify(words, place)
    item = catalogue.item(found.item) if found.item else None
    about = recused(district, words)
    chosen = {
        one.item: choose(
            district, choices(district, catalogue.item(one.item), location, await knows(one.item, location)), about
        )
        for one in found.candidates
    }
    choice = chosen.get(found.item)
    automatic = item is not None and choice is not None and found.confidence >= policy.confidence_threshold
    grade = graded(item if automatic else None, district, emergency=screening.emergency, hint=screening.grade_hint)
    return {
        "item": _named(item) if item else None,
        "grade": grade["grade"],
        "property": screening.property,
        **_unit(district, choice),
        "confidence": round(found.confidence, 4),
        "automatic": automatic,
        "candidates": [
            {
                "item": _named(catalogue.item(one.item)),
                "confidence": round(one.confidence, 4),
                "words": list(one.words),
                **_unit(district, chosen[one.item]),
            }
            for one in found.candidates
        ],
    }


def _named(item: CatalogueItem) -> dict[str, str]:
    return {"code": item.code, "name": item.name}


def _unit(district: District, choice: Choice | None) -> dict[str, Any]:
    """The unit, the rule that names it and why."""
    if choice is None:
        return {"unit": None, "rule": None, "reason": None}
    unit = {"code": choice.unit, "name": district.unit(choice.unit).name}
    return {"unit": unit, "rule": str(choice.rule), "reason": choice.why}
