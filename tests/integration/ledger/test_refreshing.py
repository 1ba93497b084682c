"""Rows that the calendar has overtaken: provisional deadlines are counted anew when the table of holidays arrives."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import chinese_calendar
import pytest

from casework.clocks import ClockKind
from casework.events import SYSTEM, Act, Kind
from catalog import calendars
from catalog.policy import Policy
from catalog.working_time import SHANGHAI
from ledger.ledger import Ledger
from tests.integration.ledger.made import CG, Made, request

BEGUN = datetime(2029, 3, 1, 2, 0, tzinfo=UTC)  # a Thursday, years beyond what is published
OFF = {date(2029, 3, 2), date(2029, 3, 5)}  # a Friday and a Monday, as the year's table may have it
WORKED = {date(2029, 3, 3)}  # the Saturday between them


def shanghai(day: int) -> datetime:
    return datetime(2029, 3, day, 10, 0, tzinfo=SHANGHAI)


def forgotten_days() -> None:
    calendars._china.cache_clear()
    calendars._published.cache_clear()


@pytest.fixture
def table_of_2029(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Call it when the State Council publishes the year, that is, when the library knows it."""

    def is_workday(day: date) -> bool:
        if day.year != 2029:
            raise NotImplementedError
        return day in WORKED or (day.weekday() < 5 and day not in OFF)

    def arrives() -> None:
        monkeypatch.setattr(chinese_calendar, "is_workday", is_workday)
        forgotten_days()

    yield arrives
    monkeypatch.undo()
    forgotten_days()


async def in_progress(ledger: Ledger) -> str:
    """The number of a case that is to be done in five working days from the first of March."""
    await ledger.policies.pin("pingshan", Policy(), "file")
    case_no, _ = await ledger.cases.receive(request(has_phone=False), BEGUN)
    mine = {"task_id": f"{case_no}-T1", "note": "看过"}
    for act in (
        Act(Kind.ASSIGNED, SYSTEM, BEGUN, {"unit": "cg", "item": "SZ-0101", "grade": "C"}),
        Act(Kind.FIRST_ROUND, CG, BEGUN + timedelta(minutes=1), mine),
    ):
        await ledger.cases.record(case_no, act)
    return case_no


async def test_a_provisional_deadline_moves_when_the_table_arrives(
    ledger: Ledger, table_of_2029: Callable[[], None]
) -> None:
    case_no, made = await in_progress(ledger), Made(ledger)
    before = await made.row(case_no)
    completion = (await ledger.cases.load(case_no)).case.clock(ClockKind.COMPLETION)
    assert completion is not None
    assert completion.provisional
    assert before.next_due_at == shanghai(8)
    assert (await ledger.refreshing.page("")).changed == ()
    table_of_2029()
    completion = (await ledger.cases.load(case_no)).case.clock(ClockKind.COMPLETION)
    assert completion is not None
    assert completion.due_at == shanghai(9)  # of the 2nd, 3rd, 5th and so on, the 3rd, 6th, 7th, 8th and 9th are worked
    assert not completion.provisional
    assert (await ledger.refreshing.page("")).changed == (case_no,)
    row = await made.row(case_no)
    assert row.next_due_at == shanghai(9)
    assert row.rung_at == completion.next_rung_at()
    assert row.rung_at != before.rung_at
    assert row.calls == before.calls + 1
    assert [one.case_no for one in await ledger.alarms.ringing(5)] == [case_no]
    assert (await ledger.refreshing.page("")).changed == ()


async def test_a_row_older_than_a_column_is_filled(made: Made) -> None:
    case_no = await made.assigned()
    rung_at = (await made.row(case_no)).rung_at
    await made.change(case_no, rung_at=None)
    assert await made.ledger.refreshing.all() == [case_no]
    assert (await made.row(case_no)).rung_at == rung_at is not None


async def test_every_open_case_is_looked_at_page_by_page(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.refreshing.PAGE", 3)
    case_nos = [await made.assigned() for _ in range(7)]
    closed = await made.receive(property="thanks")
    await made.act(closed, Kind.ASSIGNED, unit="cg")
    for case_no in [*case_nos[1::2], closed]:
        await made.change(case_no, next_due_at=BEGUN)
    assert await made.ledger.refreshing.all() == case_nos[1::2]
    assert await made.ledger.refreshing.all() == []


async def test_a_case_that_cannot_be_read_keeps_nobody_from_being_refreshed(made: Made) -> None:
    broken, stale = await made.assigned(), await made.assigned()
    await made.sql("update events set data = 'not JSON' where case_no = :n and seq = 2", n=broken)
    await made.change(stale, rung_at=BEGUN + timedelta(days=1))
    assert await made.ledger.refreshing.all() == [stale]
