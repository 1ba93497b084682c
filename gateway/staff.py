"""The staff API, reading: cases and units, within what the token is for."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from casework.states import State
from casework.view import iso
from catalog.texts import text
from gateway.badges import Worn, check_district, check_not_recused, check_unit, known_district, narrowed, units_of
from gateway.errors import Declined
from gateway.office import Desk, Office
from gateway.standing import at_work
from ledger.access import Badge
from ledger.lists import Query as Wanted
from ledger.reading import alert_document, case_document, names_of, text_of
from ledger.receiver_alerts import TO_PHONE, of_district
from ledger.tables import CaseRow

WATCHES = frozenset({"admin", "supervisor", "auditor"})

router = APIRouter(prefix="/api", tags=["staff"], responses={401: {"description": "No valid token"}})


class UnitCard(BaseModel):
    """A unit that can be given work."""

    code: str
    name: str
    kind: str
    level: str
    parent: str | None


@router.get("/cases", summary="Cases in order of number; ask for more with `after`, the last number of the page before")
async def cases(
    badge: Worn,
    office: Desk,
    *,
    district: str | None = None,
    state: State | None = None,
    unit: str | None = None,
    due_before: AwareDatetime | None = None,
    suspected: bool = False,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    after: str = "",
) -> list[dict[str, Any]]:
    if district is not None:
        check_district(badge, district)
    district = district or badge.district
    wanted = Wanted(
        district=district,
        state=state,
        unit=unit,
        units=_units(badge, office, district),
        due_before=due_before,
        suspected=suspected,
        limit=limit,
        after=after,
    )
    rows = await office.ledger.lists.cases(wanted)
    hidden = await _hidden(badge, office, rows)
    return [_row(office, row) for row in rows if row.case_no not in hidden]


@router.get("/cases/{case_no}", summary="One case, as CONTRACT shapes it, with its masked text")
async def case(case_no: str, badge: Worn, office: Desk) -> dict[str, Any]:
    """For a unit's token: where it handles it, was called to it, has called others to it or owns it."""
    case = (await office.ledger.cases.load(case_no)).case
    check_district(badge, case.district)
    check_not_recused(badge, case)
    check_unit(badge, office, case.district, *at_work(case))
    return await case_document(office.ledger, office.city, case_no)


@router.get("/units")
async def units(district: str, badge: Worn, office: Desk) -> list[UnitCard]:
    known = known_district(district, badge, office)
    return [
        UnitCard(code=unit.code, name=unit.name, kind=unit.kind, level=unit.level, parent=unit.parent)
        for unit in known.units
    ]


def _units(badge: Badge, office: Office, district: str | None) -> frozenset[str] | None:
    return units_of(badge, office, district or "") if narrowed(badge) else None


async def _hidden(badge: Badge, office: Office, rows: Sequence[CaseRow]) -> frozenset[str]:
    """The cases that are about the badge's own unit."""
    if badge.unit is None:
        return frozenset()
    about = await office.ledger.lists.recused([row.case_no for row in rows])
    return frozenset(case_no for case_no, units in about.items() if badge.unit in units)


def _row(office: Office, row: CaseRow) -> dict[str, Any]:
    """The part of a case's document that lists are read by."""
    names = names_of(office.city, row.district, row.item)
    return {
        "case_no": row.case_no,
        "district": row.district,
        "channel": row.channel,
        "property": row.property,
        "state": row.state,
        "state_zh": text(f"state.{row.state}"),
        "outcome": row.outcome,
        "grade": row.grade,
        "item": {"code": row.item, "name": names.item} if row.item else None,
        "department": {"code": row.unit, "name": names.units.get(row.unit, row.unit)} if row.unit else None,
        "received_at": iso(row.received_at),
        "closed_at": iso(row.closed_at),
        "next_due_at": iso(row.next_due_at),
        "suspect": row.suspect,
        "flow_run_id": row.flow_run_id,
        "seq": row.seq,
        "text": text_of(row),
    }


@router.get("/alerts", summary="What operators must know and do")
async def alerts(badge: Worn, office: Desk) -> list[dict[str, Any]]:
    rows = await office.ledger.alerts.open()
    if badge.role == "dispatcher":  # whom to phone, since no message reaches them
        rows = [row for row in rows if row.kind == TO_PHONE and of_district(row.subject, badge.district)]
    elif badge.role not in WATCHES:
        raise Declined(403, "alerts are for operators: ask an admin for a token of role admin, supervisor or auditor")
    return [alert_document(row) for row in rows]
