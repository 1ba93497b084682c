"""A unit's next channel: a short message to its duty desk, with the link to the task's page."""

from datetime import datetime

from casework.case import Case
from casework.effects import under_way
from casework.waiting import spoken
from catalog.texts import text
from ledger.deliveries import Delivery
from tasks.desk import city, ledger, links
from tasks.message_door import LogDoor, Message, MessageDoor, send
from tasks.outcomes import Outcome
from tasks.unit_alerts import unit_name

DOOR: MessageDoor = LogDoor()


def duty_line(delivery: Delivery, case: Case) -> str | None:
    """Where the unit's duty desk is reached, if the district's file says so."""
    district = city().district(case.district)
    return district.unit(delivery.addressee).duty if district.has_unit(delivery.addressee) else None


async def message_unit(delivery: Delivery, case: Case, line: str) -> Outcome:
    """Say what the unit must know and by when; its page has the rest."""
    name = unit_name(case.district, delivery.addressee)
    link = _link(delivery) if under_way(delivery.task_id, case) else None
    words = _words(delivery, name, await ledger().now())
    return await send(DOOR, delivery, Message(delivery.key, delivery.case_no, name, words, line, link))


def _words(delivery: Delivery, name: str, now: datetime) -> str:
    until = text("unit_message.until", when=spoken(delivery.due_at, now)) if delivery.due_at else ""
    return text(f"unit_message.{delivery.type}", unit=name, case_no=delivery.case_no, until=until)


def _link(delivery: Delivery) -> str:
    return links().task(delivery.case_no, delivery.task_id or "", delivery.addressee)
