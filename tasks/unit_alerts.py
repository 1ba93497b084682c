"""What operators are told of a unit that cannot be reached."""

from casework.owing import Door
from catalog.texts import text
from ledger.deliveries import Delivery
from ledger.receiver_alerts import GONE, REFUSES, TO_PHONE, UNREACHABLE, phone_call, receiver_name
from ledger.receivers import Receiver
from tasks.desk import city, ledger

UNKNOWN = "delivery_unknown"


async def is_gone(receiver: Receiver) -> None:
    await _say(GONE, receiver.district, receiver.unit)


async def refuses(receiver: Receiver, why: str) -> None:
    await _say(REFUSES, receiver.district, receiver.unit, why=why)


async def is_unreachable(receiver: Receiver, failures: int, why: str) -> None:
    await _say(UNREACHABLE, receiver.district, receiver.unit, failures=failures, why=why)


async def takes_it_now(delivery: Delivery, district: str) -> None:
    """The endpoint has taken a message that it had not taken before."""
    await ledger().alerts.clear(REFUSES, receiver_name(district, delivery.addressee))


async def to_phone(delivery: Delivery, district: str, why: str) -> None:
    """A person must phone the unit about this case."""
    unit, message = unit_name(district, delivery.addressee), text(f"event.{delivery.type}")
    words = text(f"alert.{TO_PHONE}.words", case_no=delivery.case_no, unit=unit, message=message, why=why)
    await ledger().alerts.raise_(TO_PHONE, phone_call(district, delivery.case_no, delivery.addressee), words)


async def phoned(delivery: Delivery, district: str) -> None:
    """The unit knows, or need not know any more."""
    await ledger().alerts.clear(TO_PHONE, phone_call(district, delivery.case_no, delivery.addressee))


async def unknown(delivery: Delivery, district: str) -> None:
    """Nobody can say whether the message arrived."""
    to = text("holder.citizen") if delivery.door == Door.CITIZEN else unit_name(district, delivery.addressee)
    message = text("delivery.notice") if delivery.door == Door.CITIZEN else text(f"event.{delivery.type}")
    words = text(f"alert.{UNKNOWN}.words", case_no=delivery.case_no, to=to, message=message)
    await ledger().alerts.raise_(UNKNOWN, delivery.case_no, words)


async def known(case_no: str) -> None:
    await ledger().alerts.clear(UNKNOWN, case_no)


def unit_name(district: str, code: str) -> str:
    """The name, or the code of a unit that the district's file does not know any more."""
    home = city().district(district)
    return home.unit(code).name if home.has_unit(code) else code


async def _say(kind: str, district: str, unit: str, **values: object) -> None:
    name = unit_name(district, unit)
    words = text(f"alert.{kind}.words", unit=name, code=unit, district=district, **values)
    await ledger().alerts.raise_(kind, receiver_name(district, unit), words)
