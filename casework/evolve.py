"""A case moved on by one event. The event has been admitted; here nothing is refused.

Times may come out of order by the moments between receipt and the case's lock: clocks take the event's own time,
the account of holders never runs backwards.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from casework.altering import CITIZEN, DISPATCHER, SYSTEM, ended
from casework.case import Case, Held
from casework.changes import CHANGES, unchanged
from casework.clocks import ClockKind, start_clock
from casework.disputing import kept
from casework.events import Event, Kind
from casework.life_cycle import transitions
from casework.moving import Move
from casework.states import State
from casework.turns import whose_turn
from casework.verdict import word
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
        addressee=data.get("addressee_leader"),
        recused=tuple(data.get("recused", ())),
        seq=event.seq,
        last_at=at,
        policy_version=data.get("policy_version"),
        catalogue_version=data.get("catalogue_version"),
        clocks=tuple(start_clock(policy, kind, grade, DISPATCHER, at) for kind in kinds),
    )


def evolve(case: Case, event: Event, policy: Policy, former: Policy | None = None) -> Case:
    """The case after the event: first the account, then what the event does, then the state the table says.

    `former` is the policy that a move to `policy` leaves; no other event needs it.
    """
    said = word(case, event.kind, event.data, policy)
    following = next((row.next for row in transitions(case, event.kind) if row.verdict in ("", said)), case.stage)
    over = not case.open and following is State.CLOSED  # what comes after the end is nobody's time
    held = case.held if over else _charged(case, event)
    charged = replace(case, seq=event.seq, last_at=max(event.at, case.last_at or event.at), held=held)
    if event.kind is Kind.MOVED:
        assert former is not None, "a move says which policy it leaves"
        charged = Move(former, policy, event.at).case(charged)
    changed = CHANGES.get(event.kind, unchanged)(_climb(charged, event), event, policy)
    moved = replace(changed, stage=following)
    moved = _end(moved, event) if case.open and not moved.open else moved
    return replace(moved, held=moved.held.covered_by(whose_turn(moved)))


def fold(
    case_no: str, events: Iterable[Event], policy: Policy, moved_to: Mapping[str, Policy] = MappingProxyType({})
) -> Case:
    """The case that all its events make, in order of `seq`; `moved_to` holds the policies it was moved to on the way.

    Raises `LookupError` for one that is missing.
    """
    first, *later = events
    case = begin(case_no, first, policy)
    for event in later:
        former = policy
        if event.kind is Kind.MOVED:
            policy = moved_to[event.data["policy_version"]]
        case = evolve(case, event, policy, former)
    return case


def policy_versions(events: Iterable[Event]) -> tuple[str, ...]:
    """Under which policies a case has lived: the one it was begun or pinned under, then those it was moved to."""
    first, moves = "", []
    for event in events:
        if event.kind in (Kind.RECEIVED, Kind.PINNED) and event.data.get("policy_version"):
            first = event.data["policy_version"]
        elif event.kind is Kind.MOVED:
            moves.append(event.data["policy_version"])
    return (first, *moves)


def _charged(case: Case, event: Event) -> Held:
    """The account of holders up to the event. A stretch in which the service was away is the system's."""
    if event.kind is Kind.INTERRUPTED:
        return case.held.interrupted(datetime.fromisoformat(event.data["since"]), event.at, SYSTEM)
    return case.held.until(event.at)


def _climb(case: Case, event: Event) -> Case:
    """Whatever rung the event comes from is now behind its clock."""
    if "rung" not in event.data:
        return case
    clocks = (c.climb(event.data["rung"], event.at) if c.id == event.data["clock"] else c for c in case.clocks)
    return replace(case, clocks=tuple(clocks))


def _end(case: Case, event: Event) -> Case:
    """Closed: every clock stops; time until a reopening, if there is one, is the citizen's."""
    case = kept(case, event.at)
    clocks = tuple(clock.stop(event.at, met=False).settled(event.at) for clock in case.clocks)
    return replace(case, clocks=clocks, tasks=ended(case.tasks), held=case.held.to(CITIZEN), closed_at=case.last_at)
