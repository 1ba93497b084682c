"""Which column of a file fills which field of the intake form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog.texts import text
from deployments.errors import CommandFailed

FIELDS = (
    "text",
    "place",
    "longitude",
    "latitude",
    "property",
    "addressee",
    "on_behalf_of",
    "contact.name",
    "contact.phone",
    "external_id",
)
PROPERTIES = ("complaint", "help", "question", "suggestion", "thanks", "report")


@dataclass(frozen=True, slots=True)
class Columns:
    """Field to the place of its column in a row."""

    places: Mapping[str, int]

    @classmethod
    def of(cls, header: Sequence[str], given: Sequence[str]) -> "Columns":
        """A column called like a field fills it; `given` (`text=detail`) goes before. Raises `CommandFailed`."""
        places = {name: header.index(name) for name in FIELDS if name in header}
        places |= dict(_given(header, mapping) for mapping in given)
        if "text" not in places:
            raise CommandFailed(text("cli.import.no_text", columns="、".join(header)))
        return cls(places)

    def form(self, cells: Sequence[str]) -> dict[str, Any]:
        """The fields that a row fills in; blank cells fill nothing."""
        filled = {name: cells[place].strip() for name, place in self.places.items() if cells[place].strip()}
        contact = {name.removeprefix("contact."): filled.pop(name) for name in FIELDS[7:9] if name in filled}
        if "property" in filled:
            filled["property"] = _property(filled["property"])
        return {**filled, "contact": contact}


def _given(header: Sequence[str], mapping: str) -> tuple[str, int]:
    name, equals, column = mapping.partition("=")
    if not equals:
        raise CommandFailed(text("cli.import.no_mapping", mapping=mapping))
    if name not in FIELDS:
        raise CommandFailed(text("cli.import.no_field", name=name, fields=", ".join(FIELDS)))
    if header.count(column) != 1:
        raise CommandFailed(text("cli.import.no_column", column=column, columns="、".join(header)))
    return name, header.index(column)


def _property(given: str) -> str:
    """Files of districts say 投诉 where the form says complaint."""
    return {text(f"property.{code}"): code for code in PROPERTIES}.get(given, given)
