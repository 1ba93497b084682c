"""Whether a text would be answered at once, with what, and why not: the rules a case goes through, and no case."""

from datetime import date
from typing import Any

from casework.events import Kind
from casework.grading import graded
from casework.instant import decided, own_matter
from casework.recusing import recused
from casework.screening import screen
from catalog.districts import District
from catalog.items import Catalogue
from catalog.policy import Grade, Policy
from learning.answering import Answerer
from learning.trained import Judge


def answer_forecast(
    district: District,
    catalogue: Catalogue,
    answerer: Answerer,
    policy: Policy,
    judge: Judge,
    *,
    words: str,
    place: str,
    today: date,
) -> dict[str, Any]:
    """`{answered, because, entry, question, answer, source, version, confidence, threshold, property, …}`.

    `because` is null where it would be answered; else what speaks against it. The nearest entry is told either way.
    """
    found = answerer.find(words, place, today)
    kind, data = decided(words, found, policy)
    because = _not_a_plain_question(district, catalogue, policy, judge, words=words, place=place) or data.get("because")
    entry = next((each for each in answerer.answers if found is not None and each.id == found.entry), None)
    return {
        "answered": kind is Kind.ANSWERED and because is None,
        "because": because,
        "sign": own_matter(words) if because == "own_matter" else None,
        "property": screen(words).property,
        "confidence": round(found.confidence, 4) if found else 0.0,
        "threshold": policy.answer_threshold,
        "entry": entry.id if entry else None,
        "version": entry.version if entry else None,
        "question": entry.question if entry else None,
        "answer": entry.answer if entry else None,
        "source": entry.source if entry else None,
        "item": entry.item if entry else None,
    }


def _not_a_plain_question(
    district: District, catalogue: Catalogue, policy: Policy, judge: Judge, *, words: str, place: str
) -> str | None:
    """What of a case's own facts speaks against an instant answer (`casework.instant.plain_question`)."""
    screening = screen(words)
    if screening.property != "question":
        return "property"
    found = judge.classify(words, place)
    item = catalogue.item(found.item) if found.item and found.confidence >= policy.confidence_threshold else None
    given = graded(item, district, emergency=screening.emergency, hint=screening.grade_hint)
    if screening.emergency or given["grade"] == Grade.A:
        return "urgent"
    return "recused" if recused(district, words) else None
