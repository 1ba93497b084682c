"""A unit that is off duty has a deputy: its desk is told of what is sent to the unit, whose work it stays."""

import asyncio

from prefect.logging import get_logger

from casework.effects import under_way
from casework.off_duty import acting
from casework.owing import ORDERS, URGING, Door
from casework.waiting import spoken
from catalog.texts import text
from ledger.deliveries import Delivery
from ledger.folding import Loaded
from tasks import unit_message
from tasks.desk import city, ledger
from tasks.message_door import LONGEST_SEND, Message
from tasks.outcomes import Dropped, Failed, Outcome
from tasks.unit_alerts import unit_name

TOLD_OF = ORDERS | URGING


async def tell_deputy(delivery: Delivery, outcome: Outcome) -> None:
    """Once for each order, whistle call and rung: with the first try to reach the unit's own system.

    A deputy is told besides; a door that fails here holds nothing up, since the unit's own message goes its way.
    """
    first = delivery.door == Door.UNIT and delivery.type in TOLD_OF and delivery.attempts == 0 and delivery.via is None
    if not first or isinstance(outcome, Dropped) or _waits(outcome) or not _has_a_deputy(delivery.addressee):
        return
    loaded = await ledger().cases.load(delivery.case_no)
    district = city().district(loaded.case.district)
    if not district.has_unit(delivery.addressee) or not under_way(delivery.task_id, loaded.case):
        return  # a rung that tells a leader's office of another's work is for the leader himself
    deputy = acting(district, delivery.addressee, await ledger().now(), loaded.policy)
    if deputy != delivery.addressee:
        await _tell(delivery, loaded, deputy)


def _has_a_deputy(code: str) -> bool:
    """In whatever district: most units have none, and need no look at the case."""
    known = (home.unit(code) for home in city().districts.values() if home.has_unit(code))
    return any(unit.hours and unit.deputy for unit in known)


def _waits(outcome: Outcome) -> bool:
    """Nothing was tried, and it comes again in a moment: the endpoint is busy, or rests."""
    return isinstance(outcome, Failed) and not outcome.tried and bool(outcome.asked)


async def _tell(delivery: Delivery, loaded: Loaded, deputy: str) -> None:
    name = unit_name(loaded.case.district, deputy)
    until = ""
    if delivery.due_at is not None:
        until = text("unit_message.until", when=spoken(delivery.due_at, await ledger().now()))
    words = text(
        "unit_message.deputy",
        unit=name,
        absent=unit_name(loaded.case.district, delivery.addressee),
        message=text(f"event.{delivery.type}"),
        case_no=delivery.case_no,
        until=until,
    )
    line = city().district(loaded.case.district).unit(deputy).duty
    log = get_logger("huiyin.messages")
    if line is None:
        log.info("%s → %s：%s", delivery.case_no, name, words)
        return
    message = Message(f"{delivery.key}:deputy", delivery.case_no, name, words, line)
    try:
        async with asyncio.timeout(LONGEST_SEND):
            told = await unit_message.DOOR.send(message)
    except TimeoutError:
        told = Failed(text("delivery.too_slow", seconds=LONGEST_SEND))
    if isinstance(told, Failed):
        log.warning("%s: the deputy %s was not told: %s", delivery.case_no, name, told.why)
