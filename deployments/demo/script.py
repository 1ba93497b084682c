"""The script of the demo: ``requests.yaml``, read and checked."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from catalog.marked import LoadError, read_marked
from deployments.demo.behaviours import CitizenWay, Story, UnitWay

SCRIPT_FILE = Path(__file__).with_name("requests.yaml")


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Person(_Value):
    """Somebody invented; one may have no phone, or give no name."""

    name: str | None = None
    phone: str | None = Field(default=None, pattern=r"^138000000\d\d$")


class Call(_Value):
    """A whistle call: the street's unit that calls, who leads, who else comes, and who of them stays silent."""

    by: str
    lead: str
    others: tuple[str, ...] = Field(min_length=1)
    silent: str | None = None

    @property
    def units(self) -> tuple[str, ...]:
        return (self.lead, *self.others)


class Dispute(_Value):
    """Whom each unit proposes that declines, and for whom the adjudicator rules."""

    proposes: dict[str, str]
    ruled: str


def _several(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


class Scripted(_Value):
    """One request with how its unit and its citizen behave. `classes` are those it may rightly be taken for."""

    text: str = Field(min_length=10)
    place: str = ""
    channel: str
    contact: Person = Person()
    classes: Annotated[tuple[str, ...], BeforeValidator(_several)] = Field(default=(), alias="class")
    unit: UnitWay = UnitWay.PROMPT
    citizen: CitizenWay = CitizenWay.SATISFIED
    comment: str = ""
    complaint: str = ""
    form: bool = False
    story: Story | None = None
    call: Call | None = None
    dispute: Dispute | None = None

    @model_validator(mode="after")
    def _stories_are_whole(self) -> Self:
        if (self.call is not None) != (self.story in (Story.JOINT, Story.JOINT_ALONE)):
            raise ValueError("a story of called units needs a call, and no other has one")
        if (self.dispute is not None) != (self.story in (Story.BOUNCED, Story.PRECEDENT)):
            raise ValueError("a story of a dispute says whom the adjudicator rules for, and no other does")
        return self

    @cached_property
    def vague(self) -> bool:
        """Whether only a dispatcher can say whose matter it is."""
        return not self.classes

    def body(self, district: str) -> dict[str, Any]:
        """The body of `POST /api/requests`."""
        contact = self.contact.model_dump(exclude_none=True)
        body = {"district": district, "text": self.text, "place": self.place, "channel": self.channel}
        return {key: value for key, value in {**body, "contact": contact}.items() if value}


def load_script(file: Path = SCRIPT_FILE) -> tuple[Scripted, ...]:
    """Every request of the script, in order of arrival. Raises `LoadError`."""
    marked = read_marked(file)
    try:
        read = TypeAdapter(tuple[Scripted, ...]).validate_python(marked.value)
    except ValidationError as error:
        faults = [marked.fault(each["loc"], each["msg"]) for each in error.errors()]
        raise LoadError((*marked.faults, *faults)) from error
    if marked.faults:
        raise LoadError(marked.faults)
    return read
