"""`huiyin policy diff`: a district's policy in its file, in its form and in the ledger, and what cases live under."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.marked import written
from catalog.policy import Policy
from catalog.policy_fields import field_name
from catalog.policy_reading import PolicyRefused, read_policy
from deployments.office import Office
from deployments.policy_difference import MISSING, differing
from ledger.policies import RUN, version_of
from ledger.tables import PolicyRow


@dataclass(frozen=True, slots=True)
class Form:
    """The form's policy as it is written there; `away` says why it cannot be had."""

    written: object = None
    away: str | None = None


async def compared(office: Office, district: str, form: Form) -> dict[str, Any]:
    """One document: versions, differing fields, and every version of the ledger with its open cases.

    Raises `UnknownDistrict`.
    """
    file = office.city.district(district).policy
    current = await office.ledger.policies.current(district)
    async with office.ledger.database.read() as session:
        pinned = await office.ledger.policies.get(session, current.version)
    set_so, said = _form(district, form)
    bodies = {"file": _body(file), "form": set_so, "ledger": _body(pinned)}
    return {
        "district": district,
        "file": {"version": version_of(district, file)},
        "form": said,
        "ledger": {"version": current.version, "source": current.source, "since": current.used_at.isoformat()},
        "fields": _fields({name: body for name, body in bodies.items() if body is not None}),
        "versions": await _versions(office, district, current.version),
    }


def _form(district: str, form: Form) -> tuple[Any, dict[str, Any]]:
    """The form as far as it can be compared, and what is told of it."""
    if form.away is not None:
        return None, {"version": None, "fault": None, "away": form.away}
    try:
        policy = read_policy(form.written)
    except PolicyRefused as refused:
        body = form.written if isinstance(form.written, Mapping) else None
        return body, {"version": None, "fault": str(refused), "away": None}
    return _body(policy), {"version": version_of(district, policy), "fault": None, "away": None}


def _fields(bodies: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Field by field; a value that is not there is left out."""
    return [
        {
            "field": written(loc),
            "name": field_name(loc),
            **{name: value for name, value in zip(bodies, values, strict=True) if value is not MISSING},
        }
        for loc, values in differing(*bodies.values())
    ]


async def _versions(office: Office, district: str, current: str) -> list[dict[str, Any]]:
    open_cases = await office.ledger.lists.open_by_policy(district)
    return [
        {
            "version": row.version,
            "current": row.version == current,
            "source": row.source,
            "created_at": row.created_at.isoformat(),
            "used_at": _used(row),
            "open_cases": open_cases.get(row.version, 0),
        }
        for row in await office.ledger.policies.history(district)
    ]


def _used(row: PolicyRow) -> str | None:
    """When it last became the district's; never, if only runs have carried it."""
    return None if row.source == RUN else row.used_at.isoformat()


def _body(policy: Policy) -> dict[str, Any]:
    return policy.model_dump(mode="json")
