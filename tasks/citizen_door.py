"""The door to the citizen: one short message. The timeline of the citizen's page shows every one by itself."""

from casework.effects import overtaken
from casework.telling import telling
from catalog.texts import text
from ledger.deliveries import Delivery
from tasks.desk import city, ledger
from tasks.message_door import LogDoor, Message, MessageDoor, send
from tasks.outcomes import Dropped, Outcome

DOOR: MessageDoor = LogDoor()


async def tell_citizen(delivery: Delivery) -> Outcome:
    """One message to whoever opened the case, in words."""
    loaded = await ledger().cases.load(delivery.case_no)
    if overtaken(delivery.type, delivery.task_id, loaded.case):
        return Dropped("the citizen has answered")
    names = city().district(loaded.case.district).names
    words = telling(delivery.type, delivery.case_no, delivery.data, names, await ledger().now())
    return await send(DOOR, delivery, Message(delivery.key, delivery.case_no, text("holder.citizen"), words))
