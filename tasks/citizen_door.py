"""The message door to citizens. The default prints to the log; the timeline shows every message by itself."""

from typing import Protocol

from prefect.logging import get_logger

from casework.telling import telling
from ledger.deliveries import Delivery
from tasks.desk import city, ledger
from tasks.outcomes import Outcome, Sent


class MessageDoor(Protocol):
    """A way to reach a citizen: a text-message gateway, a mini-program. The default is the log."""

    async def send(self, case_no: str, words: str) -> Outcome:
        """Deliver the words to whoever opened the case."""


class LogDoor:
    """Prints what would be sent, and to which case, never to whom."""

    async def send(self, case_no: str, words: str) -> Outcome:
        get_logger("huiyin.messages").info("%s → 诉求人：%s", case_no, words)
        return Sent()


DOOR: MessageDoor = LogDoor()


async def tell_citizen(delivery: Delivery) -> Outcome:
    """One message to the citizen, in words."""
    loaded = await ledger().cases.load(delivery.case_no)
    units = {unit.code: unit.name for unit in city().district(loaded.case.district).units}
    return await DOOR.send(
        delivery.case_no, telling(delivery.type, delivery.case_no, delivery.data, units, await ledger().now())
    )
