"""The staff API, acting on what is open beside a request: disputes, whistle calls, ownership (裁决、吹哨、包案)."""

from fastapi import APIRouter

from casework.case import Case
from casework.errors import BadAct
from casework.events import Kind, Role
from casework.owners import tiers
from casework.states import State
from gateway.badges import Worn, units_of
from gateway.checking import DISPATCHER
from gateway.deciding import RESPONSES, data_of, decide, forbidden, record, refused, shown, theirs
from gateway.office import Desk, Office
from gateway.staff_bodies import (
    Approve,
    Conclude,
    Done,
    Excuse,
    Order,
    Refuse,
    Rule,
    SignOff,
    Whistle,
)
from gateway.standing import may_whistle
from ledger.access import Badge

router = APIRouter(prefix="/api/cases/{case_no}", tags=["staff"], responses=RESPONSES)
APPROVING = frozenset({Role.LEADER, Role.ADMIN})


@router.post("/rule", summary="裁决：承办单位由谁负责")
async def rule(case_no: str, body: Rule, badge: Worn, office: Desk) -> Done:
    case = await theirs(case_no, Kind.RULED, badge, office)
    data = data_of(body, frozenset() if body.no_item else frozenset({"no_item"}))
    return await record(case, Kind.RULED, data, badge, office)


@router.post("/whistle", summary="吹哨：召集几家单位联合处置")
async def whistle(case_no: str, body: Whistle, badge: Worn, office: Desk) -> Done:
    """By the dispatcher's desk; by a street, for what lies in it or what it works on."""
    case = await shown(case_no, Kind.WHISTLED, badge, office)
    caller = DISPATCHER
    if badge.role == Role.STREET and badge.unit is not None:
        if not may_whistle(office.district(case.district), case, badge.unit):
            raise forbidden(f"the case is not in the place of {badge.unit}, nor has it work in it")
        caller = badge.unit
    return await record(case, Kind.WHISTLED, {**data_of(body), "caller": caller}, badge, office)


@router.post("/excuse", summary="免除一家单位的分工")
async def excuse(case_no: str, body: Excuse, badge: Worn, office: Desk) -> Done:
    case = await _called(case_no, Kind.EXCUSED, badge, office)
    return await record(case, Kind.EXCUSED, data_of(body), badge, office)


@router.post("/sign_off", summary="签字销哨：认可联合处置结果，并给每家单位评分")
async def sign_off(case_no: str, body: SignOff, badge: Worn, office: Desk) -> Done:
    case = await _called(case_no, Kind.SIGNED_OFF, badge, office)
    return await record(case, Kind.SIGNED_OFF, data_of(body), badge, office)


@router.post("/order", summary="提级包案：指定由哪一级领导包案")
async def order(case_no: str, body: Order, badge: Worn, office: Desk) -> Done:
    case = await theirs(case_no, Kind.OWNED, badge, office)
    known = [tier.tier for tier in tiers(office.city.district(case.district), case)]
    if body.tier is not None and body.tier not in known:
        raise BadAct("tier", f"the district's file names nobody for it: there are {', '.join(known) or 'none'}")
    if not known:
        raise refused(case, badge, "the district's file names no leader: add one, or dispatch the case first")
    return await record(case, Kind.OWNED, {**data_of(body), "trigger": "order"}, badge, office)


@router.post("/approve", summary="准予销案")
async def approve(case_no: str, badge: Worn, office: Desk, body: Approve | None = None) -> Done:
    case = await shown(case_no, Kind.APPROVED, badge, office)
    _approver(case, badge)
    return await record(case, Kind.APPROVED, data_of(body or Approve()), badge, office)


@router.post("/refuse", summary="不予批准：销案、退单，或延期、挂起的申请")
async def refuse(case_no: str, body: Refuse, badge: Worn, office: Desk) -> Done:
    """A leader refuses a 销案; a dispatcher what a unit has asked for; an admin whichever waits, a 销案 first."""
    if badge.role in APPROVING:
        case = await shown(case_no, Kind.NOT_APPROVED, badge, office)
        if badge.role == Role.LEADER or _awaits_approval(case):
            _approver(case, badge)
            return await record(case, Kind.NOT_APPROVED, data_of(body), badge, office)
    return await decide(case_no, Kind.REFUSED, body, badge, office)


@router.post("/conclude", summary="评理结论：报请终结")
async def conclude(case_no: str, body: Conclude, badge: Worn, office: Desk) -> Done:
    case = await shown(case_no, Kind.DISSOLUTION, badge, office)
    if case.ownership is None or not case.ownership.hearing:
        raise refused(case, badge, "no hearing (评理) is held: it follows dissatisfaction after 销案")
    return await record(case, Kind.DISSOLUTION, data_of(body), badge, office)


async def _called(case_no: str, kind: Kind, badge: Badge, office: Office) -> Case:
    """A case whose open call is this badge's: the dispatcher's desk its own, a street its units', an owner what he
    owns; a supervisor and an admin any. Raises `Declined` (403).
    """
    case = await shown(case_no, kind, badge, office)
    call = case.whistle
    if call is None:
        raise refused(case, badge, "no whistle call is open")
    owner = case.ownership.at.office if case.ownership else None
    mine = {
        Role.DISPATCHER: call.caller == DISPATCHER,
        Role.STREET: call.caller in units_of(badge, office, case.district),
        Role.LEADER: badge.unit == owner,
    }.get(Role(badge.role), True)
    if not mine:
        raise forbidden(f"only who has called may do this, {call.caller}, or who owns the case")
    return case


def _awaits_approval(case: Case) -> bool:
    return case.ownership is not None and case.ownership.state is State.AWAITING_APPROVAL


def _approver(case: Case, badge: Badge) -> None:
    """Whether a 销案 waits, and for this badge: a leader approves through the office of the tier above."""
    if case.ownership is None or not _awaits_approval(case):
        raise refused(case, badge, "no 销案 waits for a decision")
    above = case.ownership.above.office
    if badge.role == Role.LEADER and badge.unit != above:
        raise forbidden(f"the tier above decides on it, through {above}")
