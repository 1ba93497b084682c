"""Which other cases a new one is compared with (并案): open ones of the likeliest items, by an index, never all."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from casework.case import Case
from ledger.database import Database
from ledger.tables import CaseRow, EventRow
from ledger.vault import Vault

NEWEST = 30
"""So many of each item: what is hot is told again within hours."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Another case as it is compared. `main` is the case that it is merged into, or its own number."""

    case_no: str
    main: str
    text: str
    street: str | None
    community: str | None


class Alike:
    """Reads only. What it opens of the vault is compared and goes nowhere."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database, self._vault = database, vault

    async def others(self, case: Case, items: Collection[str], since: datetime) -> list[Compared]:
        """The newest open cases of the same district and of these items, received since then; with masked texts."""
        async with self._database.read() as session:
            rows = [row for item in items for row in await _newest(session, case, item, since)]
            where = await _received(session, [row.case_no for row in rows])
        return [
            Compared(
                row.case_no,
                row.merged_into or row.case_no,
                row.text,
                where[row.case_no].get("street"),
                where[row.case_no].get("community"),
            )
            for row in rows
            if row.merged_into != case.case_no
        ]

    async def places(self, case_nos: Collection[str]) -> Mapping[str, str]:
        """Where each case is, as its citizen said it; empty where nothing was said, or it is forgotten."""
        async with self._database.read() as session:
            return {one: (await self._vault.take(session, one, "place")).get("place", "") for one in case_nos}

    async def of_one_citizen(self, case_no: str, other: str) -> bool:
        """Whether both came from one telephone number."""
        async with self._database.read() as session:
            phones = [(await self._vault.take(session, one, "phone")).get("phone") for one in (case_no, other)]
        return bool(phones[0]) and phones[0] == phones[1]


async def _newest(session: AsyncSession, case: Case, item: str, since: datetime) -> Sequence[CaseRow]:
    same = (
        CaseRow.district == case.district,
        CaseRow.item == item,
        CaseRow.received_at >= since,
        CaseRow.closed_at.is_(None),
        CaseRow.case_no != case.case_no,
    )
    wanted = select(CaseRow).where(*same).order_by(CaseRow.received_at.desc(), CaseRow.case_no).limit(NEWEST)
    return (await session.scalars(wanted)).all()


async def _received(session: AsyncSession, case_nos: Collection[str]) -> dict[str, Mapping[str, Any]]:
    """What each case's first event says."""
    first = select(EventRow.case_no, EventRow.data).where(EventRow.case_no.in_(case_nos), EventRow.seq == 1)
    return {case_no: json.loads(data) for case_no, data in await session.execute(first)}
