"""What a case is about: its item, its grade and the limits that follow from them (分类、定级)."""

from dataclasses import replace
from datetime import datetime

from casework.case import Case
from casework.clocks import PROMISES, Clock, ClockKind, start_clock
from casework.events import Event
from casework.merging import graver
from casework.new_ladders import with_ladder
from casework.new_limits import with_limit
from casework.states import State
from catalog.policy import Grade, Policy


def classified(case: Case, event: Event, policy: Policy) -> Case:
    data = event.data
    return replace(
        case,
        classified=True,
        item=data["item"],
        confidence=data["confidence"],
        candidates=tuple(data["candidates"]),
    )


def with_grade(case: Case, grade: Grade, policy: Policy, at: datetime) -> Case:
    """Running promise clocks and triage take the limits of the new grade, still from receipt.

    A tighter limit leaves half of itself from now on (`casework.new_limits`).
    """
    if grade is case.grade:
        return case

    def regraded(clock: Clock) -> Clock:
        new = start_clock(policy, clock.kind, grade, clock.holder, clock.started_at)
        limited = with_limit(clock, new, at)
        return limited if new.ladder == clock.ladder else with_ladder(clock, limited, new.ladder, at)

    changing = PROMISES | {ClockKind.TRIAGE}
    clocks = tuple(regraded(clock) if clock.running and clock.kind in changing else clock for clock in case.clocks)
    return replace(case, grade=grade, clocks=clocks)


def grade_given(case: Case, event: Event, policy: Policy) -> Case:
    data = event.data
    if case.stage is not State.RECEIVED:  # a graver case has been merged into this one
        return graver(with_grade(case, Grade(data["grade"]), policy, event.at), policy, event.at)
    graded = with_grade(case, Grade(data["grade"]), policy, event.at)
    return replace(of_the_item(graded, event), graded=True, item_limit=data.get("limit"))


def of_the_item(case: Case, event: Event) -> Case:
    """What the item says beside grade and limit."""
    data = event.data
    roles = tuple(data.get("call_roles", ()))
    return replace(case, long_standing=data.get("long_standing", False), call_roles=roles, line=data.get("line"))
