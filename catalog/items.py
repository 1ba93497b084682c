"""The responsibility catalogue (职责清单): what citizens may ask, how urgent it is and whose duty it is."""

import builtins
from datetime import date
from functools import cached_property
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from catalog.grades import Weight, grade_of
from catalog.limits import LIMIT_PATTERN, Limit
from catalog.policy import Grade

LONGEST_WORKING_DAYS = 15
"""No item promises longer than this many working days (DESIGN §3, *Clocks*)."""

Property = Literal["complaint", "help", "question", "suggestion", "thanks", "report"]
Level = Literal["community", "street", "district"]
Emergency = Literal["110", "119", "120", "122", "power", "water", "gas"]


class UnknownItem(LookupError):
    """There is no such item in this version of the catalogue."""


def _own_limit(written: str) -> str:
    limit = Limit.parse(written)
    longest = LONGEST_WORKING_DAYS if limit.in_working_days else LONGEST_WORKING_DAYS * 86400
    length = limit.amount if limit.in_working_days else limit.natural.total_seconds()
    if length > longest:
        raise ValueError(f"“{written}” is longer than an item may promise: at most {LONGEST_WORKING_DAYS}wd")
    return written


OwnLimit = Annotated[str, Field(pattern=LIMIT_PATTERN), AfterValidator(_own_limit)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CatalogueItem(_Value):
    """One item (事项). `role` is a duty, not a unit: each district's table says which unit has it.

    `phrases` are sentences as citizens write them, `keywords` the short words they use for the thing. `joint`: no unit
    can end it alone, so that the units of `co_roles` are called to the place at once (吹哨).
    """

    code: str = Field(pattern=r"^SZ-\d{4}$")
    name: str = Field(min_length=2, max_length=24)
    covers: str = Field(min_length=6)
    excludes: str = ""
    phrases: tuple[str, ...] = Field(min_length=6)
    keywords: tuple[str, ...] = ()
    importance: Weight
    urgency: Weight
    completion: OwnLimit | None = None
    role: str
    co_roles: tuple[str, ...] = ()
    joint: bool = False
    level: Level
    emergency: Emergency | None = None
    property: Property | None = None
    long_standing: bool = False
    basis: str | None = None
    class_code: str = ""
    class_name: str = ""

    @builtins.property  # the field above takes the bare name
    def grade(self) -> Grade:
        """By importance × urgency (see `catalog.grades`)."""
        return grade_of(self.importance, self.urgency)


class CatalogueClass(_Value):
    """One of the 18 classes (大类) after Pingshan's event types; one file each."""

    code: str = Field(pattern=r"^\d{2}$")
    name: str = Field(min_length=2, max_length=12)
    dated: date
    items: tuple[CatalogueItem, ...] = Field(min_length=1)


class Catalogue(_Value):
    """Every class and item of one version. The version names the newest file's date and the content's digest."""

    version: str
    roles: dict[str, str]
    classes: tuple[CatalogueClass, ...]

    @cached_property
    def items(self) -> tuple[CatalogueItem, ...]:
        return tuple(item for each in self.classes for item in each.items)

    @cached_property
    def _by_code(self) -> dict[str, CatalogueItem]:
        return {item.code: item for item in self.items}

    def item(self, code: str) -> CatalogueItem:
        """Raises `UnknownItem`."""
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownItem(f"there is no item {code} in catalogue {self.version}: see catalog/data/items") from None

    @cached_property
    def roles_used(self) -> dict[str, str]:
        """Role code to the code of an item that needs it."""
        return {role: item.code for item in reversed(self.items) for role in (item.role, *item.co_roles)}
