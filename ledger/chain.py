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


def row_hash(row: EventRow, prev_hash: str) -> str:
    """SHA-256 over the chain so far and everything the row says, as it is written: nothing is parsed."""
    times = (at.astimezone(UTC).isoformat(timespec="microseconds") for at in (row.at, row.recorded_at))
    parts = (prev_hash, row.case_no, str(row.seq), str(row.version), row.kind, row.actor, *times, row.data)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def event_row(case_no: str, event: Event, prev_hash: str, recorded_at: datetime) -> EventRow:
    row = EventRow(
        case_no=case_no,
        seq=event.seq,
        version=event.version,
        kind=event.kind.value,
        actor=str(event.actor),
        at=event.at,
        recorded_at=recorded_at,
        data=canonical(event.data),
        prev_hash=prev_hash,
    )
    row.hash = row_hash(row, prev_hash)
    return row


def event_of(row: EventRow) -> Event:
    return Event(row.seq, Kind(row.kind), Actor.parse(row.actor), row.at, json.loads(row.data), row.version)


def first_break(case_no: str, rows: list[EventRow], head: str) -> str | None:
    """What is wrong with a chain, in one sentence; None when it is whole."""
    previous = GENESIS
    for n, row in enumerate(rows, 1):
        if row.seq != n:
            return f"{case_no}: event {n} is missing"
        if row.prev_hash != previous or row.hash != row_hash(row, previous):
            return f"{case_no}: event {n} has been changed"
        previous = row.hash
    return None if previous == head else f"{case_no}: events after {len(rows)} are missing"
