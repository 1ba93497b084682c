"""The staff API, acting on a request's own way: who has it, until when, and where it goes. Answers as for webhooks."""

import re
from contextlib import suppress
from typing import Any

from fastapi import APIRouter

from casework.case import Case
from casework.errors import BadAct, NotAllowed
from casework.events import Kind
from casework.grading import graded
from casework.merging import may_join, merge_act, regrade_act
from catalog.districts import District
from catalog.items import UnknownItem
from gateway.badges import Worn, actor, check_district, check_unit
from gateway.deciding import RESPONSES, data_of, decide, record, theirs
from gateway.errors import Declined
from gateway.office import Desk, Office
from gateway.staff_bodies import (
    Callback,
    ConfirmReferral,
    Delegate,
    Dispatch,
    Done,
    Extend,
    Merge,
    NotAccept,
    Pause,
    Recheck,
    Refer,
    Resume,
    ReturnReferral,
    Unmerge,
)
from ledger.access import Badge
from ledger.errors import NoSuchCase

router = APIRouter(prefix="/api/cases/{case_no}", tags=["staff"], responses=RESPONSES)
CODE = re.compile(r"[a-z0-9-]+")


@router.post("/dispatch", summary="派单：交给一个单位办理")
async def dispatch(case_no: str, body: Dispatch, badge: Worn, office: Desk) -> Done:
    case = await theirs(case_no, Kind.ASSIGNED, badge, office)
    return await record(case, Kind.ASSIGNED, _assignment(case, body, badge, office), badge, office)


@router.post("/delegate", summary="转派：由下级单位办理，原单位复查")
async def delegate(case_no: str, body: Delegate, badge: Worn, office: Desk) -> Done:
    return await decide(case_no, Kind.DELEGATED, body, badge, office)


@router.post("/recheck", summary="复查：通过则请群众评价，不通过则退回")
async def recheck(case_no: str, body: Recheck, badge: Worn, office: Desk) -> Done:
    kind = Kind.RECHECKED if body.passed else Kind.SENT_BACK
    return await decide(case_no, kind, body, badge, office, but=frozenset({"passed"}))


@router.post("/extend", summary="延期")
async def extend(case_no: str, body: Extend, badge: Worn, office: Desk) -> Done:
    return await decide(case_no, Kind.EXTENDED, body, badge, office)


@router.post("/pause", summary="挂起")
async def pause(case_no: str, body: Pause, badge: Worn, office: Desk) -> Done:
    return await decide(case_no, Kind.PAUSED, body, badge, office)


@router.post("/resume", summary="恢复办理")
async def resume(case_no: str, badge: Worn, office: Desk, body: Resume | None = None) -> Done:
    return await decide(case_no, Kind.RESUMED, body or Resume(), badge, office)


@router.post("/callback", summary="回访：电话里群众怎么说，或没有接通")
async def callback(case_no: str, body: Callback, badge: Worn, office: Desk) -> Done:
    kind = Kind.EVALUATED if body.reached else Kind.UNANSWERED
    return await decide(case_no, kind, body, badge, office, but=frozenset({"reached"}))


@router.post("/refer", summary="转接：交给应急热线、公用事业单位、其他区或市里")
async def refer(case_no: str, body: Refer, badge: Worn, office: Desk) -> Done:
    case = await theirs(case_no, Kind.REFERRED, badge, office)
    data = await _referral(case, body, office)
    return await record(case, Kind.REFERRED, data, badge, office)


@router.post("/confirm_referral", summary="转接确认：登记对方的编号")
async def confirm_referral(case_no: str, body: ConfirmReferral, badge: Worn, office: Desk) -> Done:
    return await decide(case_no, Kind.REFERRAL_CONFIRMED, body, badge, office)


@router.post("/return_referral", summary="转接退回：对方不受理，重新分拨")
async def return_referral(case_no: str, body: ReturnReferral, badge: Worn, office: Desk) -> Done:
    return await decide(case_no, Kind.REFERRAL_RETURNED, body, badge, office)


@router.post("/merge", summary="并案：并入同一件事的另一件诉求")
async def merge(case_no: str, body: Merge, badge: Worn, office: Desk) -> Done:
    """The other case takes the graver grade of the two."""
    case = await theirs(case_no, Kind.MERGED, badge, office)
    into = await _other(case, body.into, badge, office)
    who, at = actor(badge, Kind.MERGED), await office.ledger.now()
    after, _ = await office.record(case.case_no, merge_act(case, into, who, at, body.reason))
    regrading = regrade_act(case, into, who, at)
    if regrading is not None:
        with suppress(NotAllowed):  # its work has been done meanwhile: there is no limit left to tighten
            await office.record(into.case_no, regrading)
    return Done(state=str(after.state))


@router.post("/unmerge", summary="撤销并案：恢复单独办理")
async def unmerge(case_no: str, badge: Worn, office: Desk, body: Unmerge | None = None) -> Done:
    return await decide(case_no, Kind.UNMERGED, body or Unmerge(), badge, office)


@router.post("/not_accept", summary="不予受理")
async def not_accept(case_no: str, body: NotAccept, badge: Worn, office: Desk) -> Done:
    return await decide(case_no, Kind.NOT_ACCEPTED, body, badge, office)


def _assignment(case: Case, body: Dispatch, badge: Badge, office: Office) -> dict[str, Any]:
    """The act's data: with an item its grade, never looser than an emergency, and its own limit."""
    district = office.city.district(case.district)
    data = body.model_dump(exclude_none=True, exclude_defaults=True)
    if district.has_unit(body.unit):  # one that is not there is refused by name
        check_unit(badge, office, case.district, body.unit)
    if body.item is not None:
        try:
            item = office.city.catalogue.item(body.item)
        except UnknownItem as unknown:
            raise Declined(422, f"item: {unknown.args[0]}", field="item") from None
        data |= graded(item, district, emergency=case.emergency, hint=case.grade)
    return data


async def _referral(case: Case, body: Refer, office: Office) -> dict[str, Any]:
    """To whom, under which name and number; a utility's unit gets the work itself. Raises `BadAct`."""
    if body.due_at is not None and body.due_at <= await office.ledger.now():
        raise BadAct("due_at", "must be in the future")
    return {**data_of(body), **_addressee(case, body.to, office)}


def _addressee(case: Case, to: str, office: Office) -> dict[str, str]:
    district = office.city.district(case.district)
    line = next((line for key, line in district.emergency_lines.items() if key == to), None)
    if line is not None:
        return {"to": to, "name": line.name, **({"phone": line.phone} if line.phone else {})}
    if district.has_unit(to):
        return _unit(case, to, district)
    other = next((one for one in office.city.districts.values() if to in (one.code, one.name)), None)
    if other is district:
        raise BadAct("to", "must not be the case's own district: dispatch it instead")
    if other is not None:
        return {"to": other.code, "name": other.name}
    if CODE.fullmatch(to):
        lines = ", ".join(district.emergency_lines)
        raise BadAct("to", f"there is no line, unit or district {to}: lines are {lines}; or give a name")
    return {"to": to, "name": to}


def _unit(case: Case, code: str, district: District) -> dict[str, str]:
    unit = district.unit(code)
    if unit.kind != "utility":
        raise BadAct("to", f"{code} is a unit of the district and no utility: dispatch it instead")
    if code in case.recused:
        raise BadAct("to", f"the request is about {code} (回避): name another")
    return {"to": code, "name": unit.name, "unit": code}


async def _other(case: Case, into: str, badge: Badge, office: Office) -> Case:
    """The case to be joined. Raises `BadAct`, `NotAllowed`, or `Declined` (403)."""
    try:
        other = (await office.ledger.cases.load(into)).case
    except NoSuchCase:
        raise BadAct("into", f"there is no case {into}") from None
    check_district(badge, other.district)
    check_unit(badge, office, other.district, other.unit)
    may_join(case, other, await office.ledger.lists.merged_into(case.case_no))
    return other
