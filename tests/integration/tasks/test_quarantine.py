"""A wake that goes wrong again and again: later each time, then quarantine, and back."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import text as sql

from casework.events import Kind
from catalog.policy import Grade
from ledger.cases import NewRequest
from ledger.ledger import Ledger
from tasks.desk import Claim, hold
from tasks.quarantine import QUARANTINED_AFTER, recovered, stand_down


@pytest.fixture
async def case_no(ledger: Ledger) -> str:
    new = NewRequest("demo", "SF", "web", "路灯坏了", "help", Grade.C, "2026")
    return (await ledger.cases.receive(new, await ledger.now()))[0]


async def fail(ledger: Ledger, case_no: str, error: Exception) -> timedelta:
    """One wake that goes wrong; answers how long the case then rests."""
    epoch = await ledger.claims.claim(case_no)
    assert epoch is not None
    hold(Claim(case_no, epoch))
    await stand_down(case_no, error)
    alarm = (await ledger.cases.row(case_no)).alarm_at
    assert alarm is not None
    return alarm - await ledger.now()


async def test_five_failures_in_a_row_end_in_quarantine(ledger: Ledger, case_no: str) -> None:
    rests = [await fail(ledger, case_no, KeyError("words")) for _ in range(QUARANTINED_AFTER)]
    assert rests == sorted(rests)
    assert rests[-2] < timedelta(minutes=1) < timedelta(minutes=59) < rests[-1]
    loaded = await ledger.cases.load(case_no)
    assert loaded.case.quarantined
    assert [row.kind for row in loaded.events] == [Kind.RECEIVED, Kind.QUARANTINED]
    (alert,) = await ledger.alerts.open()
    assert (alert.kind, alert.subject, alert.times) == ("case_quarantined", case_no, 1)
    assert case_no in alert.words
    assert "words" not in alert.words  # an error's text may be a citizen's


async def test_what_is_away_outside_is_no_fault_of_the_case(ledger: Ledger, case_no: str) -> None:
    for _ in range(QUARANTINED_AFTER + 1):
        assert await fail(ledger, case_no, httpx.ConnectError("gone")) < timedelta(seconds=6)
    assert (await ledger.cases.row(case_no)).failures == 0
    assert await ledger.alerts.open() == []


async def test_a_case_that_comes_through_is_out_of_quarantine(ledger: Ledger, case_no: str) -> None:
    for _ in range(QUARANTINED_AFTER + 2):
        await fail(ledger, case_no, KeyError())
    epoch = await ledger.claims.claim(case_no)
    assert epoch is not None
    hold(Claim(case_no, epoch))
    await recovered(case_no)
    await ledger.claims.release(case_no, epoch, 0, None)
    loaded = await ledger.cases.load(case_no)
    assert not loaded.case.quarantined
    assert [row.kind for row in loaded.events][-1] == Kind.RECOVERED
    assert loaded.row.failures == 0
    assert await ledger.alerts.open() == []


async def test_a_case_whose_record_cannot_be_read_is_told_of_all_the_same(ledger: Ledger, case_no: str) -> None:
    async with ledger.database.write() as session:
        await session.execute(sql("update events set data = '{}'"))
    for _ in range(QUARANTINED_AFTER):
        rest = await fail(ledger, case_no, KeyError("grade"))
    assert rest > timedelta(minutes=59)
    assert [alert.subject for alert in await ledger.alerts.open()] == [case_no]
