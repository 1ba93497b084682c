"""The oldest rung that is due and has not fired, whoever holds the case."""

import pytest

from casework.events import CITIZEN, SYSTEM, Act, Kind
from casework.steps import due_rung
from ledger.ledger import Ledger
from tests.integration.ledger.made import PLAIN, Made
from tests.integration.ledger.wakes import START, Time


@pytest.fixture
def time(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Time:
    return Time.of(ledger, monkeypatch)


async def overdue(made: Made) -> tuple[str, float] | None:
    found = await made.ledger.overdue.oldest()
    return (found.case_no, round(found.seconds, 3)) if found else None


async def test_nothing_is_overdue_before_a_rung_and_its_grace(time: Time, made: Made) -> None:
    assert await overdue(made) is None
    case_no = await made.receive(START, has_phone=False)
    assert await overdue(made) is None
    time.forward(minutes=5, seconds=1)
    assert await overdue(made) is None
    time.forward(seconds=1.5)
    assert await overdue(made) == (case_no, 0.5)


async def test_it_is_the_oldest_of_all_claimed_or_not_until_it_has_fired(time: Time, made: Made) -> None:
    first = await made.receive(START, has_phone=False)
    time.forward(minutes=2)
    second = await made.receive(time.at, has_phone=False)
    time.forward(minutes=5, seconds=12)
    epoch = await made.ledger.claims.claim(first)
    assert await overdue(made) == (first, 130.0)
    loaded = await made.ledger.cases.load(first)
    act = due_rung(loaded.case, loaded.policy, time.at)
    assert act is not None
    await made.ledger.cases.record(first, act, epoch=epoch)
    assert await overdue(made) == (second, 10.0)
    await made.ledger.cases.record(second, Act(Kind.ASSIGNED, SYSTEM, time.at, {"unit": "cg"}))
    assert await overdue(made) == (second, 10.0)


async def test_each_case_has_the_grace_of_its_own_policy(time: Time, made: Made) -> None:
    time.forward(seconds=1)  # the later version is the district's: two of one moment have no order
    patient = PLAIN.model_copy(update={"rung_grace_seconds": 60.0})
    await made.ledger.policies.pin("futian", patient, "file")
    slow = await made.receive(time.at, district="futian", number_prefix="FT", has_phone=False)
    time.forward(seconds=20)
    quick = await made.receive(time.at, has_phone=False)
    time.forward(minutes=5, seconds=10)
    assert await overdue(made) == (quick, 8.0)
    await made.act(quick, Kind.WITHDREW, CITIZEN)
    assert await overdue(made) is None
    time.forward(minutes=1)
    assert await overdue(made) == (slow, 30.0)


async def test_a_case_at_its_end_has_nothing_overdue(time: Time, made: Made) -> None:
    case_no = await made.receive(START, property="thanks")
    await made.act(case_no, Kind.ASSIGNED, unit="cg")
    time.forward(days=9)
    assert await overdue(made) is None
