"""The staff API, on what rulings leave behind: precedents for what comes next, and gaps of the catalogue (研判)."""

from typing import Any

from fastapi import APIRouter

from casework.view import iso
from gateway.badges import Worn, known_district
from gateway.office import Desk, Office
from ledger.reading import item_name, names_of
from ledger.tables import GapRow, PrecedentRow

router = APIRouter(prefix="/api", tags=["staff"], responses={401: {"description": "No valid token"}})


@router.get("/precedents", summary="裁决先例：同一事项、同一街道今后直接派给谁")
async def precedents(district: str, badge: Worn, office: Desk) -> list[dict[str, Any]]:
    """The latest first; `live`: of the catalogue's present version, and of one matter the latest."""
    known_district(district, badge, office)
    seen: set[tuple[str, str]] = set()
    told = []
    for row in await office.ledger.precedents.of(district):
        matter = (row.item, row.street)
        live = row.catalogue_version == office.city.catalogue.version and matter not in seen
        seen |= {matter} if live else set()
        told.append({**_said(row, row.item, office), "street": row.street or None, "live": live})
    return told


@router.get("/gaps", summary="研判：职责清单里没有对应事项的诉求")
async def gaps(district: str, badge: Worn, office: Desk) -> list[dict[str, Any]]:
    """What no item fits: which item was guessed, and who has it nevertheless; the oldest first."""
    known_district(district, badge, office)
    return [_said(row, row.guess, office) for row in await office.ledger.precedents.gaps(district)]


def _said(row: PrecedentRow | GapRow, item: str | None, office: Office) -> dict[str, Any]:
    names = names_of(office.city, row.district, item)
    return {
        "case_no": row.case_no,
        "item": {"code": item, "name": item_name(office.city, item)} if item else None,
        "unit": {"code": row.unit, "name": names.units.get(row.unit, row.unit)},
        "reason": row.reason,
        "catalogue_version": row.catalogue_version,
        "at": iso(row.at),
    }
