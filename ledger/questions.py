"""Questions that the knowledge base did not settle, for whoever keeps it. Read from the record: no table is kept."""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casework.events import Kind
from ledger.database import Database
from ledger.tables import CaseRow, EventRow

TURNED_DOWN = "turned_down"
HANDED_ON = frozenset({Kind.TRIAGED, Kind.ASSIGNED})  # after an instant answer: its citizen was not content with it


@dataclass(frozen=True, slots=True)
class Unsettled:
    """A question in its masked words; `because` says why it was not settled, `entry` what came nearest."""

    case_no: str
    text: str
    because: str
    entry: str | None


async def unsettled_questions(database: Database, district: str, since: datetime, limit: int = 2000) -> list[Unsettled]:
    """The newest questions of a district since a moment that got no instant answer, or turned it down."""
    kinds = (Kind.NO_ANSWER, Kind.ANSWERED, *HANDED_ON)
    wanted = (
        select(CaseRow.case_no, CaseRow.text, EventRow.kind, EventRow.data)
        .join(EventRow, EventRow.case_no == CaseRow.case_no)
        .where(CaseRow.district == district, CaseRow.property == "question", CaseRow.received_at >= since)
        .where(EventRow.kind.in_(kinds))
        .order_by(CaseRow.case_no.desc(), EventRow.seq)
        .limit(limit * len(kinds))
    )
    async with database.read() as session:
        rows = (await session.execute(wanted)).all()
    texts: dict[str, str] = {}
    events: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for case_no, words, kind, data in rows:
        texts[case_no] = words
        events[case_no].append((kind, data))
    found = (_unsettled(case_no, words, events[case_no]) for case_no, words in texts.items())
    return [one for one in found if one is not None][:limit]


def _unsettled(case_no: str, words: str, events: list[tuple[str, str]]) -> Unsettled | None:
    kind, written = events[0]
    data = json.loads(written)
    if kind == Kind.NO_ANSWER:
        return Unsettled(case_no, words, data["because"], data.get("entry"))
    if kind == Kind.ANSWERED and any(later in HANDED_ON for later, _ in events[1:]):
        return Unsettled(case_no, words, TURNED_DOWN, data["entry"])
    return None
