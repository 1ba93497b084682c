"""What an open case waits for and until when, in the words of the operations desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from casework.case import Case
from casework.clocks import Clock, ClockKind
from casework.states import State
from casework.strands import OWNERSHIP, Strand, awaited_of, strands
from casework.whistling import short
from catalog.texts import text
from catalog.working_time import SHANGHAI

# Which clock a state's deadline is read from: the first of these that runs.
AWAITED: dict[State, tuple[ClockKind, ...]] = {
    State.RECEIVED: (ClockKind.TRIAGE,),
    State.TRIAGE: (ClockKind.TRIAGE,),
    State.AWAITING_ACK: (ClockKind.FEEDBACK, ClockKind.COMPLETION),
    State.AWAITING_CONTACT: (ClockKind.CONTACT,),
    State.IN_PROGRESS: (ClockKind.FIRST_ROUND, ClockKind.COMPLETION),
    State.PAUSED: (ClockKind.PAUSE,),
    State.AWAITING_CALLBACK: (ClockKind.CALLBACK,),
    State.AWAITING_REFERRAL: (ClockKind.REFERRAL,),
    State.AWAITING_RECHECK: (ClockKind.RECHECK,),
    State.IN_DISPUTE: (ClockKind.ADJUDICATION,),
}


def awaited_clock(case: Case) -> Clock | None:
    """The clock whose deadline the case is waiting under."""
    if case.ownership is not None:
        return next((awaited_of(case, one) for one in reversed(strands(case)) if one.flow == OWNERSHIP), None)
    if case.whistle is not None:
        of = short(case.whistle.call_id)
        return next((clock for clock in case.clocks if clock.of == of and clock.running), None)
    clocks = (case.clock(kind) for kind in AWAITED.get(case.state, ()))
    return next((clock for clock in clocks if clock is not None and clock.running), None)


@dataclass(frozen=True, slots=True)
class Wait:
    """A badge: the state's Chinese name with its deadline."""

    state: str
    due_at: datetime | None
    label: str


def waits_for(case: Case, now: datetime, strand: Strand | None = None) -> Wait:
    """The badge of a waiting case, or of one strand, such as ``待签收 10:30前``; with its date where it is not today's.

    A deadline that has passed says so: ``待签收 10:30前（已超时）``.
    """
    clock = awaited_of(case, strand) if strand else awaited_clock(case)
    due = clock.due_at if clock else None
    name = text(f"state.{strand.state if strand else case.state}")
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
