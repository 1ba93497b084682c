"""A ledger frozen with a release, migrated, is worked on: old cases go on under today's code."""

from collections.abc import AsyncIterator, Sequence

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from casework.events import Act, Actor, Kind, Role
from casework.states import State
from deployments.verification import Verification
from ledger.cases import Inbound
from ledger.chain import first_break
from ledger.city import City
from ledger.errors import DeliveryReused
from ledger.ledger import Ledger
from ledger.migrate import configuration, migrate
from ledger.settings import Settings
from ledger.tables import Base
from ledger.unmasking import unmask
from tests.fixtures.ledgers.frozen import Frozen
from tests.fixtures.ledgers.life import Life
from tests.fixtures.ledgers.rows import Row, dump
from tests.fixtures.ledgers.town import POLICIES, Clock
from tests.integration.ledger.made import request

UNIT = Actor(Role.UNIT, "urban-management")


@pytest.fixture
async def migrated(bare: str, released: Frozen) -> AsyncIterator[Ledger]:
    """The frozen ledger in a database of this test's own, migrated."""
    async with Ledger(bare, released.keyring) as opened:
        await released.put_back(opened.database)
        await migrate(opened.database)
        yield opened


async def test_an_old_case_goes_on(migrated: Ledger, released: Frozen) -> None:
    case_no = released.told("in_progress")
    act = Act(
        Kind.COMPLETED, UNIT, await migrated.now(), {"task_id": f"{case_no}-T1", "result": "好了", "evidence": []}
    )
    case, new = await migrated.cases.record(case_no, act, inbound=Inbound("pingshan", UNIT.name, "new-1", "0" * 64))
    assert (case.state, new) == (State.AWAITING_CALLBACK, True)
    loaded = await migrated.cases.load(case_no)
    assert first_break(case_no, list(loaded.events), loaded.row.head) is None
    assert loaded.case == case


async def test_a_delivery_that_was_accepted_then_is_known_now(migrated: Ledger, released: Frozen) -> None:
    case_no = released.told("in_progress")
    accepted = next(row for row in released.of("inbox") if row["case_no"] == case_no)
    sent = {name: accepted[name] for name in ("district", "unit", "delivery_id", "body_hash")}
    act = Act(Kind.PROGRESS, UNIT, await migrated.now(), {"task_id": f"{case_no}-T1", "note": "再说一遍"})
    _, new = await migrated.cases.record(case_no, act, inbound=Inbound(**sent))
    assert not new
    with pytest.raises(DeliveryReused):
        await migrated.cases.record(case_no, act, inbound=Inbound(**sent | {"body_hash": "0" * 64}))


async def test_a_claim_holds_as_long_as_it_was_given(migrated: Ledger, released: Frozen) -> None:
    assert await migrated.claims.claim(released.told("held_by_a_run")) is None
    assert await migrated.claims.claim(released.told("left_by_a_dead_run")) == 2
    assert await migrated.claims.claim(released.told("failing_again_and_again")) == 5


async def test_every_alarm_that_was_set_rings(migrated: Ledger, released: Frozen) -> None:
    """Those whose runs are claimed for longer apart."""
    open_cases = {row["case_no"] for row in released.of("cases") if row["alarm_at"] is not None}
    ringing = {one.case_no for one in await migrated.alarms.ringing(1000)}
    assert ringing == open_cases - {released.told("held_by_a_run")}


async def test_a_wake_carries_every_old_case_on(migrated: Ledger, released: Frozen) -> None:
    """Long afterwards, as after a long outage: whatever is due is done, and nothing is found wrong."""
    clock, city = Clock(await migrated.now()), City.of(Settings())

    async def woken() -> set[str]:
        due = await migrated.alarms.ringing(1000)
        for one in due:
            await Life(migrated, clock, city, one.district, one.case_no, POLICIES[one.district]).wake()
        return {one.case_no for one in due}

    due = await woken()
    assert len(due) > 20
    owned = {case_no for case_no in due if (await migrated.cases.load(case_no)).case.ownership is not None}
    assert await woken() <= owned  # what an ownership's first wake leaves to be said, its request's run says
    assert await migrated.alarms.ringing(1000) == []
    assert (await Verification(migrated).report()).faults == {}


async def test_the_people_of_an_old_case_can_be_forgotten(migrated: Ledger, released: Frozen) -> None:
    case_no, head = next((told["case_no"], told["head"]) for told in released.cases if told["story"] == "resolved")
    assert (await migrated.cases.words(case_no))["text"]
    act = Act(Kind.FORGOTTEN, Actor(Role.ADMIN, "3fa1c2d4"), await migrated.now(), {"reason": "本人要求"})
    await migrated.cases.record(case_no, act)
    assert await unmask(migrated, case_no, ("name", "phone", "text", "11.comment"), "unit:cg", released.now) == {}
    loaded = await migrated.cases.load(case_no)
    assert first_break(case_no, list(loaded.events), loaded.row.head) is None
    assert loaded.events[-2].hash == head


async def test_what_was_owed_is_owed(migrated: Ledger, released: Frozen) -> None:
    """And what follows in a numbered table does not fall on what is there."""
    waiting = released.told("just_received")
    assert [one.type for one in await migrated.deliveries.ready(waiting)] == ["citizen.receipt"]
    assert await unmask(migrated, waiting, ("phone",), "unit:cg", released.now) == {"phone": "13812345678"}
    await migrated.quarantine.put("pingshan", "四月.csv", 1, "空", "{}")
    assert len(await migrated.quarantine.rows("pingshan")) == 2
    case_no, new = await migrated.cases.receive(request(), released.now)
    assert new
    assert case_no > max(row["case_no"] for row in released.of("cases") if row["district"] == "pingshan")


async def test_the_schema_is_that_of_an_empty_ledger(migrated: Ledger) -> None:
    def left(connection: Connection) -> list[object]:
        return list(
            compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
        )

    async with migrated.database.engine.connect() as connection:
        assert await connection.run_sync(left) == []


async def test_the_policy_of_the_day_is_still_the_districts(migrated: Ledger, released: Frozen) -> None:
    written = released.of("policies")
    for district in {row["district"] for row in written}:
        newest = max((row for row in written if row["district"] == district), key=lambda row: row["used_at"])
        assert (await migrated.policies.current(district)).version == newest["version"]


async def test_going_back_gives_back_what_was_there(migrated: Ledger, released: Frozen) -> None:
    def back(connection: Connection) -> None:
        config = configuration()
        config.attributes["connection"] = connection
        command.downgrade(config, released.manifest["revision"])

    async with migrated.database.engine.begin() as connection:
        await connection.run_sync(back)
        assert _without_sources(await connection.run_sync(dump)) == _without_sources(released.rows)
    await migrate(migrated.database)


def _without_sources(rows: Sequence[tuple[str, Row]]) -> list[tuple[str, Row]]:
    """The rows, but not where a policy came from: what a run had carried has become the form's, and stays so."""
    return [
        (table, {name: row[name] for name in row if (table, name) != ("policies", "source")}) for table, row in rows
    ]
