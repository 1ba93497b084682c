"""A case's life as its citizen reads it: each message they were sent, and in plain words what else happened."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.effects import HURRYING
from casework.events import Event, Kind, Role
from casework.telling import telling
from catalog.policy import Action
from catalog.texts import all_texts, text
from ledger.deliveries import Delivery

TOLD_IN_FULL = frozenset({Kind.ACKNOWLEDGED})  # the message says all that the event's own sentence would
TOLD_ABOVE = frozenset({Kind.ASKED})  # the message repeats the result, which stands in the entry before
HANDING_OVER = {Kind.ASSIGNED: "unit", Kind.RULED: "unit", Kind.MERGED: "unit", Kind.DELEGATED: "to"}
"""In which field of an event stands who handles the request from then on."""


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
    chapters, holder = [], ""
    for event in events:
        holder = _holder(event, holder)
        sent = [telling(m.type, case_no, m.data, units, m.created_at) for m in messages.get(event.seq, [])]
        own = None if sent and event.kind in TOLD_IN_FULL else _words(event, holder, units)
        words = [own] if own and event.kind in TOLD_ABOVE else [*([own] if own else []), *sent]
        if words:
            chapters.append(Chapter(event.at, str(event.kind), text(f"event.{event.kind}"), "\n".join(words)))
    return chapters


def _holder(event: Event, before: str) -> str:
    """The unit that handles the request from this event on."""
    said = event.data.get(HANDING_OVER.get(event.kind, ""))
    return said if isinstance(said, str) else before


def _words(event: Event, holder: str, units: Mapping[str, str]) -> str | None:
    """What the event says by itself: of the unit that speaks, else of the one that handles it."""
    key = f"story.{event.kind}"
    if event.kind is Kind.RUNG:
        key = _rung(event.data)
    if event.kind is Kind.FOLLOWED and event.data["kind"] != Kind.COMPLETED:
        return None
    if key not in all_texts():
        return None
    speaker = event.actor.name if event.actor.role is Role.UNIT else event.data.get("by", holder)
    named = event.data.get("unit", "")
    return text(key, **{**_values(event), "unit": units.get(speaker, ""), "named": units.get(named, named)})


def _rung(data: Mapping[str, Any]) -> str:
    """What was done, though late, before the rung could fire was not pressed for any more: at most reported."""
    if "met_at" in data and Action(data["action"]) not in HURRYING:
        return "story.clock.late"
    return "" if "met_at" in data else f"story.{Kind.RUNG}.{data['action']}"


def _values(event: Event) -> dict[str, Any]:
    said = {"reason": "", "comment": "", "note": "", **event.data}
    if event.kind is Kind.DISSOLUTION:
        said["disposition"] = text(f"disposition.{said['disposition']}")
    if event.kind is Kind.EVALUATED:
        said["solved"] = text("citizen_page.solved_yes" if said["solved"] else "citizen_page.solved_no")
    return said
