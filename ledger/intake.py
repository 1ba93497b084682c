"""A request as it comes in (CONTRACT, Intake), and what the front desk understands of it at once."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from casework.messages import NO_NUL
from casework.recusing import recused
from casework.routing import addressed_leader, locate
from casework.row_facts import PHONE
from casework.screening import screen
from catalog.districts import District
from catalog.items import Catalogue, Property
from ledger.cases import NewRequest

TEXT_LIMIT = 20_000
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=TEXT_LIMIT), NO_NUL]
Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=300), NO_NUL]


class Contact(BaseModel):
    """Who asks. Both may be missing: an anonymous request is a request."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Short | None = None
    phone: Annotated[str, StringConstraints(strip_whitespace=True, pattern=PHONE)] | None = None


class IntakeForm(BaseModel):
    """The body of `POST /api/requests`, a row of an import, or what `huiyin submit` was given."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    district: Short
    text: Text
    place: Short | None = None
    longitude: float | None = Field(default=None, ge=-180, le=180)
    latitude: float | None = Field(default=None, ge=-90, le=90)
    channel: Short | None = None
    property: Property | None = None
    addressee: Short | None = None
    on_behalf_of: Short | None = None
    contact: Contact = Contact()
    external_id: Annotated[str, StringConstraints(min_length=1, max_length=200), NO_NUL] | None = None


def understand(form: IntakeForm, district: District, catalogue: Catalogue) -> NewRequest:
    """The new case's facts: likely property and grade by a quick screen, place by its names. Pure.

    Raises `catalog.districts.UnknownCode` for a channel that the district does not have.
    """
    channel = form.channel or district.channels[0].code
    district.channel(channel)
    screening = screen(form.text, form.property)
    location = locate(district, form.place or "", form.text)
    coordinates = f"{form.longitude},{form.latitude}" if form.longitude is not None else ""
    return NewRequest(
        district=district.code,
        number_prefix=district.number_prefix,
        channel=channel,
        text=form.text,
        property=screening.property,
        grade=screening.grade_hint,
        emergency=screening.emergency,
        catalogue_version=catalogue.version,
        has_phone=form.contact.phone is not None,
        street=location.street,
        community=location.community,
        external_id=form.external_id,
        sealed={
            "place": form.place or "",
            "name": form.contact.name or "",
            "phone": form.contact.phone or "",
            "on_behalf_of": form.on_behalf_of or "",
            "coordinates": coordinates,
        },
        more=_more(form, district, channel),
    )


def _more(form: IntakeForm, district: District, channel: str) -> dict[str, Any]:
    """To whom it is written, a leader by his code; and which units the words blame (回避)."""
    leader = addressed_leader(district, form.addressee, channel)
    about = recused(district, form.text)
    return {
        **({"addressee": form.addressee} if form.addressee else {}),
        **({"addressee_leader": leader} if leader else {}),
        **({"recused": list(about)} if about else {}),
    }
