"""The message door to staff: today their lists show the case, and the log says so."""

from prefect.logging import get_logger

from catalog.texts import text
from ledger.deliveries import Delivery
from tasks.outcomes import Outcome, Sent


async def tell_staff(delivery: Delivery) -> Outcome:
    """One line for whoever has the role."""
    words = text(f"telling_staff.{delivery.type.removeprefix('staff.')}", case_no=delivery.case_no)
    get_logger("huiyin.messages").info("%s → %s：%s", delivery.case_no, text(f"role.{delivery.addressee}"), words)
    return Sent()
