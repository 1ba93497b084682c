"""A file of past events with the unit that had each, shaped like Pingshan's: read, checked, in order of time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from catalog.texts import text
from catalog.working_time import SHANGHAI
from deployments.batch_file import Row, open_batch_file
from deployments.errors import CommandFailed
from learning.assigning.facts import Facts

TIME, UNIT = "CREATE_TIME", "DISPOSE_UNIT_NAME"
COLUMNS = {
    "sub": "SUB_TYPE_NAME",
    "main": "MAIN_TYPE_NAME",
    "kind": "EVENT_TYPE_NAME",
    "street": "STREET_NAME",
    "community": "COMMUNITY_NAME",
    "channel": "EVENT_SRC_NAME",
    "nature": "EVENT_PROPERTY_NAME",
}
"""What is known when a request is assigned. Numbers of units, times of closing and the like are not."""

UNKNOWN = ("", "-")


@dataclass(frozen=True, slots=True)
class PastEvent:
    """What was known, and the unit as it was spelled."""

    facts: Facts
    unit: str


@dataclass(frozen=True, slots=True)
class PastEvents:
    """In order of time. `unusable`: numbers of rows that give no time or no unit (the header is row 1)."""

    events: tuple[PastEvent, ...]
    unusable: tuple[int, ...]


def read_events(path: Path) -> PastEvents:
    """Raises `CommandFailed` for a file that lacks a column or has no usable row, `OSError`."""
    events, unusable = [], []
    with open_batch_file(path) as file:
        places = _places(path, file.header)
        for row in file.rows:
            event = _event(row, places)
            if event is None:
                unusable.append(row.number)
            else:
                events.append(event)
    if not events:
        raise CommandFailed(text("assignment.no_rows", file=path.name))
    return PastEvents(tuple(sorted(events, key=lambda event: event.facts.at)), tuple(unusable))


def _places(path: Path, header: Sequence[str]) -> Mapping[str, int]:
    missing = [name for name in (TIME, UNIT, COLUMNS["sub"], COLUMNS["street"]) if name not in header]
    if missing:
        raise CommandFailed(text("assignment.no_column", file=path.name, columns="、".join(missing)))
    return {name: header.index(name) for name in (TIME, UNIT, *COLUMNS.values()) if name in header}


def _event(row: Row, places: Mapping[str, int]) -> PastEvent | None:
    said = {name: row.cells[place].strip() for name, place in places.items()}
    try:
        at = datetime.fromisoformat(said[TIME])
    except ValueError:
        return None
    if not said[UNIT]:
        return None
    known = {field: said.get(column, "") for field, column in COLUMNS.items()}
    local = at.replace(tzinfo=SHANGHAI) if at.tzinfo is None else at.astimezone(SHANGHAI)
    facts = Facts(local, **{field: "" if name in UNKNOWN else name for field, name in known.items()})
    return PastEvent(facts, said[UNIT])
