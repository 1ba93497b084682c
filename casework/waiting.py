"""What an open case waits for and until when, in the words of the operations desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.case import Case, State
from casework.clocks import Clock, ClockKind
from catalog.texts import text
from catalog.working_time import SHANGHAI

# Which clock a state's deadline is read from: the first of these that runs.
AWAITED: dict[State, tuple[ClockKind, ...]] = {
    State.RECEIVED: (ClockKind.TRIAGE,),
    State.TRIAGE: (ClockKind.TRIAGE,),
    State.AWAITING_ACK: (ClockKind.FEEDBACK, ClockKind.COMPLETION),
    State.AWAITING_CONTACT: (ClockKind.CONTACT,),
    State.IN_PROGRESS: (ClockKind.FIRST_ROUND, ClockKind.COMPLETION),
    State.PAUSED: (ClockKind.REVIEW,),
    State.AWAITING_CALLBACK: (ClockKind.CALLBACK,),
}


def awaited_clock(case: Case) -> Clock | None:
    """The clock whose deadline the case is waiting under."""
    clocks = (case.clock(kind) for kind in AWAITED.get(case.state, ()))
    return next((clock for clock in clocks if clock is not None and clock.running), None)


@dataclass(frozen=True, slots=True)
class Wait:
    """A badge: the state's Chinese name with its deadline."""

    state: str
    due_at: datetime | None
    label: str


def waits_for(case: Case, now: datetime) -> Wait:
    """The badge of a waiting case, such as ``待签收 10:30前``; the date stands where it is not today's.

    A deadline that has passed says so: ``待签收 10:30前（已超时）``.
    """
    clock = awaited_clock(case)
    due = clock.due_at if clock else None
    name = text(f"state.{case.state}")
    if due is None:
        return Wait(name, due, name)
    key = "until" if due >= now else "until_overdue"
    return Wait(name, due, f"{name} {text(key, when=spoken(due, now))}")


def spoken(at: datetime, now: datetime) -> str:
    """A time as people here say it, in Shanghai: today by the clock, else with its date, else with its year."""
    local, today = at.astimezone(SHANGHAI), now.astimezone(SHANGHAI)
    clock = local.strftime("%H:%M:%S" if abs(at - now) < timedelta(minutes=2) else "%H:%M")
    if local.date() == today.date():
        return clock
    date = f"{local.month}月{local.day}日 {clock}"
    return date if local.year == today.year else f"{local.year}年{date}"
