"""What dispatchers decided of an item in a place, and all else that the ledger knows of whose matter it is."""

from sqlalchemy import select

from casework.case import Case
from casework.choosing import Asset, Habit, Known, habit
from casework.events import Event, Kind, Role
from casework.routing import Location
from casework.states import State
from ledger.database import Database
from ledger.precedents import Precedents
from ledger.tables import ChoiceRow

UNDECIDED = frozenset({State.RECEIVED, State.TRIAGE, State.IN_DISPUTE})
"""Where it is asked whose matter a case is."""

LOOKED_AT = 12
"""So many of the latest decisions are read: a case that was sent on twice takes three of them."""


class Choices:
    """Reads only: they are written with the events that they are made from."""

    def __init__(self, database: Database, precedents: Precedents) -> None:
        self._database, self._precedents = database, precedents

    async def known(
        self, district: str, item: str, location: Location, catalogue_version: str, asset: Asset | None = None
    ) -> Known:
        """Of an item at a place; `asset` is what the request's words name."""
        precedent = await self._precedents.find(district, item, location.street, catalogue_version)
        return Known(precedent, asset, await self.habit(district, item, location, catalogue_version))

    async def habit(self, district: str, item: str, location: Location, catalogue_version: str) -> Habit | None:
        """Of the community, else of the whole street; None where no street is known."""
        if location.street is None:
            return None
        same = (
            ChoiceRow.district == district,
            ChoiceRow.item == item,
            ChoiceRow.street == location.street,
            ChoiceRow.catalogue_version == catalogue_version,
        )
        latest = (ChoiceRow.at.desc(), ChoiceRow.case_no.desc(), ChoiceRow.seq.desc())
        wanted = select(ChoiceRow.case_no, ChoiceRow.unit).where(*same).order_by(*latest).limit(LOOKED_AT)
        async with self._database.read() as session:
            if location.community is not None:
                here = wanted.where(ChoiceRow.community == location.community)
                if (found := habit((await session.execute(here)).tuples().all(), "community")) is not None:
                    return found
            return habit((await session.execute(wanted)).tuples().all(), "street")


def chosen(event: Event, before: Case, case: Case) -> list[ChoiceRow]:
    """What a dispatcher's assignment leaves for later cases; `case` is as the event has left it.

    Those that agree with the table are kept as well: one of them ends a habit. Nothing is said of whose matter the item
    is where a silent unit loses its case, where a unit is passed over because the complaint is about it, and where
    thanks are passed on.
    """
    if event.kind is not Kind.ASSIGNED or event.actor.role is Role.SYSTEM or event.data.get("no_item"):
        return []
    if case.item is None or case.street is None or case.recused or case.nature == "thanks":
        return []
    if before.state not in UNDECIDED:
        return []
    return [
        ChoiceRow(
            case_no=case.case_no,
            seq=event.seq,
            district=case.district,
            item=case.item,
            street=case.street,
            community=case.community or "",
            unit=event.data["unit"],
            catalogue_version=case.catalogue_version or "",
            at=event.at,
        )
    ]
