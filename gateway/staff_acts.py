"""The staff API, acting: what a dispatcher and a callback clerk decide. Answers as for webhooks."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, model_validator

from casework.case import Case
from casework.events import Act, Kind
from casework.grading import graded
from casework.messages import Days, Line, Moment, Words
from catalog.districts import UnknownCode
from catalog.items import UnknownItem
from gateway.badges import Worn, actor, check_district, check_unit
from gateway.errors import Declined
from gateway.office import Desk, Office
from gateway.webhooks import Conflict
from ledger.access import Badge

router = APIRouter(
    prefix="/api/cases/{case_no}",
    tags=["staff"],
    responses={
        401: {"description": "No valid token"},
        403: {"description": "Not with this role, or not in this district"},
        404: {"description": "No such case"},
        409: {"model": Conflict, "description": "It makes no sense in the case's state"},
    },
)


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dispatch(_Body):
    """派单 to a unit; with an item, the case is classified and graded by it."""

    unit: Line
    item: Line | None = None
    reason: Words | None = None


class Extend(_Body):
    """延期, by so many working days."""

    days: Days
    reason: Words


class Pause(_Body):
    """挂起, until a date of review."""

    review_at: Moment
    reason: Words


class Resume(_Body):
    reason: Words | None = None


class Refuse(_Body):
    """The unit's request for an extension or a pause is not granted."""

    reason: Words


class Callback(_Body):
    """回访 by phone: nobody answered, or what the citizen said."""

    reached: bool = True
    solved: bool | None = None
    satisfaction: int | None = Field(default=None, ge=1, le=5)
    comment: Words | None = None

    @model_validator(mode="after")
    def _said(self) -> "Callback":
        if self.reached and (self.solved is None or self.satisfaction is None):
            raise ValueError("solved and satisfaction are needed where the citizen was reached")
        return self


class Done(BaseModel):
    """The act is recorded; `state` is the case's now."""

    status: Literal["accepted"] = "accepted"
    state: str


@router.post("/dispatch")
async def dispatch(case_no: str, body: Dispatch, badge: Worn, office: Desk) -> Done:
    case = await _theirs(case_no, Kind.ASSIGNED, badge, office)
    return await _record(case, Kind.ASSIGNED, _assignment(case, body, badge, office), badge, office)


@router.post("/extend")
async def extend(case_no: str, body: Extend, badge: Worn, office: Desk) -> Done:
    return await _decide(case_no, Kind.EXTENDED, body, badge, office)


@router.post("/pause")
async def pause(case_no: str, body: Pause, badge: Worn, office: Desk) -> Done:
    return await _decide(case_no, Kind.PAUSED, body, badge, office)


@router.post("/resume")
async def resume(case_no: str, badge: Worn, office: Desk, body: Resume | None = None) -> Done:
    return await _decide(case_no, Kind.RESUMED, body or Resume(), badge, office)


@router.post("/refuse")
async def refuse(case_no: str, body: Refuse, badge: Worn, office: Desk) -> Done:
    return await _decide(case_no, Kind.REFUSED, body, badge, office)


@router.post("/callback")
async def callback(case_no: str, body: Callback, badge: Worn, office: Desk) -> Done:
    kind = Kind.EVALUATED if body.reached else Kind.UNANSWERED
    case = await _theirs(case_no, kind, badge, office)
    data = body.model_dump(exclude={"reached"}, exclude_none=True)
    return await _record(case, kind, data, badge, office)


async def _decide(case_no: str, kind: Kind, body: _Body, badge: Badge, office: Office) -> Done:
    case = await _theirs(case_no, kind, badge, office)
    return await _record(case, kind, body.model_dump(mode="json", exclude_none=True), badge, office)


async def _theirs(case_no: str, kind: Kind, badge: Badge, office: Office) -> Case:
    """The case, if this badge may do this to it. Raises `Declined` (403)."""
    actor(badge, kind)
    case = (await office.ledger.cases.load(case_no)).case
    check_district(badge, case.district)
    check_unit(badge, office, case.district, case.unit)
    return case


async def _record(case: Case, kind: Kind, data: dict[str, Any], badge: Badge, office: Office) -> Done:
    at = await office.ledger.now()
    after, _ = await office.record(case.case_no, Act(kind, actor(badge, kind), at, data))
    return Done(state=str(after.state))


def _assignment(case: Case, body: Dispatch, badge: Badge, office: Office) -> dict[str, Any]:
    """The act's data: with an item its grade, never looser than an emergency, and its own limit."""
    district = office.city.district(case.district)
    data = body.model_dump(exclude_none=True)
    try:
        district.unit(body.unit)
    except UnknownCode:
        raise Declined(422, f"unit: there is no unit {body.unit}: see GET /api/units", field="unit") from None
    check_unit(badge, office, case.district, body.unit)
    if body.item is not None:
        try:
            item = office.city.catalogue.item(body.item)
        except UnknownItem as unknown:
            raise Declined(422, f"item: {unknown.args[0]}", field="item") from None
        data |= graded(item, district, emergency=case.emergency, hint=case.grade)
    return data
