"""The ledger suite: what must hold of every case, whatever happened to it. Read in pages, judged page by page.

No open case without a clock and somebody who looks again; none closed without its ending; whoever held a case, the
seconds sum to those that passed; what was to be sent is settled.
"""

import asyncio
import multiprocessing
from concurrent.futures import Executor, ProcessPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from ledger.ledger import Ledger
from quality.checkpoint import judge
from quality.findings import Finding, findings
from quality.ledger_rows import PAGE, Page, pages
from quality.report import Report
from quality.rules import Table, absent, between, present

SUITE = "ledger"
RECENT = timedelta(days=7)
SETTLED_WITHIN_HOURS = 48
"""After the end of a case: a day is an endpoint's, another the next channel's (see `casework.delivering`)."""
TRY_HOURS = 1
FAULTY_PAGES = 20
"""So many pages that have faults are shown in the Data Docs, and the last one whatever it has."""

CASES = (
    present("unreadable", "readable"),
    present("unwatched", "watched"),
    between("clockless", "running", 1, None),
    present("rung_hidden", "shown_rung"),
    present("not_ended", "ended"),
    present("no_outcome", "outcome"),
    present("no_closing", "closed"),
    absent("early_end", "early_end"),
    absent("late_clock", "late_clock"),
    between("held_off", "held_off", -1, 1),
    between("closing_off", "closing_off", -1, 1),
)
CHILDREN = (present("child_unwatched", "watched"), present("child_left", "ended"))
DELIVERIES = (
    between("late", "hours_after_end", None, SETTLED_WITHIN_HOURS),
    between("stuck", "hours_trying", None, TRY_HOURS),
    present("unseen", "seen"),
)


async def check_ledger(
    ledger: Ledger, docs: Path, *, closed_within: timedelta | None = RECENT, size: int = PAGE
) -> Report:
    """Judge every open case and those that closed of late, or all cases where `closed_within` is None.

    It is done in a process of its own: the library holds up whatever else runs in one that imports it.
    """
    now = await ledger.now()
    found: list[Finding] = []
    shown, cases = 0, 0
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as aside:
        judged: list[Table] = []
        async for page in pages(ledger, now, now - closed_within if closed_within else None, size):
            cases += len(page.cases)
            judged = tables(page)
            faults = await _judged(aside, judged, None, now)
            found += faults
            if faults and shown < FAULTY_PAGES:
                shown += 1
                await _judged(aside, judged, docs, now + timedelta(microseconds=shown))
        await _judged(aside, judged, docs, now)
    return Report(SUITE, tuple(found), {"cases": cases, "rules": sum(len(table.rules) for table in judged)}, docs)


async def _judged(aside: Executor, judged: list[Table], docs: Path | None, at: datetime) -> list[Finding]:
    breaches = await asyncio.get_running_loop().run_in_executor(aside, judge, SUITE, judged, docs, at)
    return findings(SUITE, judged, breaches)


def tables(page: Page) -> list[Table]:
    """The rows of a page with their rules."""
    return [
        Table("cases", CASES, page.cases),
        Table("children", CHILDREN, page.children),
        Table("deliveries", DELIVERIES, page.deliveries),
    ]
