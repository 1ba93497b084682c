"""What must hold across a district's file, each fault with the place of the field that is wrong."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from catalog.items import Catalogue
from catalog.marked import Loc

if TYPE_CHECKING:
    from catalog.districts import District

Found = tuple[Loc, str]


def faults(district: "District", catalogue: Catalogue | None) -> Iterator[Found]:
    """Every fault of a district; whether the catalogue's roles resolve only where a catalogue is given."""
    yield from _doubled(district)
    yield from _units(district)
    yield from _duties(district)
    yield from _leaders(district)
    yield from _links(district)
    if catalogue:
        yield from _roles_used(district, catalogue)


def _doubled(district: "District") -> Iterator[Found]:
    streets = [(("streets", n, "code"), street.code) for n, street in enumerate(district.streets)]
    communities = [
        (("streets", n, "communities", m, "code"), community.code)
        for n, street in enumerate(district.streets)
        for m, community in enumerate(street.communities)
    ]
    yield from _twice("street", streets)
    yield from _twice("community", communities)
    yield from _twice("unit", [(("units", n, "code"), unit.code) for n, unit in enumerate(district.units)])
    yield from _twice("leader", [(("leaders", n, "code"), leader.code) for n, leader in enumerate(district.leaders)])
    yield from _twice("channel", [(("channels", n, "code"), each.code) for n, each in enumerate(district.channels)])
    names = [
        (("units", n, "name"), name) for n, unit in enumerate(district.units) for name in {unit.name, *unit.aliases}
    ]
    yield from _twice("unit name", names)


def _twice(kind: str, codes: Iterable[tuple[Loc, str]]) -> Iterator[Found]:
    seen: set[str] = set()
    for loc, code in codes:
        if code in seen:
            yield loc, f"the {kind} “{code}” is given twice: choose another"
        seen.add(code)


def _units(district: "District") -> Iterator[Found]:
    parents = {unit.code: unit.parent for unit in district.units}
    for n, unit in enumerate(district.units):
        for field, other in (("parent", unit.parent), ("deputy", unit.deputy)):
            if other and other not in parents:
                yield ("units", n, field), _no_unit(other)
            elif other == unit.code:
                yield ("units", n, field), f"“{other}” cannot be its own {field}"
        if unit.hours and unit.hours[:5] >= unit.hours[6:]:
            yield ("units", n, "hours"), f"“{unit.hours}” ends before it begins: write them as 09:00-18:00"
        if _circles(unit.code, parents):
            yield ("units", n, "parent"), f"“{unit.code}” stands above itself: its parents form a circle"


def _circles(code: str, parents: dict[str, str | None]) -> bool:
    above, steps = parents[code], 0
    while above in parents and above != code and steps < len(parents):
        above, steps = parents[above], steps + 1
    return above == code and steps > 0


def _duties(district: "District") -> Iterator[Found]:
    units = {unit.code for unit in district.units}
    streets = {street.code for street in district.streets}
    communities = {community.code for street in district.streets for community in street.communities}
    for role, duty in district.roles.items():
        if duty.default not in units:
            yield ("roles", role, "default"), _no_unit(duty.default)
        for field, known, table in (("streets", streets, duty.streets), ("communities", communities, duty.communities)):
            for place, unit in table.items():
                if place not in known:
                    yield ("roles", role, field, place), f"there is no place “{place}” among this district's {field}"
                if unit not in units:
                    yield ("roles", role, field, place), _no_unit(unit)


def _leaders(district: "District") -> Iterator[Found]:
    units = {unit.code for unit in district.units}
    streets = {street.code for street in district.streets}
    for n, leader in enumerate(district.leaders):
        if leader.code in units:
            yield ("leaders", n, "code"), f"“{leader.code}” is a unit's code: choose another for the leader"
        if leader.office not in units:
            yield ("leaders", n, "office"), _no_unit(leader.office)
        for m, unit in enumerate(leader.units):
            if unit not in units:
                yield ("leaders", n, "units", m), _no_unit(unit)
        for m, street in enumerate(leader.streets):
            if street not in streets:
                yield ("leaders", n, "streets", m), f"there is no street “{street}” in this district"


def _links(district: "District") -> Iterator[Found]:
    """Who owns a case must be one leader at each tier, and only a unit's own leader is of the tier ``unit``."""
    seen: dict[tuple[str, str, str], str] = {}
    for n, leader in enumerate(district.leaders):
        linked = (("units", leader.units), ("streets", leader.streets))
        for field, m, code in ((field, m, code) for field, codes in linked for m, code in enumerate(codes)):
            other = seen.setdefault((leader.tier, field, code), leader.code)
            if other != leader.code:
                told = f"“{code}” is linked to “{other}” already at the tier {leader.tier}: one leader at each tier"
                yield ("leaders", n, field, m), told
        if leader.tier == "unit" and not leader.units:
            yield ("leaders", n, "units"), f"“{leader.code}” leads no unit: name the unit, or choose another tier"


def _roles_used(district: "District", catalogue: Catalogue) -> Iterator[Found]:
    for role, item in catalogue.roles_used.items():
        if role not in district.roles:
            yield ("roles",), f"nobody has the role “{role}” ({catalogue.roles[role]}), which item {item} needs: add it"
    for role in district.roles:
        if role not in catalogue.roles:
            yield ("roles", role), f"the catalogue knows no role “{role}”: see catalog/data/roles.yaml"
    for line in {item.emergency for item in catalogue.items if item.emergency}:
        if line not in district.emergency_lines:
            yield ("emergency_lines",), f"the line “{line}” is missing, which an item of the catalogue refers to"


def _no_unit(code: str) -> str:
    return f"there is no unit “{code}” in this district: add it to units or correct the code"
