"""Which cases a new one is compared with: open, of the district and the items, not too old, and never too many."""

from datetime import timedelta

from sqlalchemy import text

from casework.events import Kind
from ledger.alike import NEWEST, Compared
from tests.integration.ledger.made import Made

ITEM, ANOTHER = "SZ-0101", "SZ-0102"


async def classified(made: Made, item: str = ITEM, **facts: object) -> str:
    case_no = await made.receive(**facts)
    await made.act(case_no, Kind.CLASSIFIED, item=item, confidence=0.9, candidates=[])
    return case_no


async def compared(made: Made, case_no: str, *items: str, days: float = 15) -> list[Compared]:
    case = (await made.ledger.cases.load(case_no)).case
    since = case.received_at - timedelta(days=days)
    return await made.ledger.alike.others(case, items or (ITEM,), since)


async def test_open_cases_of_the_items_are_compared_with_where_they_are_and_masked_text(made: Made) -> None:
    other = await classified(made, text="路灯不亮，电话13812345678", street="longtian", community="laokeng")
    case_no = await classified(made)
    (found,) = await compared(made, case_no)
    assert (found.case_no, found.main) == (other, other)
    assert (found.street, found.community) == ("longtian", "laokeng")
    assert "路灯不亮" in found.text
    assert "13812345678" not in found.text


async def test_others_items_districts_and_times_are_left_out(made: Made) -> None:
    now = await made.ledger.now()
    await classified(made, item=ANOTHER)
    await classified(made, district="futian", number_prefix="FT")
    await made.receive()  # of no item yet
    old = await made.receive(at=now - timedelta(days=16))
    await made.act(old, Kind.CLASSIFIED, item=ITEM, confidence=0.9, candidates=[])
    case_no = await classified(made)
    assert await compared(made, case_no) == []
    assert len(await compared(made, case_no, ITEM, ANOTHER, days=17)) == 2


async def test_the_newest_of_each_item_are_enough(made: Made) -> None:
    made_nos = [await classified(made) for _ in range(NEWEST + 2)]
    case_no = await classified(made)
    found = {one.case_no for one in await compared(made, case_no)}
    assert found == set(made_nos[2:])


async def test_a_merged_case_speaks_for_the_one_it_follows(made: Made) -> None:
    main, follower = await made.assigned(), await classified(made)
    await made.act(follower, Kind.MERGED, into=main, unit="cg")
    case_no = await classified(made)
    found = {one.case_no: one.main for one in await compared(made, case_no)}
    assert found[follower] == main
    assert follower not in {one.case_no for one in await compared(made, main)}


async def test_places_are_opened_and_a_forgotten_one_is_empty(made: Made) -> None:
    here, nowhere = await made.receive(sealed={"place": "幸福里3栋"}), await made.receive()
    assert await made.ledger.alike.places([here, nowhere]) == {here: "幸福里3栋", nowhere: ""}


async def test_one_citizen_is_known_by_the_number_and_nobody_by_none(made: Made) -> None:
    one, same, other = [
        await made.receive(sealed={"phone": phone}) for phone in ("13800000001", "13800000001", "13800000002")
    ]
    none = await made.receive()
    same_citizen = made.ledger.alike.of_one_citizen
    assert await same_citizen(one, same)
    assert not await same_citizen(one, other)
    assert not await same_citizen(none, await made.receive())


async def test_a_suspicion_is_listed_until_the_case_is_merged(made: Made) -> None:
    main, case_no = await made.assigned(), await classified(made)
    await made.act(case_no, Kind.SUSPECTED, suspects=[{"case_no": main, "probability": 0.8}])
    assert (await made.row(case_no)).suspect == main
    await made.act(case_no, Kind.MERGED, into=main, unit="cg")
    assert (await made.row(case_no)).suspect is None


async def test_the_query_goes_by_the_index_of_open_cases(made: Made) -> None:
    plan = "EXPLAIN QUERY PLAN " if made.ledger.database.engine.dialect.name == "sqlite" else "EXPLAIN "
    wanted = (
        "SELECT case_no FROM cases WHERE district = 'pingshan' AND item = 'SZ-0101' AND closed_at IS NULL"
        " AND received_at >= '2026-01-01' ORDER BY received_at DESC, case_no LIMIT 30"
    )
    async with made.ledger.database.engine.connect() as connection:
        if not plan.startswith(
            "EXPLAIN QUERY"
        ):  # of a few rows PostgreSQL reads all, or sorts what another index gives
            for way in ("enable_seqscan", "enable_sort", "enable_bitmapscan"):
                await connection.execute(text(f"SET LOCAL {way} = off"))
        steps = "\n".join(str(row) for row in await connection.execute(text(plan + wanted)))
    assert "ix_cases_matter" in steps
