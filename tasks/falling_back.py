"""The next channels to a unit whose endpoint has had its time: its duty desk, then a person who phones it."""

from casework.case import Case
from casework.effects import under_way
from casework.owing import Door
from ledger.deliveries import Delivery
from tasks import unit_message
from tasks.outcomes import Dropped, Outcome, Sent, Unsure
from tasks.staff_door import have_phoned


async def carry(delivery: Delivery, case: Case, why: str) -> Outcome:
    """Which channel has taken the message. Only for work that is still to be done is anybody asked to phone."""
    if delivery.door != Door.UNIT:
        return Dropped(why)  # the citizen's page shows every message, the staff's lists every case
    if line := unit_message.duty_line(delivery, case):
        told = await unit_message.message_unit(delivery, case, line)
        if isinstance(told, Unsure) or (isinstance(told, Sent) and unit_message.DOOR.reaches):
            return told
    if under_way(delivery.task_id, case):
        return await have_phoned(delivery, case.district, why)
    return Dropped(why)
