"""The door for short messages, to a citizen or to a unit's duty desk. The default prints to the log."""

import asyncio
from dataclasses import dataclass
from typing import Protocol

from prefect.logging import get_logger

from catalog.texts import text
from ledger.deliveries import Delivery
from tasks.desk import ledger
from tasks.outcomes import Failed, Outcome, Sent, Unsure

MESSAGE = "message"
LONGEST_SEND = 10.0  # seconds


@dataclass(frozen=True, slots=True)
class Message:
    """What is said. `to` is a unit's duty line, or None: then it is for the citizen, whose number is in the vault.

    `name` says who that is in a log. `link` opens the task's page to whoever has it: it is sent and never logged.
    """

    key: str
    case_no: str
    name: str
    words: str
    to: str | None = None
    link: str | None = None


class MessageDoor(Protocol):
    """A way to send a short message: a text-message gateway, a mini-program, WeCom.

    `deduplicates`: whether the other side, given the same key again, sends nothing a second time.
    `reaches`: whether a person reads what is sent.
    """

    deduplicates: bool
    reaches: bool

    async def send(self, message: Message) -> Sent | Failed:
        """Sent, or certainly not sent. Any exception means that nobody knows."""


class LogDoor:
    """Prints what would be sent, and in which case, never to which number. A line more in a log does no harm."""

    deduplicates = True
    reaches = False

    async def send(self, message: Message) -> Sent | Failed:
        link = text("unit_message.link_left_out") if message.link else ""
        get_logger("huiyin.messages").info("%s → %s：%s%s", message.case_no, message.name, message.words, link)
        return Sent(MESSAGE)


async def send(door: MessageDoor, delivery: Delivery, message: Message) -> Outcome:
    """One message through a door. Where the other side cannot tell a second one from the first, the try is put on
    record before it: after a crash in between, the next wake finds it and does not send again.
    """
    if not door.deduplicates:
        await ledger().deliveries.trying(delivery.key)
    try:
        async with asyncio.timeout(LONGEST_SEND):
            return await door.send(message)
    except TimeoutError:
        why = text("delivery.too_slow", seconds=LONGEST_SEND)
        return Failed(why) if door.deduplicates else Unsure(why, MESSAGE)
