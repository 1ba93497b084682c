"""A district: its places, its units, who has which duty, its leaders, its channels and its policy."""

from functools import cached_property
from typing import Annotated, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError

from catalog.district_checks import faults
from catalog.items import CatalogueItem, Emergency
from catalog.limits import Limit
from catalog.policy import Policy

T = TypeVar("T")
Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Name = Annotated[str, Field(min_length=2, max_length=30)]
HOURS = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d$"
UnitKind = Literal[
    "department", "street", "community", "team", "utility", "office", "property", "mediation", "law", "volunteers"
]
ChannelKind = Literal[
    "hotline", "app", "mailbox", "leader", "counter", "visit", "reception", "meeting", "stall", "box",
    "patrol", "sensor", "campaign", "proxy",
]  # fmt: skip


class UnknownCode(LookupError):
    """The district has no unit, channel or place of this code."""


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Community(_Value):
    """A community (社区); aliases are other names that citizens give it, such as an old village."""

    code: Code
    name: Name
    aliases: tuple[Name, ...] = ()


class Street(_Value):
    """A subdistrict (街道) with its communities."""

    code: Code
    name: Name
    aliases: tuple[Name, ...] = ()
    communities: tuple[Community, ...] = Field(min_length=1)


class Unit(_Value):
    """Whoever can be given a piece of work. The deputy is told while the unit is off duty (AB角), which is outside its
    hours such as ``09:00-18:00`` and on days that its district does not work; without hours it is always on duty.

    `duty` is where its duty desk gets a short message when its endpoint does not answer: an office's line
    (``tel:0755-12345678``) or a group (``wecom:NAME``), never a person's.
    """

    code: Code
    name: Name
    kind: UnitKind
    level: Literal["community", "street", "district", "city"]
    parent: Code | None = None
    aliases: tuple[Name, ...] = ()
    deputy: Code | None = None
    hours: str | None = Field(default=None, pattern=HOURS)
    duty: str | None = Field(default=None, pattern=r"^(tel:[0-9][0-9-]{2,19}|wecom:[a-z][a-z0-9-]{1,39})$")


class Duty(_Value):
    """Who has one role: the unit of the community, else of the street, else the default."""

    default: Code
    streets: dict[Code, Code] = {}
    communities: dict[Code, Code] = {}

    @property
    def local(self) -> bool:
        """Whether it matters where in the district the thing is."""
        return bool(self.streets or self.communities)


class Leader(_Value):
    """A leader and what he or she is linked to (分片包联). Messages go through the office's unit."""

    code: Code
    title: Name
    tier: Literal["unit", "district", "head", "group"]
    office: Code
    units: tuple[Code, ...] = ()
    streets: tuple[Code, ...] = ()


class Channel(_Value):
    """A way in (渠道). Hours such as ``09:00-18:00``; none means round the clock."""

    code: Code
    name: Name
    kind: ChannelKind
    hours: str | None = Field(default=None, pattern=HOURS)


class EmergencyLine(_Value):
    """Who is rung at once, and under which number where that is known."""

    name: Name
    phone: str | None = None


class District(_Value):
    """One district as its file says it, checked: see `catalog.district_checks`. `within`: its city, its province."""

    code: Code
    name: Name
    within: tuple[Name, ...] = ()
    number_prefix: str = Field(pattern=r"^[A-Z]{2}$")
    item_limits: Literal["keep", "policy"] = "keep"
    streets: tuple[Street, ...] = Field(min_length=1)
    units: tuple[Unit, ...] = Field(min_length=1)
    roles: dict[str, Duty]
    emergency_lines: dict[Emergency, EmergencyLine]
    leaders: tuple[Leader, ...] = ()
    channels: tuple[Channel, ...] = Field(min_length=1)
    policy: Policy = Policy()

    @model_validator(mode="after")
    def _holds_together(self, info: ValidationInfo) -> Self:
        catalogue = (info.context or {}).get("catalogue")
        found = [_error(loc, sentence) for loc, sentence in faults(self, catalogue)]
        if found:
            raise ValidationError.from_exception_data("District", found)
        return self

    @cached_property
    def _units(self) -> dict[str, Unit]:
        return {unit.code: unit for unit in self.units}

    @cached_property
    def _channels(self) -> dict[str, Channel]:
        return {channel.code: channel for channel in self.channels}

    def unit(self, code: str) -> Unit:
        """Raises `UnknownCode`."""
        return _find(self._units, "unit", code)

    def has_unit(self, code: str) -> bool:
        return code in self._units

    @cached_property
    def names(self) -> dict[str, str]:
        """Names of units and titles of leaders, by code."""
        return {leader.code: leader.title for leader in self.leaders} | {unit.code: unit.name for unit in self.units}

    def leader(self, code: str) -> Leader:
        """Raises `UnknownCode`."""
        return _find({leader.code: leader for leader in self.leaders}, "leader", code)

    def channel(self, code: str) -> Channel:
        """Raises `UnknownCode`."""
        return _find(self._channels, "channel", code)

    def subordinates(self, code: str) -> tuple[Unit, ...]:
        """The units directly under this one: those it may delegate to."""
        return tuple(unit for unit in self.units if unit.parent == self.unit(code).code)

    def own_limit(self, item: CatalogueItem) -> Limit | None:
        """The completion an item promises by itself; none where the policy alone decides in this district."""
        return Limit.parse(item.completion) if item.completion and self.item_limits == "keep" else None


def _find(known: dict[str, T], kind: str, code: str) -> T:
    try:
        return known[code]
    except KeyError:
        raise UnknownCode(f"there is no {kind} {code} in this district: see its file") from None


def _error(loc: tuple[str | int, ...], sentence: str) -> InitErrorDetails:
    problem = PydanticCustomError("district", "{sentence}", {"sentence": sentence})
    return InitErrorDetails(type=problem, loc=loc, input=None)
