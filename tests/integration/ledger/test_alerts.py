"""Alerts: said once, counted, cleared, and said anew when they come back. Marks: small values that stay."""

import asyncio

from tests.integration.ledger.made import Made

CASE = "PS2026112300001"


async def test_an_alert_is_new_once_and_counted_after_that(made: Made) -> None:
    alerts = made.ledger.alerts
    assert [await alerts.raise_("case_quarantined", CASE, words) for words in ("a", "b", "c")] == [True, False, False]
    (row,) = await alerts.open()
    assert (row.words, row.times, row.subject) == ("c", 3, CASE)
    assert row.first_at < row.last_at
    assert await alerts.count() == {"case_quarantined": 1}


async def test_a_cleared_alert_is_new_when_it_comes_back(made: Made) -> None:
    alerts = made.ledger.alerts
    await alerts.clear("case_quarantined", CASE)  # nothing is wrong yet: nothing happens
    await alerts.raise_("case_quarantined", CASE, "a")
    before = (await alerts.open())[0].first_at
    await alerts.clear("case_quarantined", CASE)
    assert await alerts.open() == []
    assert await alerts.raise_("case_quarantined", CASE, "b")
    (row,) = await alerts.open()
    assert row.times == 1
    assert row.first_at > before


async def test_an_alert_that_many_raise_at_once_is_one(made: Made) -> None:
    alerts = made.ledger.alerts
    new = await asyncio.gather(*(alerts.raise_("case_quarantined", CASE, "a") for _ in range(6)))
    assert new.count(True) == 1
    assert len(await alerts.open()) == 1


async def test_a_mark_is_what_was_set_last(made: Made) -> None:
    marks = made.ledger.marks
    assert await marks.get("round") is None
    await marks.set("round", "A")
    await marks.set("round", "B")
    assert await marks.get("round") == "B"
