"""A case's life as its citizen reads it: each message they were sent, and in plain words what else happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.events import Event, Kind
from casework.telling import telling
from catalog.texts import all_texts, text
from ledger.deliveries import Delivery

TOLD_IN_FULL = frozenset({Kind.ACKNOWLEDGED})  # the message says all that the event's own sentence would
TOLD_ABOVE = frozenset({Kind.ASKED})  # the message repeats the result, which stands in the entry before


@dataclass(frozen=True, slots=True)
class Chapter:
    """One entry of the timeline."""

    at: datetime
    kind: str
    title: str
    words: str


def story(case_no: str, events: Iterable[Event], told: Sequence[Delivery], units: Mapping[str, str]) -> list[Chapter]:
    """In order of time. What concerns only the machinery is left out."""
    messages: dict[int, list[Delivery]] = {}
    for delivery in told:
        messages.setdefault(delivery.case_seq, []).append(delivery)
    chapters, unit = [], ""
    for event in events:
        unit = units.get(event.data.get("unit", ""), unit)
        sent = [telling(m.type, case_no, m.data, units, m.created_at) for m in messages.get(event.seq, [])]
        own = None if sent and event.kind in TOLD_IN_FULL else _words(event, unit)
        words = [own] if own and event.kind in TOLD_ABOVE else [*([own] if own else []), *sent]
        if words:
            chapters.append(Chapter(event.at, str(event.kind), text(f"event.{event.kind}"), "\n".join(words)))
    return chapters


def _words(event: Event, unit: str) -> str | None:
    key = f"story.{event.kind}"
    if event.kind is Kind.RUNG:
        key = f"{key}.{event.data['action']}"
    if key not in all_texts():
        return None
    return text(key, **{**_values(event), "unit": unit})


def _values(event: Event) -> dict[str, Any]:
    said = {"reason": "", "comment": "", **event.data}
    if event.kind is Kind.EVALUATED:
        said["solved"] = text("citizen_page.solved_yes" if said["solved"] else "citizen_page.solved_no")
    return said
