"""Precedents: what was ruled of an item in an area holds until the catalogue's next version; and the catalogue's gaps.

Gaps (研判) have a table of their own: a matter that no item fits has no item that it could be found by, and a ruling
that says so must not become a precedent for the item that was guessed.
"""

from collections.abc import Sequence

from sqlalchemy import select

from casework.case import Case
from casework.choosing import Precedent
from casework.events import Event, Kind
from ledger.database import Database
from ledger.tables import GapRow, PrecedentRow

LATEST_FIRST = (PrecedentRow.at.desc(), PrecedentRow.case_no.desc(), PrecedentRow.seq.desc())


class Precedents:
    """Reads only: they are written with the events that they are made from."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, district: str, item: str, street: str | None, catalogue_version: str) -> Precedent | None:
        """The latest ruling of this item in this street (None: of cases without one); None where there is none."""
        same = (
            PrecedentRow.district == district,
            PrecedentRow.item == item,
            PrecedentRow.street == (street or ""),
            PrecedentRow.catalogue_version == catalogue_version,
        )
        found = select(PrecedentRow).where(*same).order_by(*LATEST_FIRST).limit(1)
        async with self._database.read() as session:
            row = await session.scalar(found)
        return Precedent(row.case_no, row.unit, row.reason) if row else None

    async def of(self, district: str) -> Sequence[PrecedentRow]:
        """Every ruling of the district, the latest first; what an earlier catalogue was ruled under holds no more."""
        wanted = select(PrecedentRow).where(PrecedentRow.district == district).order_by(*LATEST_FIRST)
        async with self._database.read() as session:
            return (await session.scalars(wanted)).all()

    async def gaps(self, district: str) -> Sequence[GapRow]:
        """The matters that no item fits, in the order in which somebody said so."""
        wanted = select(GapRow).where(GapRow.district == district).order_by(GapRow.at, GapRow.case_no, GapRow.seq)
        async with self._database.read() as session:
            return (await session.scalars(wanted)).all()


def remembered(event: Event, case: Case) -> list[PrecedentRow | GapRow]:
    """What a ruling or a dispatch leaves for later cases; `case` is as the event has left it."""
    if event.kind not in (Kind.RULED, Kind.ASSIGNED):
        return []
    said = {
        "case_no": case.case_no,
        "seq": event.seq,
        "district": case.district,
        "unit": event.data["unit"],
        "reason": event.data.get("reason", ""),
        "catalogue_version": case.catalogue_version or "",
        "at": event.at,
    }
    if event.data.get("no_item"):
        return [GapRow(guess=case.item, **said)]
    if event.kind is Kind.RULED and case.item is not None:
        return [PrecedentRow(item=case.item, street=case.street or "", **said)]
    return []
