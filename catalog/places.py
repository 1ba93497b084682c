"""Names of places all over the country, by which a row is known to be about another place than its district's."""

from functools import cache
from pathlib import Path

from catalog.marked import LoadError, read_marked

PLACES_FILE = Path(__file__).parent / "data" / "places.yaml"


@cache
def place_names() -> tuple[str, ...]:
    """Provinces, cities and some cities' districts, each as it is written in full. Raises `LoadError`."""
    marked = read_marked(PLACES_FILE)
    wrong = [
        marked.fault((key,), "names stand in one text") for key, said in marked.value.items() if type(said) is not str
    ]
    if marked.faults or wrong:
        raise LoadError((*marked.faults, *wrong))
    return tuple(name for said in marked.value.values() for name in said.split())
