"""The ledger suite: each kind of damage done by hand is found and named by its case, and a sound ledger passes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, update

from casework.events import CITIZEN, Act, Actor, Kind, Role
from ledger.database import Database
from ledger.ledger import Ledger
from ledger.migrate import migrate
from ledger.tables import CaseRow, ChildRow, DeliveryRow, EventRow
from quality.checkpoint import judge
from quality.ledger import check_ledger, tables
from quality.ledger_rows import UNKNOWN_ALERT, pages
from tests.fixtures.ledgers.frozen import Frozen
from tests.integration.ledger.made import Made

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WORDS = "张三家门前的路灯坏了"
STREET = Actor(Role.UNIT, "street-a")


@dataclass
class Hand:
    """Somebody with the database's password. `now` is when the ledger is checked."""

    made: Made
    now: datetime

    async def held(self, days: int) -> str:
        """A case that a unit holds."""
        return await self.made.assigned()

    async def ended(self, days: int) -> str:
        """A case that its citizen withdrew so many days ago; its messages are still to be sent."""
        at = self.now - days * DAY
        case_no = await self.made.receive(at=at - HOUR)
        await self.made.ledger.cases.record(case_no, Act(Kind.WITHDREW, CITIZEN, at, {}))
        return case_no

    async def called(self, days: int) -> str:
        """A case that a street has called units to."""
        case_no = await self.made.assigned()
        words = {"units": ["cg", "gas"], "lead": "cg", "reason": "燃气管被挖断", "caller": STREET.name}
        await self.made.act(case_no, Kind.WHISTLED, STREET, **words)
        return case_no

    async def write(self, statement: Any) -> None:
        async with self.made.ledger.database.write() as session:
            await session.execute(statement)

    async def set(self, table: Any, case_no: str, **values: Any) -> None:
        await self.write(update(table).where(table.case_no == case_no).values(**values))


@pytest.fixture
async def hand(made: Made) -> Hand:
    return Hand(made, await made.ledger.now())


CLOSED = {"state": "closed", "outcome": "resolved", "rung_at": None, "next_due_at": None}
OPEN = {"state": "in_progress", "outcome": None, "closed_at": None}

# The rule that finds it, the life of its case, the table, and what is written there; times are so long ago.
DAMAGES: list[tuple[str, Callable[[Hand, int], Awaitable[str]], Any, dict[str, Any]]] = [
    ("unwatched", Hand.held, CaseRow, {"alarm_at": None}),
    ("rung_hidden", Hand.held, CaseRow, {"rung_at": None}),
    ("clockless", Hand.ended, CaseRow, {**OPEN, "alarm_at": -DAY}),
    ("not_ended", Hand.held, CaseRow, {**CLOSED, "closed_at": HOUR}),
    ("no_outcome", Hand.ended, CaseRow, {"outcome": None}),
    ("no_closing", Hand.ended, CaseRow, {"closed_at": None}),
    ("early_end", Hand.held, CaseRow, {"outcome": "resolved"}),
    ("late_clock", Hand.ended, CaseRow, {"next_due_at": -DAY}),
    ("held_off", Hand.held, CaseRow, {"received_at": DAY}),
    ("closing_off", Hand.ended, CaseRow, {"closed_at": DAY / 2}),
    ("child_unwatched", Hand.called, ChildRow, {"alarm_at": None}),
    ("stuck", Hand.held, DeliveryRow, {"state": "trying", "trying_since": 2 * HOUR}),
    ("unseen", Hand.held, DeliveryRow, {"state": "unknown"}),
]


async def damaged(hand: Hand) -> dict[str, set[str]]:
    """A case of each kind of damage; its number, and the rules that find it."""
    expected = {}
    for rule, life, table, values in DAMAGES:
        case_no = await life(hand, 1)
        moments = {name: hand.now - value for name, value in values.items() if isinstance(value, timedelta)}
        await hand.set(table, case_no, **{**values, **moments})
        expected[case_no] = {rule}
    late = await hand.ended(4)
    expected[late] = {"late"}
    gone = await hand.held(1)
    await hand.write(delete(EventRow).where(EventRow.case_no == gone))
    expected[gone] = {"unreadable"}
    left = await hand.called(1)
    await hand.set(CaseRow, left, **CLOSED, closed_at=hand.now)
    expected[left] = {"child_left", "not_ended"}
    return expected


async def sound(hand: Hand) -> set[str]:
    """Cases with which nothing is wrong, one of them with a message of which operators know that it may be lost."""
    lost = await hand.held(1)
    await hand.set(DeliveryRow, lost, state="unknown")
    await hand.made.ledger.alerts.raise_(UNKNOWN_ALERT, lost, "请人工核实")
    return {lost, await hand.made.receive(text=WORDS), await hand.held(1), await hand.ended(1), await hand.called(1)}


async def test_each_kind_of_damage_is_found_and_named_by_its_case_and_nothing_else(hand: Hand, tmp_path: Path) -> None:
    expected, well = await damaged(hand), await sound(hand)

    report = await check_ledger(hand.made.ledger, tmp_path / "docs", size=7)

    found: dict[str, set[str]] = {}
    for each in report.findings:
        found.setdefault(each.subject, set()).add(each.rule)
    assert found == expected
    assert report.counts["cases"] == len(expected) + len(well)
    (unwatched,) = [str(each) for each in report.findings if each.rule == "unwatched"]
    assert unwatched.endswith(": 在办（待签收）却没有闹钟，也没有流程在处理，不会再有人看它：请运行 huiyin retry")
    shown = list((tmp_path / "docs" / "validations" / "ledger-cases").rglob("*.html"))
    assert len(shown) == 4  # three pages with faults, and the last one


async def test_the_pages_show_of_a_case_its_number_alone(hand: Hand, tmp_path: Path) -> None:
    well = await sound(hand)
    torn = await hand.made.receive(text=WORDS)
    await hand.set(CaseRow, torn, alarm_at=None)

    (page,) = [each async for each in pages(hand.made.ledger, hand.now, None)]
    judge("ledger", tables(page), tmp_path, hand.now)

    written = written_in(tmp_path)
    assert len(written) == 1 + 3 * 4  # an index; of each table its rules and what became of them, as page and as data
    assert any(torn in file for file in written)
    assert not any(words in file for file in written for words in (WORDS, "张三", *well))


def written_in(folder: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.suffix in (".html", ".json")]


async def test_what_ended_long_ago_is_looked_at_only_when_everything_is(hand: Hand) -> None:
    old, of_late, held = await hand.ended(30), await hand.ended(3), await hand.held(1)
    torn = await hand.ended(40)
    await hand.set(CaseRow, torn, closed_at=None)  # no end that could be long ago

    async def looked_at(closed_since: datetime | None) -> list[set[str]]:
        found = pages(hand.made.ledger, hand.now, closed_since, size=3)
        return [{row.subject for row in page.cases} async for page in found]

    assert await looked_at(hand.now - 7 * DAY) == [{of_late, held, torn}, set()]
    assert await looked_at(None) == [{old, of_late, torn}, {held}]


@pytest.mark.slow
async def test_a_case_in_every_state_is_sound(frozen_today: Frozen, tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'ledger.db'}")
    await frozen_today.put_back(database)
    await migrate(database)
    await database.close()
    async with Ledger(database.url, frozen_today.keyring) as ledger:
        ledger.database.machine_clock = lambda: frozen_today.now
        lost = frozen_today.told("perhaps_told")  # its story leaves out the alert
        await ledger.alerts.raise_(UNKNOWN_ALERT, lost, "请人工核实")

        report = await check_ledger(ledger, tmp_path / "docs", closed_within=None)

    assert report.findings == ()
    assert report.counts["cases"] == len(frozen_today.cases)
