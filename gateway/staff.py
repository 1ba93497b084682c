"""The staff API, reading: cases and units, within what the token is for."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel

from casework.case import State
from casework.view import iso
from catalog.texts import text
from gateway.badges import Worn, check_district, check_unit, units_of
from gateway.errors import Declined
from gateway.office import Desk, Office
from ledger.access import Badge
from ledger.lists import Query as Wanted
from ledger.reading import case_document, names_of
from ledger.tables import CaseRow

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
        limit=limit,
        after=after,
    )
    return [_row(office, row) for row in await office.ledger.lists.cases(wanted)]


@router.get("/cases/{case_no}", summary="One case, as CONTRACT shapes it, with its masked text")
async def case(case_no: str, badge: Worn, office: Desk) -> dict[str, Any]:
    document = await case_document(office.ledger, office.city, case_no)
    check_district(badge, document["district"])
    check_unit(badge, office, document["district"], (document["department"] or {}).get("code"))
    return document


@router.get("/units")
async def units(district: str, badge: Worn, office: Desk) -> list[UnitCard]:
    known = office.district(district)
    if known is None:
        raise Declined(404, f"there is no district {district}: known are {', '.join(sorted(office.city.districts))}")
    check_district(badge, district)
    return [
        UnitCard(code=unit.code, name=unit.name, kind=unit.kind, level=unit.level, parent=unit.parent)
        for unit in known.units
    ]


def _units(badge: Badge, office: Office, district: str | None) -> frozenset[str] | None:
    return units_of(badge, office, district or "") if badge.unit is not None else None


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
        "flow_run_id": row.flow_run_id,
        "seq": row.seq,
        "text": row.text,
    }
