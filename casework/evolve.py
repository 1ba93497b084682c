"""A case moved on by one event. The event has been admitted; here nothing is refused.

Times may come out of order by the moments between receipt and the case's lock: clocks take the event's own time,
the account of holders never runs backwards.
"""

from collections.abc import Iterable
from dataclasses import replace

from casework.case import Case, Held, State
from casework.changes import CHANGES, CITIZEN, DISPATCHER, SYSTEM, ended, unchanged
from casework.clocks import ClockKind, start_clock
from casework.events import Event, Kind
from casework.life_cycle import transitions
from casework.verdict import verdict
from catalog.policy import Grade, Policy


def begin(case_no: str, event: Event, policy: Policy) -> Case:
    """The case that `request.received` opens, its promise clocks running from receipt."""
    data, at = event.data, event.at
    grade = Grade(data["grade"])
    kinds = [ClockKind.TRIAGE]
    if data["property"] != "thanks":
        kinds += [ClockKind.FEEDBACK, *([ClockKind.CONTACT] if data["has_phone"] else []), ClockKind.FIRST_ROUND]
    return Case(
        case_no=case_no,
        district=data["district"],
        channel=data["channel"],
        received_at=at,
        nature=data["property"],
        grade=grade,
        has_phone=data["has_phone"],
        held=Held(SYSTEM, at),
        emergency=data.get("emergency", False),
        street=data.get("street"),
        community=data.get("community"),
        seq=event.seq,
        last_at=at,
        policy_version=data.get("policy_version"),
        catalogue_version=data.get("catalogue_version"),
        clocks=tuple(start_clock(policy, kind, grade, DISPATCHER, at) for kind in kinds),
    )


def evolve(case: Case, event: Event, policy: Policy) -> Case:
    """The case after the event: first the account, then what the event does, then the state the table says."""
    said = verdict(event.data, policy) if event.kind is Kind.EVALUATED else ""
    following = next((row.next for row in transitions(case, event.kind) if row.verdict == said), case.state)
    over = not case.open and following is State.CLOSED  # what comes after the end is nobody's time
    held = case.held if over else case.held.until(event.at)
    charged = replace(case, seq=event.seq, last_at=max(event.at, case.last_at or event.at), held=held)
    changed = CHANGES.get(event.kind, unchanged)(_climb(charged, event), event, policy)
    moved = replace(changed, state=following)
    return _end(moved, event) if case.open and not moved.open else moved


def fold(case_no: str, events: Iterable[Event], policy: Policy) -> Case:
    """The case that all its events make, in order of `seq`."""
    first, *later = events
    case = begin(case_no, first, policy)
    for event in later:
        case = evolve(case, event, policy)
    return case


def _climb(case: Case, event: Event) -> Case:
    """Whatever rung the event comes from is now behind its clock."""
    if "rung" not in event.data:
        return case
    clocks = (c.climb(event.data["rung"], event.at) if c.id == event.data["clock"] else c for c in case.clocks)
    return replace(case, clocks=tuple(clocks))


def _end(case: Case, event: Event) -> Case:
    """Closed: every clock stops; time until a reopening, if there is one, is the citizen's."""
    clocks = tuple(clock.stop(event.at, met=False) for clock in case.clocks)
    return replace(case, clocks=clocks, tasks=ended(case.tasks), held=case.held.to(CITIZEN), closed_at=case.last_at)
