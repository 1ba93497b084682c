"""Who receives for a unit while it is off duty (AB 角): its deputy. The work stays the unit's."""

from datetime import datetime

from catalog.calendars import calendar_named
from catalog.districts import District, Unit
from catalog.policy import Grade, Policy
from catalog.working_time import SHANGHAI


def on_duty(unit: Unit, at: datetime, policy: Policy) -> bool:
    """Whether the moment lies in the unit's hours, on a day that its district works; without hours always."""
    if unit.hours is None:
        return True
    local = at.astimezone(SHANGHAI)
    opens, closes = unit.hours.split("-")
    return opens <= local.strftime("%H:%M") < closes and calendar_named(policy.calendar).day(local.date()).working


def acting(district: District, code: str, at: datetime, policy: Policy) -> str:
    """Who receives for a unit at a moment: itself on duty; off duty its deputy, where that is on duty.

    Raises `UnknownCode`.
    """
    unit = district.unit(code)
    if unit.deputy is None or on_duty(unit, at, policy):
        return code
    return unit.deputy if on_duty(district.unit(unit.deputy), at, policy) else code


def receivers(district: District, code: str, at: datetime, policy: Policy, grade: Grade) -> tuple[str, ...]:
    """Whose desks are told: of what is a matter of life (grade A) always the unit's own too."""
    deputy = acting(district, code, at, policy)
    return tuple(dict.fromkeys((code, deputy))) if grade is Grade.A else (deputy,)
