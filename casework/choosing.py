"""Which unit gets a request, and why: by a ruling, by the register of the thing itself, by what dispatchers keep
deciding, else by the district's own table. A unit that the complaint is about is passed over (回避).
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Literal

from casework.routing import Location, place_name, responsible_unit
from catalog.districts import District
from catalog.items import CatalogueItem
from catalog.texts import text

ON_END = 3
"""So many decisions on end, of as many cases, make a habit: two may be chance."""


class Rule(StrEnum):
    """What decides, the strongest first."""

    PRECEDENT = "precedent"
    ASSET = "asset"
    HABIT = "habit"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Precedent:
    """The ruling's case, the unit that it gave the matter to, and why."""

    case_no: str
    unit: str
    reason: str


@dataclass(frozen=True, slots=True)
class Asset:
    """A thing with a code of its own, such as a manhole: whose it is, and who keeps it in order."""

    code: str
    kind: str
    owner: str | None
    maintainer: str | None
    place: str = ""


@dataclass(frozen=True, slots=True)
class Habit:
    """The unit to which dispatchers have given so many cases of the item on end, in the community or the street."""

    unit: str
    times: int
    where: Literal["community", "street"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger knows that bears on one item at one place."""

    precedent: Precedent | None = None
    asset: Asset | None = None
    habit: Habit | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """A unit, the rule that names it, and its reason for the people who read it. `ruling` as the case shows it."""

    unit: str
    rule: Rule
    why: str
    ruling: Mapping[str, Any] | None = None


def choices(district: District, item: CatalogueItem, location: Location, known: Known) -> tuple[Choice, ...]:
    """Every unit that a rule names, in the rules' order, each once; those that the district no longer has left out."""
    found: dict[str, Choice] = {}
    for choice in _named(district, item, location, known):
        if district.has_unit(choice.unit):
            found.setdefault(choice.unit, choice)
    return tuple(found.values())


def choose(district: District, found: Sequence[Choice], recused: Collection[str]) -> Choice | None:
    """The first that the complaint is not about; who was passed over for that is said. None: a dispatcher decides."""
    free = next((choice for choice in found if choice.unit not in recused), None)
    if free is None or free is found[0]:
        return free
    over = "、".join(district.unit(choice.unit).name for choice in found[: found.index(free)])
    return replace(free, why=text("choosing.passed_over", units=over, why=free.why))


def habit(decided: Sequence[tuple[str, str]], where: Literal["community", "street"]) -> Habit | None:
    """From (case, unit) of dispatchers' decisions, the latest first; of one case only its latest counts."""
    latest: dict[str, str] = {}
    for case_no, unit in decided:
        latest.setdefault(case_no, unit)
    units = list(latest.values())
    on_end = next((n for n, unit in enumerate(units) if unit != units[0]), len(units))
    return Habit(units[0], on_end, where) if on_end >= ON_END else None


def _named(district: District, item: CatalogueItem, location: Location, known: Known) -> Iterator[Choice]:
    if known.precedent is not None:
        yield from _ruled(district, known.precedent)
    if known.asset is not None:
        yield from _registered(district, known.asset)
    if known.habit is not None:
        yield from _decided(district, item, location, known.habit)
    table = responsible_unit(district, item, location)
    yield Choice(table.unit, Rule.TABLE, table.reason_zh)


def _ruled(district: District, found: Precedent) -> Iterator[Choice]:
    why = text("routing.by_precedent", case_no=found.case_no, unit=_name(district, found.unit))
    yield Choice(found.unit, Rule.PRECEDENT, why, {"case_no": found.case_no, "ruling": found.reason})


def _registered(district: District, asset: Asset) -> Iterator[Choice]:
    """Who maintains it, before whose it is."""
    for part, unit in (("maintainer", asset.maintainer), ("owner", asset.owner)):
        if unit is not None:
            said = {"kind": asset.kind, "code": asset.code, "unit": _name(district, unit)}
            yield Choice(unit, Rule.ASSET, text(f"choosing.by_{part}", **said))


def _decided(district: District, item: CatalogueItem, location: Location, found: Habit) -> Iterator[Choice]:
    place = place_name(district, location if found.where == "community" else Location(location.street))
    said = {"item": item.name, "place": place, "times": found.times, "unit": _name(district, found.unit)}
    yield Choice(found.unit, Rule.HABIT, text("choosing.by_habit", **said))


def _name(district: District, unit: str) -> str:
    return district.unit(unit).name if district.has_unit(unit) else unit
