"""Under which policy a case lives: the one its run was created with, where that makes sense."""

from typing import Any

from pydantic import Field

from catalog.policy_reading import PolicyRefused, read_policy
from catalog.texts import text
from ledger.policies import RUN
from tasks.desk import ledger

REFUSED = "policy_refused"
AS_WRITTEN: Any = Field()
"""The default of a parameter that is required and not there: Prefect then hands the flow a value that is no policy,
where without it the run would fail before it has claimed anything."""


async def pinned(district: str, written: object) -> tuple[str, str | None]:
    """The version a new case lives under, and why its run's own policy was refused.

    One that makes no sense is refused with an alert, and the district's last valid one is taken.
    """
    try:
        return await ledger().policies.pin(district, read_policy(written), RUN), None
    except PolicyRefused as refused:
        version = (await ledger().policies.current(district)).version
        await ledger().alerts.raise_(REFUSED, district, refusal(district, str(refused), version))
        return version, str(refused)


def refusal(district: str, fault: str, version: str) -> str:
    """The alert's words."""
    return text(f"alert.{REFUSED}.words", district=district, fault=fault, version=version)
