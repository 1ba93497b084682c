"""notify over the real ledger: next channels, order, an endpoint's recovery, what a crash leaves, nobody held up."""

import asyncio
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from prefect.logging import get_logger

from casework.events import CITIZEN, Act, Kind
from ledger.reading import case_document
from ledger.tables import CaseRow
from tasks import desk
from tasks.message_door import Message
from tasks.outcomes import Failed, Sent
from tasks.posting import Patience
from tests.integration.ledger.wakes import Time
from tests.integration.tasks.at_work import OTHER, UNIT, AtWork
from tests.integration.tasks.unwell import answer, hang, unwell

BOTH = pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)])


class Killed(BaseException):
    """The process ends here: nothing after it is run."""


@dataclass
class Phone:
    """A message door whose other side sends whatever it is given, as often as it is given."""

    deduplicates: bool = False
    reaches: bool = True
    sent: list[Message] = field(default_factory=list)
    then: Callable[[], None] = lambda: None
    answers: bool = True

    async def send(self, message: Message) -> Sent | Failed:
        if not self.answers:
            return Failed("the gateway is away")
        self.sent.append(message)
        self.then()
        return Sent("message")

    def dies(self) -> None:
        raise Killed


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    """The units' duty desks are reached through this."""
    made = Phone()
    monkeypatch.setattr("tasks.unit_message.DOOR", made)
    return made


@pytest.fixture
def said(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """What the message doors print (Prefect's loggers do not pass theirs on)."""
    logger = get_logger("huiyin.messages")
    logger.addHandler(caplog.handler)
    with caplog.at_level(logging.INFO):
        yield caplog
    logger.removeHandler(caplog.handler)


# The next channel


@BOTH
async def test_a_unit_that_is_not_connected_is_told_by_its_duty_desk(work: AtWork, phone: Phone) -> None:
    case_no = await work.assigned()
    await work.wake(case_no)
    (message,) = phone.sent
    assert (message.to, message.case_no) == ("wecom:urban-management-duty", case_no)
    assert case_no in message.words
    assert message.link is not None
    page = desk.links().read_task(message.link.rpartition("/")[2], await work.ledger.now())
    assert (page.case_no, page.unit) == (case_no, UNIT)
    row = (await work.messages(case_no))["task.assigned"]
    assert (row.state, row.via) == ("pending", "message")  # its system still does not know
    assert Kind.NOTIFIED in await work.events(case_no)  # the unit does
    assert await work.alerts() == {}


async def test_the_link_is_sent_and_never_logged(work: AtWork, said: pytest.LogCaptureFixture) -> None:
    case_no = await work.assigned()
    await work.wake(case_no)
    assert case_no in said.text
    assert "附办理链接" in said.text
    assert "/t/" not in said.text
    assert "wecom:" not in said.text


async def test_what_is_only_printed_reaches_nobody_so_a_person_phones(
    work: AtWork, said: pytest.LogCaptureFixture
) -> None:
    """The shipped door prints to the log: the unit is not notified, and its time is not its own."""
    case_no = await work.assigned()
    await work.wake(case_no)
    row = (await work.messages(case_no))["task.assigned"]
    assert (row.state, row.via) == ("pending", "staff")
    assert Kind.NOTIFIED not in await work.events(case_no)
    assert "请电话通知该单位" in said.text
    assert case_no in (await work.alerts())["unit_to_phone"]
    document = await case_document(work.ledger, desk.city(), case_no)
    (told,) = document["undelivered"]
    assert (told["type"], told["to"], told["via"], told["state"]) == ("task.assigned", UNIT, "staff", "pending")


async def test_a_unit_without_a_duty_desk_is_phoned(work: AtWork, phone: Phone) -> None:
    case_no = await work.assigned(OTHER)
    await work.wake(case_no)
    assert phone.sent == []
    assert (await work.messages(case_no, OTHER))["task.assigned"].via == "staff"
    assert "区市场监督管理局" in (await work.alerts())["unit_to_phone"]


async def test_a_duty_desk_that_cannot_be_reached_either_is_phoned(work: AtWork, phone: Phone) -> None:
    phone.answers = False
    case_no = await work.assigned()
    await work.wake(case_no)
    assert (await work.messages(case_no))["task.assigned"].via == "staff"
    assert Kind.NOTIFIED not in await work.events(case_no)


async def test_the_phone_call_is_off_once_the_unit_has_acted(work: AtWork) -> None:
    case_no = await work.assigned(OTHER)
    await work.wake(case_no)
    assert "unit_to_phone" in await work.alerts()
    await work.unit(case_no, Kind.ACKNOWLEDGED, OTHER, handler="王", feedback="马上到")
    await work.wake(case_no)
    assert await work.alerts() == {}


async def test_a_failing_endpoint_has_a_third_of_the_time(clock: Time, work: AtWork, phone: Phone) -> None:
    """The demo's feedback clock is 12 seconds: after four the duty desk is told."""
    async with unwell(answer(503)) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        case_no = await work.assigned()
        await work.wake(case_no)
        row = (await work.messages(case_no))["task.assigned"]
        assert (row.via, row.attempts, phone.sent) == (None, 1, [])
        assert row.next_try_at is not None
        assert row.due_at is not None
        assert row.next_try_at <= row.created_at + (row.due_at - row.created_at) / 3
        while row.via is None:
            clock.at = row.next_try_at
            await work.wake(case_no)
            row = (await work.messages(case_no))["task.assigned"]
            assert row.next_try_at is not None
        assert row.via == "message"
        assert len(phone.sent) == 1
        assert clock.at <= row.created_at + timedelta(seconds=4)
        assert clock.at < row.due_at  # with time left for the unit


@pytest.mark.parametrize("status", [404, 302, 410])
async def test_where_waiting_cannot_help_the_duty_desk_is_told_at_once(work: AtWork, phone: Phone, status: int) -> None:
    async with unwell(answer(status)) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        case_no = await work.assigned()
        await work.wake(case_no)
        assert there.came == 1
        assert len(phone.sent) == 1


async def test_one_that_asks_for_longer_than_the_duty_lasts_is_not_waited_for(work: AtWork, phone: Phone) -> None:
    async with unwell(answer(429, retry_after="1800")) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        case_no = await work.assigned()
        await work.wake(case_no)
        assert (there.came, len(phone.sent)) == (1, 1)
        row = (await work.messages(case_no))["task.assigned"]
        assert row.next_try_at is not None
        wait = row.next_try_at - await work.ledger.now()
        assert timedelta(minutes=29) < wait <= timedelta(minutes=30)  # and not sent to before


# Order, and what happens when the endpoint is back


@BOTH
async def test_what_was_carried_still_reaches_the_units_system_in_order(
    work: AtWork, phone: Phone, endpoint: Any
) -> None:
    case_no = await work.assigned()
    await work.wake(case_no)
    await work.reminded(case_no)
    await work.wake(case_no)
    assert [one.key.split(":")[1] for one in phone.sent] == ["task.assigned", "task.reminded"]
    rows = await work.messages(case_no)
    assert {kind: (row.state, row.via) for kind, row in rows.items()} == {
        "task.assigned": ("pending", "message"),
        "task.reminded": ("sent", "message"),  # a reminder that came twice would be stale the second time
    }
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    await work.wake(case_no)
    assert [headers["webhook-id"].split(":")[1] for headers in endpoint.headers] == ["task.assigned"]
    rows = await work.messages(case_no)
    assert (rows["task.assigned"].state, rows["task.assigned"].via) == ("sent", "webhook")
    assert (await work.events(case_no)).count(Kind.NOTIFIED) == 1
    assert len(phone.sent) == 2


async def test_what_waited_behind_goes_as_soon_as_the_one_before_it_has_gone(work: AtWork, endpoint: Any) -> None:
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    endpoint.answers = [(404, {}), (204, {})]
    case_no = await work.assigned()
    await work.wake(case_no)
    await work.reminded(case_no)
    await work.wake(case_no)
    rows = await work.messages(case_no)
    assert {row.via for row in rows.values()} == {"staff"}
    assert len(endpoint.bodies) == 1
    await work.due_now(rows["task.assigned"].key)  # an hour has passed
    await work.wake(case_no)
    kinds = [headers["webhook-id"].split(":")[1] for headers in endpoint.headers]
    assert kinds == ["task.assigned", "task.assigned", "task.reminded"]
    assert {row.state for row in (await work.messages(case_no)).values()} == {"sent"}
    assert await work.alerts() == {}


async def test_work_that_is_over_owes_its_units_system_nothing(work: AtWork, phone: Phone) -> None:
    case_no = await work.assigned()
    await work.wake(case_no)
    await work.unit(case_no, Kind.COMPLETED, result="已装好")
    await work.wake(case_no)
    assert (await work.messages(case_no))["task.assigned"].state == "dropped"
    assert (await work.ledger.deliveries.owed(case_no)).next_at is None


async def test_a_phone_call_is_not_asked_for_after_the_end(work: AtWork) -> None:
    case_no = await work.assigned(OTHER)
    await work.wake(case_no)
    await work.unit(case_no, Kind.COMPLETED, OTHER, result="已装好")
    await work.system(case_no, Kind.ASKED)
    await work.wake(case_no)
    assert await work.alerts() == {}
    assert (await work.messages(case_no, OTHER))["task.assigned"].state == "dropped"


# Unknown


@BOTH
async def test_a_crash_between_send_and_record_leaves_it_unknown_and_not_sent_again(work: AtWork, phone: Phone) -> None:
    case_no = await work.assigned()
    phone.then = phone.dies
    with pytest.raises(Killed):
        await work.wake(case_no)
    assert (await work.messages(case_no))["task.assigned"].state == "trying"
    phone.then = lambda: None
    await work.wake(case_no)
    assert len(phone.sent) == 1
    row = (await work.messages(case_no))["task.assigned"]
    assert (row.state, row.via) == ("unknown", "message")
    assert Kind.NOTIFIED not in await work.events(case_no)  # nobody is charged on a guess
    assert case_no in (await work.alerts())["delivery_unknown"]
    document = await case_document(work.ledger, desk.city(), case_no)
    assert [(one["type"], one["state"]) for one in document["undelivered"]] == [("task.assigned", "unknown")]


async def test_an_endpoint_that_comes_back_settles_what_was_unknown(work: AtWork, phone: Phone, endpoint: Any) -> None:
    case_no = await work.assigned()
    phone.then = phone.dies
    with pytest.raises(Killed):
        await work.wake(case_no)
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    await work.wake(case_no)
    row = (await work.messages(case_no))["task.assigned"]
    assert (row.state, row.via) == ("sent", "webhook")
    assert Kind.NOTIFIED in await work.events(case_no)
    assert await work.alerts() == {}


async def test_a_message_to_the_citizen_is_not_sent_twice_either(
    work: AtWork, endpoint: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = Phone()
    phone.then = phone.dies
    monkeypatch.setattr("tasks.citizen_door.DOOR", phone)
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    case_no = await work.assigned()
    with pytest.raises(Killed):
        await work.wake(case_no)
    phone.then = lambda: None
    await work.wake(case_no)
    assert [one.key.split(":")[1] for one in phone.sent] == ["citizen.receipt", "citizen.assigned"]
    states = {kind: row.state for kind, row in (await work.messages(case_no, "citizen")).items()}
    assert states == {"citizen.receipt": "unknown", "citizen.assigned": "sent"}
    assert "诉求人" in (await work.alerts())["delivery_unknown"]
    await work.unit(case_no, Kind.COMPLETED, result="已装好")
    await work.system(case_no, Kind.ASKED)
    judged = Act(Kind.EVALUATED, CITIZEN, await work.ledger.now(), {"solved": True, "satisfaction": 5})
    await work.ledger.cases.record(case_no, judged)
    await work.wake(case_no)
    assert await work.alerts() == {}  # the end is what counts


async def test_a_door_that_hangs_leaves_it_unknown(work: AtWork, phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.message_door.LONGEST_SEND", 0.05)
    send = phone.send

    async def hanging(message: Message) -> Sent | Failed:
        await send(message)
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(phone, "send", hanging)
    case_no = await work.assigned()
    await work.wake(case_no)
    assert (await work.messages(case_no))["task.assigned"].state == "unknown"


async def test_a_webhook_is_simply_sent_again(work: AtWork, endpoint: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its receiver can tell: the same `webhook-id`."""
    await work.ledger.access.connect("demo", UNIT, endpoint.url)
    case_no = await work.assigned()
    sent = work.ledger.deliveries.sent

    async def dies(key: str, via: str | None = None) -> None:
        if "task.assigned" in key:
            raise Killed
        await sent(key, via)

    monkeypatch.setattr(work.ledger.deliveries, "sent", dies)
    with pytest.raises(Killed):
        await work.wake(case_no)
    monkeypatch.undo()
    await work.wake(case_no)
    ids = [headers["webhook-id"] for headers in endpoint.headers]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert (await work.messages(case_no))["task.assigned"].state == "sent"
    assert (await work.events(case_no)).count(Kind.NOTIFIED) == 1


CRASHING = """
import asyncio, os, signal, sys
from tasks import unit_message
from tasks.desk import ledger
from tests.integration.tasks.at_work import AtWork

class Phone:
    deduplicates, reaches = False, True
    async def send(self, message):
        print(message.key, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)

unit_message.DOOR = Phone()
asyncio.run(AtWork(ledger()).wake(sys.argv[1]))
"""


async def test_a_killed_process_leaves_it_unknown(work: AtWork, phone: Phone) -> None:
    case_no = await work.assigned()
    words = [sys.executable, "-c", CRASHING, case_no]
    done = await asyncio.to_thread(subprocess.run, words, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL
    (row,) = (await work.messages(case_no)).values()
    assert (row.state, done.stdout.splitlines()) == ("trying", [row.key])
    async with work.ledger.database.write() as session:
        case = await session.get(CaseRow, case_no)
        assert case is not None
        case.lease_until = None  # a minute later
    await work.wake(case_no)
    assert (await work.messages(case_no))["task.assigned"].state == "unknown"
    assert phone.sent == []


# Nobody is held up


async def test_one_that_hangs_holds_up_neither_the_citizen_nor_another_unit_of_the_case(
    clock: Time, work: AtWork, impatient: Patience, endpoint: Any, phone: Phone
) -> None:
    async with unwell(hang) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        await work.ledger.access.connect("demo", OTHER, endpoint.url)
        case_no = await work.assigned()
        await work.dispatched(case_no, OTHER)
        waking = asyncio.create_task(work.wake(case_no))
        while not endpoint.bodies and not waking.done():
            await asyncio.sleep(0.01)
        still_at_it = not waking.done()
        await waking
        assert (still_at_it, there.came, len(endpoint.bodies)) == (True, 1, 1)


@dataclass
class Worker:
    """Wakes cases as a worker with eight hands does, and looks again at those that wait."""

    work: AtWork
    hands: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(8))

    async def wake(self, case_no: str) -> None:
        async with self.hands:
            await self.work.wake(case_no)

    async def deliver(self, cases: list[str]) -> float:
        """Seconds until nothing is owed any more for any of them."""
        began = time.monotonic()
        await asyncio.gather(*(self._deliver(case_no) for case_no in cases))
        return time.monotonic() - began

    async def _deliver(self, case_no: str) -> None:
        await self.wake(case_no)
        while (at := (await self.work.ledger.deliveries.owed(case_no)).next_at) is not None:
            await asyncio.sleep((at - await self.work.ledger.now()).total_seconds())
            await self.wake(case_no)


@BOTH
async def test_a_hanging_unit_does_not_delay_anothers(
    work: AtWork, monkeypatch: pytest.MonkeyPatch, endpoint: Any
) -> None:
    """Side by side: twelve orders of B's alone, then twelve beside twelve of A's, which hangs."""
    monkeypatch.setattr("tasks.posting.PATIENCE", Patience(whole=120.0))
    worker = Worker(work)
    async with unwell(hang) as there:
        await work.ledger.access.connect("demo", UNIT, there.url)
        await work.ledger.access.connect("demo", OTHER, endpoint.url)
        alone = await worker.deliver([await work.assigned(OTHER) for _ in range(12)])
        hanging = asyncio.gather(*[worker.wake(await work.assigned(UNIT)) for _ in range(12)])
        beside = await worker.deliver([await work.assigned(OTHER) for _ in range(12)])
        print(f"alone {alone:.2f} s, beside {beside:.2f} s")
        assert len({headers["webhook-id"] for headers in endpoint.headers}) == 24
        assert (there.open, there.most) == (2, 2)  # A's first calls hang still
        assert beside < 6 * alone + 2  # twice the work, and two hands of eight less
    await hanging  # A's system is down now
