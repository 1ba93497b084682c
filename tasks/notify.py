"""notify: every message of the case that is owed now goes out through its door."""

import asyncio

from prefect import task

from casework.case import Case
from casework.effects import overtaken
from casework.owing import Door
from casework.states import State
from catalog.texts import text
from ledger.deliveries import Delivery
from tasks.citizen_door import tell_citizen
from tasks.concealing import concealed
from tasks.deputies import tell_deputy
from tasks.desk import claims, held, ledger
from tasks.message_door import MESSAGE
from tasks.retrying import VERB
from tasks.settling import drop, lose_sight, settle
from tasks.staff_door import STAFF, tell_staff
from tasks.unit_alerts import phoned
from tasks.unit_door import send_to_unit

GIVEN = frozenset({State.AWAITING_ACK, State.AWAITING_REPORT_IN, State.AWAITING_ACCEPTANCE, State.AWAITING_APPROVAL})
DOORS = {Door.UNIT: send_to_unit, Door.CITIZEN: tell_citizen, Door.STAFF: tell_staff}


@task(name="notify", **VERB)
@concealed
async def notify(case_no: str) -> None:
    """Send what may be sent, each addressee's messages in order, until none is left or the rest must wait."""
    claim = held()
    await _tidy_up(case_no, claim.strand)
    while ready := await ledger().deliveries.ready(case_no, claim.strand):
        await claims(claim.strand).renew(claim.key, claim.epoch)
        await _all_at_once(ready)


async def _tidy_up(case_no: str, strand: str) -> None:
    """What an earlier wake has begun: a try that it did not live to record, and work that is over by now."""
    begun = await ledger().deliveries.begun(case_no, strand)
    case = (await ledger().cases.load(case_no)).case if begun else None
    for delivery in begun:
        if delivery.state == "trying":
            await lose_sight(delivery, MESSAGE, text("delivery.crashed"))
        elif case and overtaken(delivery.type, delivery.task_id, case, delivery.data, carried=True):
            await drop(delivery, "the unit no longer holds the task")
        elif delivery.via == STAFF and case and _taken_up(delivery.task_id, case):
            await phoned(delivery, case.district)


def _taken_up(task_id: str | None, case: Case) -> bool:
    """Whether the unit has shown by an act of its own that it knows of the work."""
    task = case.given(task_id) or case.task
    return task is not None and (task.acknowledged_at is not None or task.state not in GIVEN)


async def _all_at_once(ready: list[Delivery]) -> None:
    """Nobody waits for another addressee's endpoint. Each is settled before an error of one is told."""
    ended = await asyncio.gather(*(_deliver(one) for one in ready), return_exceptions=True)
    for error in ended:
        if isinstance(error, BaseException):
            raise error


async def _deliver(delivery: Delivery) -> None:
    outcome = await DOORS[Door(delivery.door)](delivery)
    await settle(delivery, outcome)
    await tell_deputy(delivery, outcome)
