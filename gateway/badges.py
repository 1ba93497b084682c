"""Who asks, by bearer token, and what is theirs to see and to do."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from casework.events import Actor, Kind, Role
from casework.life_cycle import LIFE_CYCLE
from gateway.errors import Declined
from gateway.office import Desk, Office
from ledger.access import Badge

ACTING = frozenset({Role.DISPATCHER, Role.STREET, Role.SUPERVISOR, Role.CALLBACK, Role.ADMIN})
"""Staff whom the life cycle knows; every other role reads only."""

_bearer = HTTPBearer(auto_error=False, description="A staff token (`huiyin token create`)")


async def badge_of(
    office: Desk, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Badge:
    """Raises `Declined` (401)."""
    badge = await office.ledger.access.badge(credentials.credentials) if credentials else None
    if badge is None:
        sentence = "a valid staff token is needed in the header Authorization: Bearer …: see huiyin token create"
        raise Declined(401, sentence, {"www-authenticate": "Bearer"})
    return badge


Worn = Annotated[Badge, Depends(badge_of)]


def actor(badge: Badge, kind: Kind) -> Actor:
    """Who the act is recorded under. Raises `Declined` (403) where the life cycle never lets this role do it."""
    role = next((role for role in ACTING if role == badge.role), None)
    if role is None:
        raise Declined(403, f"the role {badge.role} may only read")
    if role is Role.STREET and badge.unit is None:
        raise Declined(403, "a street's token must name its unit: make one with huiyin token create --unit CODE")
    if not any(row.event is kind and role in row.who for row in LIFE_CYCLE):
        raise Declined(403, f"the role {badge.role} may not do this")
    return Actor(role, badge.name)


def check_district(badge: Badge, district: str) -> None:
    if badge.district not in (None, district):
        raise Declined(403, f"this token is for the district {badge.district} only")


def check_unit(badge: Badge, office: Office, district: str, unit: str | None) -> None:
    """A token that names a unit is for that unit's cases, and those of the units under it."""
    if badge.unit is not None and unit not in units_of(badge, office, district):
        raise Declined(403, f"this token is for the unit {badge.unit} and those under it only")


def units_of(badge: Badge, office: Office, district: str) -> frozenset[str]:
    """The badge's unit and all units under it."""
    known = office.district(district)
    if known is None or badge.unit is None:
        return frozenset()
    found, grown = frozenset[str](), frozenset({badge.unit})
    while grown != found:
        found = grown
        grown = found | {unit.code for unit in known.units if unit.parent in found}
    return found
