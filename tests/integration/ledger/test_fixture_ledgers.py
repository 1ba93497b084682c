"""The ledgers frozen with each release, migrated: each case is what it was then, and none of its events was touched.

One more is frozen here by today's code, so that the next release's will hold whatever that code can write.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from casework.events import Kind
from casework.states import PARTS, STAGES, Outcome, State, TaskRole
from casework.view import Names, case_json
from deployments.verification import Verification
from ledger.access import Badge, Endpoint
from ledger.chain import first_break
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.links import Links, TaskLink
from ledger.migrate import migrate
from ledger.quarantine import BadRow
from ledger.tables import Base, VaultRow
from tests.fixtures.ledgers.frozen import Frozen
from tests.fixtures.ledgers.make import BASE
from tests.fixtures.ledgers.rows import Row, dump
from tests.fixtures.ledgers.surroundings import HOOK
from tests.integration.ledger.bare import BOTH, bare_database

BESIDE = {State.OWNED, State.JOINT_HANDLING, State.IN_DISPUTE}
OF_A_CASE = {*STAGES, *BESIDE}
OF_A_CHILD = {*set(State) - OF_A_CASE, State.IN_PROGRESS}
WORDING = frozenset({"state_zh"})  # may be said better

# What today's code reads otherwise than the release did, on purpose: by ledger, story and place in the document.
READ_ANEW = {
    "0001": {
        # An act received before a rung's instant wins over that rung, which was only processed first.
        "answered_before_a_rung_that_overtook_it": {".clocks[1].rungs"},
        "judged_before_an_end_that_overtook_it": {
            f".clocks[4].{name}" for name in ("rungs", "met_at", "stopped_at", "breached", "charged_to")
        },
        # A pause's clock has a name of its own: "review" is an owner's.
        "paused": {".clocks[5].kind"},
        "paused_and_resumed": {f".clocks[{n}].kind" for n in (5, 6, 7)},
    }
}


@pytest.fixture(scope="module", params=BOTH)
def migrated_url(
    request: pytest.FixtureRequest, frozen: Frozen, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The frozen ledger in a database of its own, migrated twice. For all tests that only read."""
    with bare_database(request.param, tmp_path_factory.mktemp("migrated")) as url:
        asyncio.run(_migrated(frozen, url))
        yield url


async def _migrated(frozen: Frozen, url: str) -> None:
    database = Database(url)
    await frozen.put_back(database)
    await migrate(database)
    await migrate(database)
    await database.close()


@pytest.fixture
async def migrated(migrated_url: str, frozen: Frozen) -> AsyncIterator[Ledger]:
    async with Ledger(migrated_url, frozen.keyring) as opened:
        yield opened


async def rows_of(ledger: Ledger) -> list[tuple[str, Row]]:
    async with ledger.database.engine.connect() as connection:
        return await connection.run_sync(dump)


@pytest.mark.slow
def test_a_ledger_frozen_today_holds_every_state_outcome_and_event_and_fills_every_table(frozen_today: Frozen) -> None:
    """What is new needs a story that leads there (tests/fixtures/ledgers)."""
    rows = frozen_today.of("cases")
    assert {row["state"] for row in rows} == OF_A_CASE
    assert {row["state"] for row in frozen_today.of("children")} == OF_A_CHILD
    assert {row["role"] for row in frozen_today.of("children")} == {*PARTS, TaskRole.OWNER}
    assert {row["strand"][:1] for row in frozen_today.of("deliveries")} == {"", "T", "O"}
    assert any(row["merged_into"] for row in rows)
    assert {row["outcome"] for row in rows} == {None, *Outcome}
    assert {row["kind"] for row in frozen_today.of("events")} == set(Kind)
    assert {table for table, _ in frozen_today.rows} == set(Base.metadata.tables)


async def test_each_case_is_what_it_was(migrated: Ledger, frozen: Frozen) -> None:
    changed = {}
    for told in frozen.cases:
        loaded = await migrated.cases.load(told["case_no"])
        shown = case_json(loaded.case, Names(None, {}), frozen.now)
        if found := set(differences(told["case"], shown)):
            changed[told["story"]] = found
    assert changed == READ_ANEW.get(frozen.folder.name, {})


async def test_nothing_is_found_wrong(migrated: Ledger, frozen: Frozen) -> None:
    report = await Verification(migrated).report()
    assert report.faults == {}
    assert (report.cases, report.events) == (len(frozen.cases), len(frozen.of("events")))


async def test_each_chain_is_whole_and_ends_where_it_ended(migrated: Ledger, frozen: Frozen) -> None:
    for told in frozen.cases:
        loaded = await migrated.cases.load(told["case_no"])
        assert first_break(told["case_no"], list(loaded.events), told["head"]) is None
        assert loaded.row.head == told["head"]


async def test_no_row_is_lost_and_none_says_anything_else(migrated: Ledger, frozen: Frozen) -> None:
    """Events byte for byte; of the other tables every column that is still there."""
    now = await rows_of(migrated)
    for table in {name for name, _ in frozen.rows}:
        before, after = frozen.of(table), [row for name, row in now if name == table]
        assert len(before) == len(after), table
        for old, new in zip(before, after, strict=True):
            kept = old if table == "events" else {name: old[name] for name in old.keys() & new.keys()}
            if table == "policies":  # the newest that only runs had carried has become the form's
                del kept["source"]
            assert kept == {name: new[name] for name in kept}, table


async def test_the_vault_opens(migrated: Ledger, frozen: Frozen) -> None:
    assert any(told["vault"] for told in frozen.cases)
    async with migrated.database.read() as session:
        for told in frozen.cases:
            case_no = told["case_no"]
            fields = await session.scalars(select(VaultRow.field).where(VaultRow.case_no == case_no))
            assert await migrated.vault.take(session, case_no, *fields) == told["vault"], told["story"]


async def test_who_could_speak_still_can(migrated: Ledger, frozen: Frozen) -> None:
    secrets, tokens = frozen.manifest["secrets"], frozen.manifest["tokens"]
    for unit, live in secrets.items():
        assert await migrated.access.endpoint("pingshan", unit) == Endpoint(HOOK, tuple(live)), unit
    assert len(secrets["transport"]) == 2  # one of them is still rotating
    key = frozen.manifest["channel_key"]
    assert await migrated.access.channel_key("pingshan", "app") == key
    assert await migrated.access.channel_of("pingshan", "app", key)
    street = await migrated.access.badge(tokens["street"])
    assert street is not None
    assert street == Badge("street", "pingshan", "street-longtian", street.name)
    badges = {name: await migrated.access.badge(token) for name, token in tokens.items()}
    assert [name for name, badge in badges.items() if badge is None] == ["expired", "revoked"]


async def test_links_that_were_sent_out_still_open(frozen: Frozen) -> None:
    sent, links = frozen.manifest["links"], Links(frozen.keyring, BASE)
    citizen, task = (sent[name].removeprefix(BASE).split("/")[2] for name in ("citizen_url", "ack_url"))
    assert links.read_citizen(citizen, frozen.now) == sent["case_no"]
    assert links.read_task(task, frozen.now) == TaskLink(sent["case_no"], sent["task_id"], sent["unit"])


async def test_bad_rows_are_still_kept(migrated: Ledger, frozen: Frozen) -> None:
    bad = frozen.manifest["bad_row"]
    assert await migrated.quarantine.rows("pingshan") == [BadRow(bad["row"], bad["reason"], bad["content"])]


def differences(before: Any, now: Any, where: str = "") -> Iterator[str]:
    """The places where `now` does not say what `before` said, seconds to the second. It may say more."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name in before.keys() - WORDING:
            yield from differences(before[name], now.get(name, "(missing)"), f"{where}.{name}")
    elif isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        for n, (one, other) in enumerate(zip(before, now, strict=True)):
            yield from differences(one, other, f"{where}[{n}]")
    elif isinstance(before, float) and isinstance(now, float):
        if abs(before - now) >= 1:
            yield where
    elif before != now:
        yield where
