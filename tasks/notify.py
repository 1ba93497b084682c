"""notify: every message of the case that is owed now goes out through its door."""

from prefect import task

from casework.effects import Door
from casework.events import Kind
from ledger.deliveries import Delivery
from tasks.citizen_door import tell_citizen
from tasks.desk import held, ledger
from tasks.outcomes import Dropped, Outcome, Postponed
from tasks.recording import record
from tasks.retrying import VERB
from tasks.staff_door import tell_staff
from tasks.unit_door import send_to_unit

DOORS = {Door.UNIT: send_to_unit, Door.CITIZEN: tell_citizen, Door.STAFF: tell_staff}


@task(name="notify", **VERB)
async def notify(case_no: str) -> None:
    """Send what may be sent, each addressee's messages in order, until none is left or the rest must wait."""
    claim = held()
    while ready := await ledger().deliveries.ready(case_no):
        for delivery in ready:
            await ledger().claims.renew(case_no, claim.epoch)
            await _settle(delivery, await DOORS[Door(delivery.door)](delivery))


async def _settle(delivery: Delivery, outcome: Outcome) -> None:
    deliveries = ledger().deliveries
    match outcome:
        case Dropped(why):
            await deliveries.dropped(delivery.key, why)
        case Postponed(why, after):
            await deliveries.postponed(delivery.key, why, delivery.attempts, after)
        case _:
            await deliveries.sent(delivery.key)
            if delivery.type in ("task.assigned", "task.reopened"):
                await record(Kind.NOTIFIED, task_id=delivery.task_id)
