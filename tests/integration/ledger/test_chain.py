"""The chain: whatever is done to the record behind the ledger's back is found, and where."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from casework.events import Kind
from ledger.chain import GENESIS, first_break
from ledger.tables import EventRow
from tests.integration.ledger.made import Made

CHANGED = [
    ("version", 2),
    ("kind", "task.visited"),
    ("kind", "no.such.event"),
    ("actor", "unit:sw"),
    ("actor", "nobody:x"),
    ("data", '{"note":"没有到场","task_id":"PS2026112300001-T1"}'),
    ("data", "not JSON"),
    ("prev_hash", GENESIS),
    ("hash", "f" * 64),
]


async def handled(made: Made) -> str:
    """A case with five events."""
    case_no = await made.assigned()
    for note in ("到场", "开工", "完工"):
        await made.unit(case_no, Kind.PROGRESS, note=note)
    return case_no


async def broken(made: Made, case_no: str) -> str | None:
    """What the check says, reading as it would: rows and head, no event parsed."""
    async with made.ledger.database.read() as session:
        rows = [row for n in range(1, 9) if (row := await session.get(EventRow, (case_no, n))) is not None]
    return first_break(case_no, rows, (await made.row(case_no)).head)


async def test_a_whole_chain_has_no_break(made: Made) -> None:
    case_no = await handled(made)
    assert await broken(made, case_no) is None
    events = await made.events(case_no)
    assert events[0].prev_hash == GENESIS
    assert [event.prev_hash for event in events[1:]] == [event.hash for event in events[:-1]]
    assert len({event.hash for event in events}) == 5


def test_every_column_of_an_event_is_tried() -> None:
    tried = {column for column, _ in CHANGED} | {"case_no", "seq", "at", "recorded_at"}
    assert tried == {column.key for column in EventRow.__table__.columns}


async def test_a_changed_column_is_found_whichever_it_is(made: Made) -> None:
    case_no = await handled(made)
    head = (await made.row(case_no)).head
    for column, value in CHANGED:
        for seq in (1, 3, 5):
            new = "e" * 64 if (column, seq) == ("prev_hash", 1) else value
            statement = update(EventRow).where(EventRow.seq == seq).values({column: new})
            async with AsyncSession(made.ledger.database.engine) as session:  # closed without a commit
                await session.execute(statement)
                rows = list(await session.scalars(select(EventRow).order_by(EventRow.seq)))
                assert first_break(case_no, rows, head) == f"{case_no}: event {seq} has been changed", column
    assert await broken(made, case_no) is None


@pytest.mark.parametrize("column", ["at", "recorded_at"])
async def test_a_changed_time_is_found(made: Made, column: str) -> None:
    case_no = await handled(made)
    moved = "datetime({0}, '-1 second')" if made.ledger.database.sqlite else "{0} - interval '1 microsecond'"
    await made.sql(f"update events set {column} = {moved.format(column)} where seq = 3")
    assert await broken(made, case_no) == f"{case_no}: event 3 has been changed"


async def test_a_dropped_event_is_found(made: Made) -> None:
    case_no = await handled(made)
    await made.sql("delete from events where seq = 3")
    assert await broken(made, case_no) == f"{case_no}: event 3 is missing"


async def test_a_dropped_end_is_found(made: Made) -> None:
    case_no = await handled(made)
    await made.sql("delete from events where seq >= 4")
    assert await broken(made, case_no) == f"{case_no}: events after 3 are missing"


async def test_dropping_everything_is_found(made: Made) -> None:
    case_no = await handled(made)
    await made.sql("delete from events")
    assert await broken(made, case_no) == f"{case_no}: events after 0 are missing"


async def test_a_changed_order_is_found(made: Made) -> None:
    case_no = await handled(made)
    for old, new in ((3, 100), (4, 3), (100, 4)):
        await made.sql("update events set seq = :new where seq = :old", old=old, new=new)
    assert await broken(made, case_no) == f"{case_no}: event 3 has been changed"


async def test_an_event_moved_to_another_case_is_found_in_both(made: Made) -> None:
    one, other = await handled(made), await made.receive()
    await made.sql("update events set case_no = :other, seq = 2 where case_no = :one and seq = 5", one=one, other=other)
    assert await broken(made, one) == f"{one}: events after 4 are missing"
    assert await broken(made, other) == f"{other}: event 2 has been changed"


async def test_an_event_added_behind_the_ledgers_back_is_found(made: Made) -> None:
    case_no = await handled(made)
    await made.sql(
        "insert into events (case_no, seq, version, kind, actor, at, recorded_at, data, prev_hash, hash) "
        "select case_no, 6, version, kind, actor, at, recorded_at, data, hash, :forged from events where seq = 5",
        forged="f" * 64,
    )
    assert await broken(made, case_no) == f"{case_no}: event 6 has been changed"


async def test_cases_have_chains_of_their_own(made: Made) -> None:
    one, other = await handled(made), await handled(made)
    await made.sql("update events set actor = 'unit:sw' where case_no = :one and seq = 2", one=one)
    assert await broken(made, one) is not None
    assert await broken(made, other) is None
