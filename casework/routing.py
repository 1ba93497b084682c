"""Where a request's matter is, and which unit has the duty for it there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.districts import District, Duty
from catalog.items import CatalogueItem
from catalog.texts import text


@dataclass(frozen=True, slots=True)
class Location:
    """Codes of the street and community, each None where the words do not say."""

    street: str | None = None
    community: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """The unit that has the duty, and why, for the people who read it."""

    unit: str
    reason_zh: str


@dataclass(frozen=True, slots=True)
class _Named:
    """One name of a place; neither street nor community for the district's own."""

    name: str
    street: str | None = None
    community: str | None = None

    @property
    def order(self) -> tuple[int, int]:
        """Longer names first; of one length the wider place, which is right in both readings."""
        return (-len(self.name), (self.street is not None) + (self.community is not None))


def locate(district: District, place_text: str, request_text: str = "") -> Location:
    """The place by the longest names found, with or without 街道 and 社区: in the place given, then in the words.

    A bare name that is street and community at once (坑梓) gives the street alone; one that is also the district's
    (坪山, 福田) says nothing. The words can make a place more precise, not move it to another street.
    """
    given = _found(district, place_text)
    if given.community:
        return given
    said = _found(district, request_text)
    return said if given.street in (None, said.street) else given


def without_places(district: District, words: str) -> str:
    """The words without the full names of streets and communities, which a location says by their codes.

    Short names stay, since they are in the names of estates and parks too (坪山公园).
    """
    streets = [street.name for street in district.streets]
    communities = [community.name for street in district.streets for community in street.communities]
    for name in sorted([*streets, *communities], key=len, reverse=True):
        words = words.replace(name, " ")
    return words


def responsible_unit(district: District, item: CatalogueItem, location: Location) -> Assignment:
    """The unit by the district's own table: of the community, else of the street, else for the whole district."""
    duty = district.roles[item.role]
    if location.community in duty.communities:
        unit, why = duty.communities[location.community], "routing.by_place"
    elif location.street in duty.streets:
        unit, why = duty.streets[location.street], "routing.by_place"
    elif duty.local and location.street is None:
        unit, why = duty.default, "routing.place_unknown"
    else:
        unit, why = duty.default, "routing.by_default"
    return Assignment(
        unit, text(why, item=item.name, unit=district.unit(unit).name, place=place_name(district, location))
    )


def units_for_roles(district: District, roles: Iterable[str], location: Location) -> tuple[str, ...]:
    """The units that have these duties there, each once, in the order of the roles."""
    return tuple(dict.fromkeys(_unit_of(district.roles[role], location) for role in roles))


def addressed_leader(district: District, addressee: str | None, channel: str) -> str | None:
    """The code of the leader to whom a request is addressed (主官在线): by code or title, a longer title first.

    What comes through a leader's own channel and names no leader is the head's.
    """
    said = addressee or ""
    for leader in sorted(district.leaders, key=lambda one: -len(one.title)):
        if said == leader.code or leader.title in said:
            return leader.code
    if district.channel(channel).kind != "leader":
        return None
    return next((leader.code for leader in district.leaders if leader.tier == "head"), None)


def _unit_of(duty: Duty, location: Location) -> str:
    if location.community in duty.communities:
        return duty.communities[location.community]
    return duty.streets.get(location.street or "", duty.default)


def _found(district: District, words: str) -> Location:
    """Each name found is struck out, so that 龙田社区 is not read once more as 龙田."""
    found: list[_Named] = []
    for named in sorted(_names(district), key=lambda each: each.order):
        if named.name in words:
            found.append(named)
            words = words.replace(named.name, "\n")
    streets = [named for named in found if named.street and not named.community]
    communities = [named for named in found if named.community]
    inside = [named for named in communities if named.street in {street.street for street in streets}]
    if inside:
        return Location(inside[0].street, inside[0].community)
    if communities and (not streets or len(communities[0].name) > len(streets[0].name)):
        return Location(communities[0].street, communities[0].community)
    return Location(streets[0].street) if streets else Location()


def _names(district: District) -> Iterator[_Named]:
    for name in _forms(district.name, "区"):
        yield _Named(name)
    for street in district.streets:
        for name in (*_forms(street.name, "街道"), *street.aliases):
            yield _Named(name, street.code)
        for community in street.communities:
            for name in (*_forms(community.name, "社区"), *community.aliases):
                yield _Named(name, street.code, community.code)


def _forms(name: str, suffix: str) -> tuple[str, ...]:
    short = name.removesuffix(suffix)
    return (name, short) if 2 <= len(short) < len(name) else (name,)


def place_name(district: District, location: Location) -> str:
    """As people read it: the street with its community, else the district."""
    for street in district.streets:
        if street.code == location.street:
            communities = [each.name for each in street.communities if each.code == location.community]
            return street.name + "".join(communities)
    return district.name
