"""What the system would make of a text: the screening, classifier and tables a case goes through, and no case."""

from typing import Any

from casework.grading import graded
from casework.routing import Location, locate, responsible_unit
from casework.screening import screen
from catalog.districts import District
from catalog.items import Catalogue, CatalogueItem
from catalog.policy import Policy
from learning.trained import Judge


def forecast(
    district: District, catalogue: Catalogue, policy: Policy, judge: Judge, *, words: str, place: str
) -> dict[str, Any]:
    """`{item, grade, unit, confidence, automatic, candidates, …}`, item and unit null where no word is known.

    `automatic` is false where a dispatcher decides.
    """
    screening, location = screen(words), locate(district, place, words)
    found = judge.classify(words, place)
    item = catalogue.item(found.item) if found.item else None
    automatic = item is not None and found.confidence >= policy.confidence_threshold
    assignment = responsible_unit(district, item, location) if item else None
    grade = graded(item if automatic else None, district, emergency=screening.emergency, hint=screening.grade_hint)
    return {
        "item": _named(item) if item else None,
        "grade": grade["grade"],
        "property": screening.property,
        "unit": _unit(district, assignment.unit) if assignment else None,
        "reason": assignment.reason_zh if assignment else None,
        "confidence": round(found.confidence, 4),
        "automatic": automatic,
        "candidates": [
            _candidate(district, catalogue.item(one.item), location, one.confidence, one.words)
            for one in found.candidates
        ],
    }


def _candidate(
    district: District, item: CatalogueItem, location: Location, confidence: float, words: tuple[str, ...]
) -> dict[str, Any]:
    assignment = responsible_unit(district, item, location)
    return {
        "item": _named(item),
        "confidence": round(confidence, 4),
        "unit": _unit(district, assignment.unit),
        "words": list(words),
        "reason": assignment.reason_zh,
    }


def _named(item: CatalogueItem) -> dict[str, str]:
    return {"code": item.code, "name": item.name}


def _unit(district: District, code: str) -> dict[str, str]:
    return {"code": code, "name": district.unit(code).name}
