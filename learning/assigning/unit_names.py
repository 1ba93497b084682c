"""Unit names as a district's history spells them, and the units that they mean.

The same unit stands there with and without its street in brackets (``综合执法队（坪山街道办事处）``), or with the
street before its name (``马峦办事处综合执法队``). Several streets have a unit of one name (``城建办``): there the
street belongs to the unit, and a bare name means that of the request's own street.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.districts import District

_BRACKET = re.compile("[（(]([^（）()]*)[）)]")
_OFFICE = "(?:街道办事处|街道办|街道|办事处|办|辖区)"


@dataclass(frozen=True, slots=True)
class HistoricUnit:
    """A unit by its bare name and, where several streets have one of that name, its street's."""

    name: str
    street: str = ""

    def __str__(self) -> str:
        return f"{self.name}（{self.street}）" if self.street else self.name


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """The names of a district, its streets and its communities, as the events of its history give them."""

    district: str
    streets: tuple[str, ...]
    communities: tuple[str, ...]

    @classmethod
    def of(cls, district: District) -> "PlaceNames":
        communities = (community.name for street in district.streets for community in street.communities)
        return cls(district.name, tuple(street.name for street in district.streets), tuple(communities))

    def community_of(self, name: str) -> str:
        """The community whose name the unit's begins with (坪山社区, 石井社区工作站); empty for any other unit."""
        return next((community for community in self.communities if name.startswith(community)), "")

    def street_of(self, name: str) -> tuple[str, str]:
        """The street that the name begins with, and the rest. 坪山 alone is the district as well: it says nothing."""
        if not self.community_of(name):
            for street in self.streets:
                stem = street.removesuffix("街道")
                bare = "?" if stem != self.district.removesuffix("区") else ""
                if match := re.match(f"{re.escape(stem)}{_OFFICE}{bare}(?=..)", name):
                    return street, name[match.end() :]
        return "", name

    def bracketed(self, name: str) -> tuple[str, str]:
        """The street that the name has in brackets, and the name without; other brackets are part of the name."""
        for match in _BRACKET.finditer(name):
            for street in self.streets:
                stem = street.removesuffix("街道")
                if match[1] == stem or re.fullmatch(f"{re.escape(stem)}{_OFFICE}", match[1]):
                    return street, name[: match.start()] + name[match.end() :]
        return "", name


class Spellings:
    """Every spelling that occurs, so that a bare name is known to mean several streets' units."""

    def __init__(self, places: PlaceNames, spellings: Iterable[str]) -> None:
        self._places = places
        self._parts = {spelling: self._split(spelling) for spelling in sorted(set(spellings))}
        streets: dict[str, set[str]] = defaultdict(set)
        self._fullest: dict[str, str] = {}
        for street, name, whole in self._parts.values():
            streets[name] |= {street} if street else set()
            self._fullest[name] = max(whole, self._fullest.get(name, ""), key=len)
        self._several = {name for name, found in streets.items() if len(found) > 1}

    def unit(self, spelling: str, street: str) -> HistoricUnit:
        """The unit that a request of this street was given to. Raises `KeyError` for a spelling that did not occur."""
        own, name, _ = self._parts[spelling]
        return HistoricUnit(name, own or street) if name in self._several else HistoricUnit(self._fullest[name])

    def disagreeing(self, rows: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Of (spelling, street of the request) those that name another street."""
        return ((spelling, street) for spelling, street in rows if self._parts[spelling][0] not in ("", street))

    def _split(self, spelling: str) -> tuple[str, str, str]:
        """The street, the name without it, and the name without brackets."""
        bracket, whole = self._places.bracketed(spelling.strip())
        before, rest = self._places.street_of(whole)
        return before or bracket, rest, whole
