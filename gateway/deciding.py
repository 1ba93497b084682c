"""How an act of the staff goes: the badge is looked at, what it names is checked, and it is recorded."""

from typing import Any

from casework.case import Case
from casework.errors import NotAllowed
from casework.events import Act, Kind, Role
from casework.life_cycle import allowed
from casework.owners import with_owner
from gateway.badges import actor, check_district, check_not_recused, check_unit
from gateway.checking import checked
from gateway.errors import Declined
from gateway.office import Office
from gateway.staff_bodies import Body, Done
from gateway.webhooks import Conflict
from ledger.access import Badge

RESPONSES: dict[int | str, dict[str, Any]] = {
    401: {"description": "No valid token"},
    403: {"description": "Not with this role, not in this district or unit, or the request is about this unit (回避)"},
    404: {"description": "No such case"},
    409: {"model": Conflict, "description": "It makes no sense in the case's state"},
}


async def decide(
    case_no: str, kind: Kind, body: Body, badge: Badge, office: Office, *, but: frozenset[str] = frozenset()
) -> Done:
    """The act whose data are the body's fields, those left empty and those in `but` left out."""
    case = await theirs(case_no, kind, badge, office)
    return await record(case, kind, data_of(body, but), badge, office)


def data_of(body: Body, but: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The fields as an act has them."""
    return body.model_dump(mode="json", exclude_none=True, exclude=set(but))


async def theirs(case_no: str, kind: Kind, badge: Badge, office: Office) -> Case:
    """The case, if this badge may do this to it: its unit's, where the badge names one. Raises `Declined` (403)."""
    case = await shown(case_no, kind, badge, office)
    check_unit(badge, office, case.district, case.unit)
    return case


async def shown(case_no: str, kind: Kind, badge: Badge, office: Office) -> Case:
    """The case, if this role may do this in this district. Raises `Declined` (403)."""
    actor(badge, kind)
    case = (await office.ledger.cases.load(case_no)).case
    check_district(badge, case.district)
    check_not_recused(badge, case)
    return case


async def record(case: Case, kind: Kind, data: dict[str, Any], badge: Badge, office: Office) -> Done:
    """Answers the case's state after it. What opens an ownership is given its owner from the district's file."""
    district = office.city.district(case.district)
    act = Act(kind, actor(badge, kind), await office.ledger.now(), data)
    if kind is Kind.OWNED:
        act = with_owner(act, district, case)
    after, _ = await office.record(case.case_no, checked(act, district, case))
    return Done(state=str(after.state))


def refused(case: Case, badge: Badge, why: str) -> NotAllowed:
    """What makes no sense as the case stands, with what this role may do to it."""
    return NotAllowed(case.state, allowed(case, Role(badge.role)), why)


def forbidden(why: str) -> Declined:
    return Declined(403, why)
