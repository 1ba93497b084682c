"""A machine whose clock is off from the database's says so, until it is right."""

from datetime import timedelta

from ledger.alerts import Alerts
from ledger.clock_watch import ClockWatch
from ledger.ledger import Ledger
from ledger.machine_clock import Offset, machine_clock


def off_by(ledger: Ledger, seconds: float) -> None:
    ledger.database.machine_clock = lambda: machine_clock() + timedelta(seconds=seconds)


async def told(ledger: Ledger) -> list[tuple[str, str, int]]:
    return [(row.kind, row.subject, row.times) for row in await ledger.alerts.open()]


async def test_each_asking_for_the_time_measures_this_machines_clock(ledger: Ledger) -> None:
    """On SQLite there is no other clock; on PostgreSQL the database's is unmoved by ours."""
    before = machine_clock()
    off_by(ledger, -300)
    now = await ledger.now()
    if ledger.database.sqlite:
        assert ledger.database.offset is None
        return
    assert abs(now - before) < timedelta(seconds=30)
    assert ledger.database.offset is not None
    assert abs(ledger.database.offset.seconds + 300) < 5
    off_by(ledger, 60)
    async with ledger.database.read() as session:
        await ledger.database.now(session)
    assert abs(ledger.database.offset.seconds - 60) < 5


async def test_a_clock_that_is_off_is_told_once_and_taken_back_when_it_is_right(ledger: Ledger) -> None:
    watch = ClockWatch(ledger.database, ledger.alerts, "worker-2")
    for offset, right, alerts in (
        (None, True, 0),
        (Offset(0.1, 0.01), True, 0),
        (Offset(2.5, 0.01), False, 1),
        (Offset(2.6, 0.01), False, 1),
        (Offset(0.1, 5.0), False, 1),  # nothing can be said of it: as before
        (Offset(-0.1, 0.01), True, 0),
        (Offset(-7.0, 0.01), False, 1),
    ):
        ledger.database.offset = offset
        assert await watch.right() is right, offset
        assert await told(ledger) == [("clock_skew", "worker-2", 1)] * alerts, offset
    (row,) = await ledger.alerts.open()
    assert "worker-2" in row.words
    assert "-7.0" in row.words


async def test_what_an_earlier_process_left_open_is_cleared_at_the_first_look(ledger: Ledger) -> None:
    await Alerts(ledger.database).raise_("clock_skew", ledger.clock_watch.host, "")
    ledger.database.offset = Offset(0.0, 0.01)
    assert await ledger.clock_watch.right()
    assert await told(ledger) == []
