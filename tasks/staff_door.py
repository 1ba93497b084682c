"""The message door to staff: today their lists show the case, and the log says so. A leader is told by his office."""

from prefect.logging import get_logger

from casework.case import Case
from casework.effects import overtaken
from catalog.texts import text
from ledger.deliveries import Delivery
from tasks import unit_message
from tasks.desk import city, ledger
from tasks.message_door import Message, send
from tasks.outcomes import Dropped, Outcome, Sent
from tasks.unit_alerts import to_phone, unit_name

STAFF = "staff"
TO_THE_LEADER = frozenset({"staff.addressed", "staff.answered"})


async def tell_staff(delivery: Delivery) -> Outcome:
    """One line for whoever has the role."""
    case = (await ledger().cases.load(delivery.case_no)).case
    if overtaken(delivery.type, delivery.task_id, case, delivery.data):
        return Dropped("an act received before this rung has overtaken it")
    if delivery.type in TO_THE_LEADER and case.addressee is not None:
        return await _tell_the_office(delivery, case, case.addressee)
    words = text(f"telling_staff.{delivery.type.removeprefix('staff.')}", case_no=delivery.case_no)
    _say(delivery.case_no, delivery.addressee, words)
    return Sent(STAFF)


async def _tell_the_office(delivery: Delivery, case: Case, code: str) -> Outcome:
    """What is written to a leader he sees first and last (主官在线): his office's desk has it brought to him."""
    district = city().district(case.district)
    leader = next((one for one in district.leaders if one.code == code), None)
    title = leader.title if leader else code
    office = unit_name(case.district, leader.office) if leader else title
    line = district.unit(leader.office).duty if leader and district.has_unit(leader.office) else None
    words = text(f"telling_staff.{delivery.type.removeprefix('staff.')}", case_no=case.case_no, leader=title)
    if line is None:
        get_logger("huiyin.messages").info("%s → %s：%s", case.case_no, office, words)
        return Sent(STAFF)
    return await send(unit_message.DOOR, delivery, Message(delivery.key, case.case_no, office, words, line))


async def have_phoned(delivery: Delivery, district: str, why: str) -> Outcome:
    """The last channel to a unit: a dispatcher is asked to phone it, and operators see that nobody else could."""
    unit = unit_name(district, delivery.addressee)
    words = text("telling_staff.phone", case_no=delivery.case_no, unit=unit, message=text(f"event.{delivery.type}"))
    _say(delivery.case_no, "dispatcher", words)
    await to_phone(delivery, district, why)
    return Sent(STAFF)


def _say(case_no: str, role: str, words: str) -> None:
    get_logger("huiyin.messages").info("%s → %s：%s", case_no, text(f"role.{role}"), words)
