"""Who asks, by bearer token, and what is theirs to see and to do."""

from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from casework.case import Case
from casework.events import Actor, Kind, Role
from casework.life_cycle import LIFE_CYCLE, OWNERSHIP_LIFE
from catalog.districts import District
from gateway.errors import Declined
from gateway.office import Desk, Office
from ledger.access import Badge

ACTING = frozenset(
    {Role.DISPATCHER, Role.STREET, Role.SUPERVISOR, Role.ADJUDICATOR, Role.LEADER, Role.CALLBACK, Role.ADMIN}
)
"""Staff whom the life cycle knows; every other role reads only."""
OF_AN_OFFICE = {
    Role.STREET: "a street's token must name its unit",
    Role.LEADER: "a leader's token must name his office",
}
"""Whose token says for which unit they decide."""

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
    if role in OF_AN_OFFICE and badge.unit is None:
        raise Declined(403, f"{OF_AN_OFFICE[role]}: make one with huiyin token create --unit CODE")
    if not any(row.event is kind and role in row.who for row in (*LIFE_CYCLE, *OWNERSHIP_LIFE)):
        raise Declined(403, f"the role {badge.role} may not do this")
    return Actor(role, badge.name)


def check_district(badge: Badge, district: str) -> None:
    if badge.district not in (None, district):
        raise Declined(403, f"this token is for the district {badge.district} only")


def known_district(code: str, badge: Badge, office: Office) -> District:
    """The district, if this badge is for it. Raises `Declined` (404, 403)."""
    known = office.district(code)
    if known is None:
        raise Declined(404, f"there is no district {code}: known are {', '.join(sorted(office.city.districts))}")
    check_district(badge, code)
    return known


def check_unit(badge: Badge, office: Office, district: str, *units: str | None) -> None:
    """A token that names a unit is for that unit's cases, and those of the units under it: one of `units`."""
    if narrowed(badge) and units_of(badge, office, district).isdisjoint(units):
        raise Declined(403, f"this token is for the unit {badge.unit} and those under it only")


def check_not_recused(badge: Badge, case: Case) -> None:
    """回避: what is said about a unit is not shown to it."""
    if badge.unit is not None and badge.unit in case.recused:
        raise Declined(403, f"this token is not for this case: it is about the unit {badge.unit} (回避)")


def narrowed(badge: Badge) -> bool:
    """Whether the token shows its unit's cases alone. A leader's names the office he decides through, and sees all."""
    return badge.unit is not None and badge.role != Role.LEADER


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
