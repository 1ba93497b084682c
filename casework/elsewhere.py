"""Whether a place that was written down is outside its district: it names another, and nothing of the district."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from catalog.districts import District
from catalog.places import place_names

_SUFFIX = re.compile("(?:特别行政区|自治区|自治州|新区|省|市|区)$")
_GOES_ON = "(?![场政域民容])"  # 中山市场 is no city, 示范区域 no district


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a district's own places are called, and what others are."""

    own: re.Pattern[str]
    others: re.Pattern[str]

    @classmethod
    def of(cls, district: District, districts: Iterable[District]) -> "Bounds":
        """`districts`: all that are known, among them this one or not."""
        own = set(_full(district))
        theirs = {name for other in districts if other.code != district.code for name in _full(other)}
        foreign = {*theirs, *place_names()} - own - set(district.within)
        full = "|".join(map(re.escape, sorted(foreign, key=len, reverse=True)))
        short = "|".join(
            sorted({_short(name) for name in place_names() if name in foreign} - {""}, key=len, reverse=True)
        )
        alone = rf"^(?:{short})(?=$|[\s,，、·]|(?:{full}))"  # 北京路 is a road anywhere
        return cls(re.compile("|".join(map(re.escape, own))), re.compile(f"(?:{full}){_GOES_ON}|{alone}"))

    def elsewhere(self, place: str) -> str | None:
        """The name that says so; None for a place of the district, or one of which nothing is known."""
        if self.own.search(place):
            return None
        found = self.others.search(place)
        return found.group() if found else None


def _full(district: District) -> Iterator[str]:
    """Names that speak for themselves: 坪山区, 龙田街道, 龙田社区; not an alias, which may be a word of any place."""
    yield district.name
    for street in district.streets:
        yield street.name
        yield from (community.name for community in street.communities)


def _short(name: str) -> str:
    short = _SUFFIX.sub("", name)
    return short if len(short) >= 2 else ""
