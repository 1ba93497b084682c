"""The city as this process knows it: the catalogue, the districts, their answers, read once from their files."""

from dataclasses import dataclass

from catalog.answer_loading import load_answers, load_own_answers
from catalog.answers import KnowledgeBase
from catalog.districts import District
from catalog.items import Catalogue
from catalog.loading import load_catalogue, load_districts
from ledger.errors import RetryNeverHelps
from ledger.settings import Settings


class UnknownDistrict(RetryNeverHelps):
    """There is no district of this code among the district files."""


@dataclass(frozen=True)
class City:
    """Catalogue, districts and their knowledge bases. Raises `catalog.marked.LoadError` when made from faulty files."""

    catalogue: Catalogue
    districts: dict[str, District]
    knowledge: dict[str, KnowledgeBase]

    @classmethod
    def of(cls, settings: Settings) -> "City":
        catalogue = load_catalogue()
        districts = load_districts(settings.districts, catalogue)
        own = load_own_answers(load_answers(catalogue), settings.districts, tuple(districts), catalogue)
        return cls(catalogue, districts, own)

    def district(self, code: str) -> District:
        """Raises `UnknownDistrict`."""
        try:
            return self.districts[code]
        except KeyError:
            known = ", ".join(sorted(self.districts))
            raise UnknownDistrict(f"there is no district {code}: known are {known}") from None
