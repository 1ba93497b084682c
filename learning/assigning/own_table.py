"""What the district's own table says of a request whose history is told in sub types and street names."""

from collections.abc import Iterator, Mapping

from casework.routing import Location, responsible_unit
from catalog.districts import District, Unit
from catalog.items import Catalogue
from learning.assigning.facts import Facts
from learning.assigning.unit_names import HistoricUnit, Spellings
from learning.classifier import Candidate, Classifier


class OwnTable:
    """Items are found by the words of sub and main type; units by every name that they have or had."""

    def __init__(self, district: District, catalogue: Catalogue, classifier: Classifier, spellings: Spellings) -> None:
        self._district, self._catalogue, self._classifier = district, catalogue, classifier
        self._streets = {street.name: street.code for street in district.streets}
        self._communities = {
            community.name: community.code for street in district.streets for community in street.communities
        }
        self._names = {unit.code: tuple(self._called(unit, spellings)) for unit in district.units}
        self._items: dict[tuple[str, str], tuple[Candidate, ...]] = {}
        self._said: dict[tuple[str, str, str, str], Mapping[HistoricUnit, float]] = {}

    @property
    def units(self) -> tuple[HistoricUnit, ...]:
        """Every unit of the district, by each of its names."""
        return tuple(dict.fromkeys(unit for names in self._names.values() for unit in names))

    def says(self, facts: Facts) -> Mapping[HistoricUnit, float]:
        """The probability (0..1) of each unit that has the duty for one of the likeliest items."""
        known = facts.sub, facts.main, facts.street, facts.community
        if known not in self._said:
            self._said[known] = self._say(*known)
        return self._said[known]

    def _say(self, sub: str, main: str, street: str, community: str) -> Mapping[HistoricUnit, float]:
        location = Location(self._streets.get(street), self._communities.get(community))
        said: dict[HistoricUnit, float] = {}
        for candidate in self._candidates(sub, main):
            item = self._catalogue.item(candidate.item)
            names = self._names[responsible_unit(self._district, item, location).unit]
            for name in names:
                said[name] = said.get(name, 0.0) + candidate.confidence / len(names)
        return said

    def _candidates(self, sub: str, main: str) -> tuple[Candidate, ...]:
        if (sub, main) not in self._items:
            self._items[sub, main] = self._classifier.classify(f"{sub}，{main}").candidates
        return self._items[sub, main]

    def _called(self, unit: Unit, spellings: Spellings) -> Iterator[HistoricUnit]:
        streets = {f"street-{street.code}": street.name for street in self._district.streets}
        for name in names_of(unit):
            yield spellings.unit(name, streets.get(unit.parent or "", ""))


def names_of(unit: Unit) -> tuple[str, ...]:
    """Its name and those that it had before."""
    return (unit.name, *unit.aliases)
