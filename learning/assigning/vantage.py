"""Units as they look from a place: “this street's enforcement team” is one kind, though each street has its own.

What one street teaches about a matter then holds in the next one, until it has taught something else.
"""

from collections.abc import Sequence
from functools import lru_cache

from learning.assigning.unit_names import HistoricUnit, PlaceNames

OWN_COMMUNITY = "own community"
OWN_STREET = "own street: "


@lru_cache(maxsize=100_000)
def seen_from(unit: HistoricUnit, street: str, community: str, places: PlaceNames) -> str:
    """The unit's kind for requests of this place; its own name where the place has nothing to do with it."""
    of_community = places.community_of(unit.name)
    if of_community:
        return OWN_COMMUNITY if of_community == community else unit.name
    of_street, rest = (unit.street, unit.name) if unit.street else places.street_of(unit.name)
    if of_street and of_street == street:
        return OWN_STREET + rest.replace("办公室", "办")
    return str(unit)


class Vantage:
    """The kinds of all units known so far, numbered; `units` grows, and numbers stay."""

    def __init__(self, places: PlaceNames, units: Sequence[HistoricUnit]) -> None:
        self._places, self._units = places, units
        self._numbers: dict[str, int] = {}
        self._rows: dict[tuple[str, str], list[int]] = {}

    @property
    def size(self) -> int:
        return len(self._numbers)

    def kinds(self, street: str, community: str) -> Sequence[int]:
        """One number a unit, in the units' order."""
        row = self._rows.setdefault((street, community), [])
        for unit in self._units[len(row) :]:
            kind = seen_from(unit, street, community, self._places)
            row.append(self._numbers.setdefault(kind, len(self._numbers)))
        return row
