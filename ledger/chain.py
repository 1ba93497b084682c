"""The hash chain of a case: each event's hash covers the one before it and everything the event says."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from casework.events import Actor, Event, Kind
from ledger.tables import EventRow

GENESIS = "0" * 64


def canonical(data: Mapping[str, Any]) -> str:
    """JSON with sorted keys and no blanks: the same data is always the same text."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def event_hash(case_no: str, event: Event, data: str, prev_hash: str) -> str:
    """SHA-256 over the chain so far and the event."""
    at = event.at.astimezone(UTC).isoformat(timespec="microseconds")
    parts = (prev_hash, case_no, str(event.seq), str(event.version), event.kind.value, str(event.actor), at, data)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def event_row(case_no: str, event: Event, prev_hash: str, recorded_at: datetime) -> EventRow:
    data = canonical(event.data)
    return EventRow(
        case_no=case_no,
        seq=event.seq,
        version=event.version,
        kind=event.kind.value,
        actor=str(event.actor),
        at=event.at,
        recorded_at=recorded_at,
        data=data,
        prev_hash=prev_hash,
        hash=event_hash(case_no, event, data, prev_hash),
    )


def event_of(row: EventRow) -> Event:
    return Event(row.seq, Kind(row.kind), Actor.parse(row.actor), row.at, json.loads(row.data), row.version)


def first_break(case_no: str, rows: list[EventRow], head: str) -> str | None:
    """What is wrong with a chain, in one sentence; None when it is whole."""
    previous = GENESIS
    for n, row in enumerate(rows, 1):
        if row.seq != n:
            return f"{case_no}: event {n} is missing"
        if row.prev_hash != previous or row.hash != event_hash(case_no, event_of(row), row.data, previous):
            return f"{case_no}: event {n} has been changed"
        previous = row.hash
    return None if previous == head else f"{case_no}: events after {len(rows)} are missing"
