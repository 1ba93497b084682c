"""What became of a try is written down, and what follows from it is done."""

from casework.case import Case
from casework.delivering import Fallback, Later, next_copy, next_try
from casework.effects import under_way
from casework.events import Kind
from casework.owing import ORDERS, URGING
from ledger.deliveries import Delivery
from tasks import unit_alerts
from tasks.desk import ledger
from tasks.falling_back import carry
from tasks.message_door import MESSAGE
from tasks.outcomes import Dropped, Failed, Outcome, Sent, Unsure
from tasks.posting import WEBHOOK
from tasks.recording import record
from tasks.staff_door import STAFF

LAST_WORD = "citizen.closed"


async def settle(delivery: Delivery, outcome: Outcome) -> None:
    """Record the outcome of one try at the delivery's own door."""
    match outcome:
        case Sent(via):
            await _sent(delivery, via)
        case Dropped(why):
            await drop(delivery, why)
        case Unsure(why, via):
            await lose_sight(delivery, via, why)
        case Failed():
            await _failed(delivery, outcome)


async def drop(delivery: Delivery, why: str) -> None:
    """Give it up; those that waited behind it move up."""
    await ledger().deliveries.dropped(delivery.key, why)
    if delivery.via is not None:
        await _no_more_in_between(delivery)


async def lose_sight(delivery: Delivery, via: str, why: str) -> None:
    """Nobody knows whether it was sent: it is shown as such, and not sent again that way."""
    await unit_alerts.unknown(delivery, (await _case(delivery)).district)  # first: a crash in between repeats it
    await ledger().deliveries.unknown(delivery.key, via, why)


async def _sent(delivery: Delivery, via: str) -> None:
    if via == WEBHOOK and delivery.type in ORDERS:
        await _notified(delivery, via)  # before `sent`: after a crash in between it is sent, and told of, once more
    await ledger().deliveries.sent(delivery.key, via)
    if delivery.type == LAST_WORD:
        await _no_more_unknown(delivery.case_no)
    if via == WEBHOOK and (delivery.attempts or delivery.via):
        await unit_alerts.takes_it_now(delivery, (await _case(delivery)).district)
        await _no_more_in_between(delivery)


async def _no_more_unknown(case_no: str) -> None:
    """At the end it does not matter any more whether an earlier message arrived."""
    if any(one.state == "unknown" for one in await ledger().deliveries.unsettled(case_no)):
        await unit_alerts.known(case_no)


async def _no_more_in_between(delivery: Delivery) -> None:
    if delivery.via == STAFF:
        await unit_alerts.phoned(delivery, (await _case(delivery)).district)
    if delivery.state == "unknown":
        await unit_alerts.known(delivery.case_no)
    await ledger().deliveries.hurry(delivery.case_no, delivery.addressee, delivery.strand)


async def _failed(delivery: Delivery, failed: Failed) -> None:
    deliveries, now = ledger().deliveries, await ledger().now()
    if delivery.via is not None:
        at = next_copy(delivery.attempts, now, asked=failed.asked, hope=failed.hope)
        await deliveries.later(delivery.key, failed.why, at, tried=failed.tried)
        return
    attempts = delivery.attempts if failed.tried else None
    match next_try(attempts, delivery.created_at, delivery.due_at, now, asked=failed.asked, hope=failed.hope):
        case Later(at):
            await deliveries.later(delivery.key, failed.why, at, tried=failed.tried)
        case Fallback():
            case = await _case(delivery)
            await _carried(delivery, case, failed, await carry(delivery, case, failed.why))


async def _carried(delivery: Delivery, case: Case, failed: Failed, outcome: Outcome) -> None:
    """Another channel had its turn. The unit's system hears of work that is still to be done when it is back."""
    match outcome:
        case Sent(via) if via == MESSAGE and (delivery.type in URGING or not under_way(delivery.task_id, case)):
            await ledger().deliveries.sent(delivery.key, via)
        case Sent(via):
            at = next_copy(delivery.attempts, await ledger().now(), asked=failed.asked, hope=failed.hope)
            await ledger().deliveries.later(delivery.key, failed.why, at, tried=failed.tried, via=via)
            if via == MESSAGE and delivery.type in ORDERS:
                await _notified(delivery, via)
        case other:
            await settle(delivery, other)


async def _notified(delivery: Delivery, via: str) -> None:
    """The unit knows of its task from now on, and its time is its own."""
    task = (await _case(delivery)).given(delivery.task_id)
    if task is not None and task.notified_at is None:
        more = {} if via == WEBHOOK else {"via": via}
        await record(Kind.NOTIFIED, task_id=delivery.task_id, **more)


async def _case(delivery: Delivery) -> Case:
    return (await ledger().cases.load(delivery.case_no)).case
