"""Policies: pinned once, never changed; the district's is the one that file or form set last, whatever runs carry."""

import asyncio

import pytest
from sqlalchemy import select

from catalog.policy import Policy
from ledger.errors import UnknownPolicy
from ledger.ledger import Ledger
from ledger.policies import Policies, version_of
from ledger.tables import PolicyRow
from tests.integration.ledger.made import PLAIN

STRICT = Policy(reopen_days=3)


async def rows(ledger: Ledger) -> list[PolicyRow]:
    async with ledger.database.read() as session:
        return list(await session.scalars(select(PolicyRow).order_by(PolicyRow.created_at)))


async def latest(ledger: Ledger, district: str = "pingshan") -> str:
    async with ledger.database.read() as session:
        return await ledger.policies.latest(session, district)


async def test_a_version_never_changes_only_where_it_came_from_last_and_when(ledger: Ledger) -> None:
    version = await ledger.policies.pin("pingshan", PLAIN, "file")
    (first,) = await rows(ledger)
    assert await ledger.policies.pin("pingshan", PLAIN, "form") == version
    (second,) = await rows(ledger)
    assert (second.version, second.body, second.created_at) == (first.version, first.body, first.created_at)
    assert (first.source, second.source) == ("file", "form")
    assert second.used_at > first.used_at


async def test_a_run_that_carries_a_known_version_changes_nothing(ledger: Ledger) -> None:
    version = await ledger.policies.pin("pingshan", PLAIN, "file")
    (first,) = await rows(ledger)
    assert await ledger.policies.pin("pingshan", PLAIN, "run") == version
    (second,) = await rows(ledger)
    assert (second.source, second.used_at) == ("file", first.used_at)


async def test_a_run_created_before_the_change_does_not_bring_the_old_policy_back(ledger: Ledger) -> None:
    await ledger.policies.pin("pingshan", PLAIN, "form")
    strict = await ledger.policies.pin("pingshan", STRICT, "form")
    await ledger.policies.pin("pingshan", PLAIN, "run")
    assert await latest(ledger) == strict


async def test_what_only_a_run_has_carried_is_kept_and_is_not_the_districts(ledger: Ledger) -> None:
    plain = await ledger.policies.pin("pingshan", PLAIN, "file")
    strict = await ledger.policies.pin("pingshan", STRICT, "run")
    assert await latest(ledger) == plain
    async with ledger.database.read() as session:
        assert await ledger.policies.get(session, strict) == STRICT
    assert await ledger.policies.pin("pingshan", STRICT, "form") == strict
    assert await latest(ledger) == strict


async def test_the_history_begins_with_today_and_ends_with_what_only_runs_have_carried(ledger: Ledger) -> None:
    carried = await ledger.policies.pin("pingshan", Policy(reopen_days=9), "run")
    plain = await ledger.policies.pin("pingshan", PLAIN, "file")
    strict = await ledger.policies.pin("pingshan", STRICT, "form")
    await ledger.policies.pin("futian", STRICT, "form")
    assert [row.version for row in await ledger.policies.history("pingshan")] == [strict, plain, carried]
    await ledger.policies.pin("pingshan", PLAIN, "form")
    assert [row.version for row in await ledger.policies.history("pingshan")] == [plain, strict, carried]
    assert (await ledger.policies.current("pingshan")).version == plain


async def test_twenty_runs_pin_a_new_policy_at_once(ledger: Ledger) -> None:
    versions = await asyncio.gather(*(ledger.policies.pin("pingshan", STRICT, "run") for _ in range(20)))
    assert set(versions) == {version_of("pingshan", STRICT)}
    assert len(await rows(ledger)) == 1


async def test_another_content_or_another_district_is_another_version(ledger: Ledger) -> None:
    versions = {
        await ledger.policies.pin("pingshan", PLAIN, "file"),
        await ledger.policies.pin("pingshan", STRICT, "form"),
        await ledger.policies.pin("futian", PLAIN, "file"),
    }
    assert len(versions) == 3
    assert {version.partition("-")[0] for version in versions} == {"pingshan", "futian"}


async def test_the_one_set_last_is_the_districts(ledger: Ledger) -> None:
    plain = await ledger.policies.pin("pingshan", PLAIN, "file")
    strict = await ledger.policies.pin("pingshan", STRICT, "form")
    await ledger.policies.pin("futian", PLAIN, "file")
    assert await latest(ledger) == strict
    await ledger.policies.pin("pingshan", PLAIN, "form")
    assert await latest(ledger) == plain


async def test_a_policy_is_read_as_it_was_pinned(ledger: Ledger) -> None:
    clocks = PLAIN.clocks
    contact = clocks.contact.model_copy(update={"a": "5m"})
    policy = PLAIN.model_copy(update={"clocks": clocks.model_copy(update={"contact": contact})})
    version = await ledger.policies.pin("pingshan", policy, "run")
    async with ledger.database.read() as session:
        assert await Policies(ledger.database).get(session, version) == policy
        assert await ledger.policies.get(session, version) == policy


async def test_an_unknown_policy_says_what_to_do(ledger: Ledger) -> None:
    async with ledger.database.read() as session:
        with pytest.raises(
            UnknownPolicy, match="the district luohu has no policy in the ledger: run huiyin deploy luohu"
        ):
            await ledger.policies.latest(session, "luohu")
        with pytest.raises(UnknownPolicy, match="there is no policy luohu-1 in the ledger: run huiyin deploy"):
            await ledger.policies.get(session, "luohu-1")
