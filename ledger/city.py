"""The city as this process knows it: the catalogue and every district, read once from their files."""

from dataclasses import dataclass

from catalog.districts import District
from catalog.items import Catalogue
from catalog.loading import load_catalogue, load_districts
from ledger.errors import RetryNeverHelps
from ledger.settings import Settings


class UnknownDistrict(RetryNeverHelps):
    """There is no district of this code among the district files."""


@dataclass(frozen=True)
class City:
    """Catalogue and districts. Raises `catalog.marked.LoadError` when made from faulty files."""

    catalogue: Catalogue
    districts: dict[str, District]

    @classmethod
    def of(cls, settings: Settings) -> "City":
        catalogue = load_catalogue()
        return cls(catalogue, load_districts(settings.districts, catalogue))

    def district(self, code: str) -> District:
        """Raises `UnknownDistrict`."""
        try:
            return self.districts[code]
        except KeyError:
            known = ", ".join(sorted(self.districts))
            raise UnknownDistrict(f"there is no district {code}: known are {known}") from None
