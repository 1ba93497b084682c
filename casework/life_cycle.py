"""The life cycle as one table of data: in which state which event is admitted from whom, and what state follows.

Where several rows fit a state and an event, the first whose condition holds is taken.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from casework.case import Case, State
from casework.events import Kind, Role
from catalog.policy import Grade

S, K = State, Kind
SYSTEM = frozenset({Role.SYSTEM})
UNIT = frozenset({Role.UNIT})
CITIZEN = frozenset({Role.CITIZEN})
DISPATCH = frozenset({Role.SYSTEM, Role.DISPATCHER, Role.STREET, Role.SUPERVISOR, Role.ADMIN})
DECIDE = frozenset({Role.DISPATCHER, Role.STREET, Role.ADMIN})
EVALUATE = frozenset({Role.CITIZEN, Role.CALLBACK, Role.ADMIN})

CONDITIONS: Mapping[str, Callable[[Case], bool]] = {
    "": lambda case: True,
    "a call is owed": lambda case: case.contact_due,
    "withdrawn by the citizen": lambda case: case.withdrawn,
    "a hazard (grade A)": lambda case: case.grade is Grade.A and not case.withdrawn,
    "no hazard": lambda case: case.grade is not Grade.A,
    "thanks": lambda case: case.nature == "thanks",
    "closed unrated": lambda case: case.outcome == "unrated",
    "closed after an answer": lambda case: (
        case.outcome in ("resolved", "explained", "unrated") and case.nature != "thanks"
    ),
}


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `verdict` narrows an evaluation: satisfied or dissatisfied."""

    state: State
    event: Kind
    who: frozenset[Role]
    next: State
    when: str = ""
    verdict: str = ""


def _fact(state: State, event: Kind) -> tuple[Transition, ...]:
    """A fact from the unit that holds the task; it implies the acknowledgement."""
    return (
        Transition(state, event, UNIT, S.AWAITING_CONTACT, "a call is owed"),
        Transition(state, event, UNIT, S.IN_PROGRESS),
    )


def _completion(state: State) -> tuple[Transition, ...]:
    return (
        Transition(state, K.COMPLETED, UNIT, S.CLOSED, "withdrawn by the citizen"),
        Transition(state, K.COMPLETED, UNIT, S.AWAITING_CALLBACK),
    )


def _withdrawal(state: State) -> tuple[Transition, ...]:
    return (
        Transition(state, K.WITHDREW, CITIZEN, state, "a hazard (grade A)"),
        Transition(state, K.WITHDREW, CITIZEN, S.CLOSED, "no hazard"),
    )


def _evaluation(state: State, when: str = "") -> tuple[Transition, ...]:
    return (
        Transition(state, K.EVALUATED, EVALUATE, S.CLOSED, when, "satisfied"),
        Transition(state, K.EVALUATED, EVALUATE, S.AWAITING_ACK, when, "dissatisfied"),
    )


HANDLING = (S.AWAITING_ACK, S.AWAITING_CONTACT, S.IN_PROGRESS)
FACTS = (K.ACKNOWLEDGED, K.VISITED, K.FIRST_ROUND, K.PROGRESS)

LIFE_CYCLE: tuple[Transition, ...] = (
    *(Transition(state, K.PINNED, SYSTEM, state) for state in S if state is not S.CLOSED),
    Transition(S.RECEIVED, K.CLASSIFIED, SYSTEM, S.RECEIVED),
    Transition(S.RECEIVED, K.GRADED, SYSTEM, S.RECEIVED),
    Transition(S.RECEIVED, K.TRIAGED, SYSTEM, S.TRIAGE),
    *(
        row
        for state in (S.RECEIVED, S.TRIAGE)
        for row in (
            Transition(state, K.ASSIGNED, DISPATCH, S.CLOSED, "thanks"),
            Transition(state, K.ASSIGNED, DISPATCH, S.AWAITING_ACK),
            *_withdrawal(state),
        )
    ),
    *(
        row
        for state in HANDLING
        for row in (
            Transition(state, K.ASSIGNED, DECIDE, S.AWAITING_ACK),
            Transition(state, K.NOTIFIED, SYSTEM, state),
            *(row for fact in FACTS for row in _fact(state, fact)),
            Transition(state, K.CONTACTED, UNIT, S.IN_PROGRESS),
            *_completion(state),
            Transition(state, K.EXTENSION_REQUESTED, UNIT, state),
            Transition(state, K.EXTENDED, DECIDE, state),
            Transition(state, K.REFUSED, DECIDE, state),
            *_withdrawal(state),
        )
    ),
    Transition(S.IN_PROGRESS, K.PAUSE_REQUESTED, UNIT, S.IN_PROGRESS),
    Transition(S.IN_PROGRESS, K.PAUSED, DECIDE, S.PAUSED),
    Transition(S.PAUSED, K.RESUMED, DECIDE | SYSTEM, S.IN_PROGRESS),
    Transition(S.PAUSED, K.TASK_RESUMED, UNIT, S.IN_PROGRESS),
    *(Transition(S.PAUSED, fact, UNIT, S.PAUSED) for fact in (*FACTS, K.CONTACTED)),
    *_completion(S.PAUSED),
    Transition(S.PAUSED, K.NOTIFIED, SYSTEM, S.PAUSED),
    *_withdrawal(S.PAUSED),
    # A late copy of a fact from the unit that has just completed changes nothing, and is not its mistake.
    *(Transition(S.AWAITING_CALLBACK, event, UNIT, S.AWAITING_CALLBACK) for event in (*FACTS, K.CONTACTED)),
    Transition(S.AWAITING_CALLBACK, K.NOTIFIED, SYSTEM, S.AWAITING_CALLBACK),
    Transition(S.AWAITING_CALLBACK, K.ASKED, SYSTEM, S.AWAITING_CALLBACK),
    Transition(S.AWAITING_CALLBACK, K.UNANSWERED, frozenset({Role.CALLBACK, Role.ADMIN}), S.AWAITING_CALLBACK),
    *_evaluation(S.AWAITING_CALLBACK),
    Transition(S.AWAITING_CALLBACK, K.REOPENED, CITIZEN, S.AWAITING_ACK),
    Transition(S.AWAITING_CALLBACK, K.WITHDREW, CITIZEN, S.CLOSED),
    Transition(S.AWAITING_CALLBACK, K.CLOSED, SYSTEM, S.CLOSED),
    *_evaluation(S.CLOSED, "closed unrated"),
    Transition(S.CLOSED, K.REOPENED, CITIZEN, S.AWAITING_ACK, "closed after an answer"),
    Transition(S.CLOSED, K.NOTIFIED, SYSTEM, S.CLOSED),
    *(Transition(state, K.RUNG, SYSTEM, state) for state in S if state not in (S.CLOSED, S.PAUSED)),
)


def transitions(case: Case, event: Kind) -> tuple[Transition, ...]:
    """The rows that fit the case's state and the event, conditions judged."""
    return tuple(
        row for row in LIFE_CYCLE if row.state is case.state and row.event is event and CONDITIONS[row.when](case)
    )


def allowed(case: Case, role: Role) -> tuple[str, ...]:
    """What somebody of this role may do to the case now, as names of events."""
    fit = (row for row in LIFE_CYCLE if row.state is case.state and role in row.who and CONDITIONS[row.when](case))
    return tuple(dict.fromkeys(row.event.value for row in fit))
