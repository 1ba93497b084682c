"""The life cycle as one table of data: in which state which event is admitted from whom, and what state follows.

Where several rows fit a state and an event, the first whose conditions hold (parted by ``; ``) is taken.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from casework.case import Case, Task
from casework.events import Kind, Role
from casework.instant import plain_question
from casework.states import PARTS, STAGES, State, TaskRole
from catalog.policy import Grade

S, K = State, Kind
SYSTEM = frozenset({Role.SYSTEM})
UNIT = frozenset({Role.UNIT})
CITIZEN = frozenset({Role.CITIZEN})
DISPATCH = frozenset({Role.SYSTEM, Role.DISPATCHER, Role.STREET, Role.SUPERVISOR, Role.ADMIN})
DECIDE = frozenset({Role.DISPATCHER, Role.STREET, Role.ADMIN})
ADMIN = frozenset({Role.ADMIN})
EVALUATE = frozenset({Role.CITIZEN, Role.CALLBACK, Role.ADMIN})
RULE = frozenset({Role.ADJUDICATOR, Role.ADMIN})
CALL = UNIT | DECIDE | SYSTEM
OVERSEE = UNIT | DECIDE | frozenset({Role.LEADER, Role.SUPERVISOR})
ORDER = SYSTEM | DECIDE | frozenset({Role.LEADER, Role.SUPERVISOR})
APPROVE = UNIT | frozenset({Role.LEADER, Role.ADMIN})
CONCLUDE = frozenset({Role.LEADER, Role.DISPATCHER, Role.ADMIN})

CONDITIONS: Mapping[str, Callable[[Case], bool]] = {
    "": lambda case: True,
    "a call is owed": lambda case: case.contact_due,
    "withdrawn by the citizen": lambda case: case.withdrawn,
    "goes on without its citizen": lambda case: (
        (case.grade is Grade.A or case.ownership is not None) and not case.withdrawn
    ),
    "nothing holds it": lambda case: case.grade is not Grade.A and case.ownership is None,
    "not forgotten yet": lambda case: not case.forgotten,
    "thanks": lambda case: case.nature == "thanks",
    # Where the request's words have been forgotten there is nothing left to take up again.
    "closed unrated": lambda case: case.outcome == "unrated" and not case.forgotten,
    "closed after an answer": lambda case: (
        case.outcome in ("resolved", "explained", "unrated", "merged")
        and case.nature != "thanks"
        and not case.forgotten
    ),
    "owned": lambda case: case.ownership is not None,
    "not owned": lambda case: case.ownership is None,
    "heard": lambda case: case.ownership is not None and case.ownership.hearing,
    "dissolved before": lambda case: any(not one.open for one in case.ownerships),
    "closed after 销案": lambda case: (
        case.outcome in ("resolved", "explained", "unrated") and not case.forgotten and bool(case.ownerships)
    ),
    "closed unrated after 销案": lambda case: (
        case.outcome == "unrated" and not case.forgotten and bool(case.ownerships)
    ),
    "no call is open": lambda case: case.whistle is None,
    "a call is open": lambda case: case.whistle is not None,
    "nothing is disputed": lambda case: case.disputed is None,
    "before the dispatcher, if disputed": lambda case: case.disputed != "adjudicator",
    "before the adjudicator": lambda case: case.disputed == "adjudicator",
    "nothing is open beside": lambda case: case.whistle is None and case.disputed is None,
    "delegated": lambda case: case.delegator is not None,
    "merged": lambda case: case.merged_into is not None,
    "merged and withdrawn": lambda case: case.merged_into is not None and case.withdrawn,
    "a plain question": plain_question,
    "answered at once": lambda case: case.answered_at_once,
    "nothing keeps it here": lambda case: (
        case.ownership is None
        and case.whistle is None
        and case.disputed is None
        and case.merged_into is None
        and not case.heard
    ),
}


def holds(when: str, case: Case) -> bool:
    """Whether every condition of a row holds."""
    return all(CONDITIONS[each](case) for each in when.split("; "))


@dataclass(frozen=True, slots=True)
class Transition:
    """One row. `verdict` narrows an evaluation (satisfied, dissatisfied) or a ruling (same, another unit)."""

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


def _answer(state: State, event: Kind, who: frozenset[Role], given: str = "") -> tuple[Transition, ...]:
    """The work is done: the citizen is asked, unless an owner still has the case, or nobody is left to be asked."""
    also = f"{given}; " if given else ""
    return (
        Transition(state, event, who, S.IN_PROGRESS, f"{also}owned"),
        Transition(state, event, who, S.CLOSED, f"{also}withdrawn by the citizen"),
        Transition(state, event, who, S.AWAITING_CALLBACK, given),
    )


def _completion(state: State) -> tuple[Transition, ...]:
    """A delegated piece of work is looked at again by whoever passed it on."""
    owned, withdrawn, answered = _answer(state, K.COMPLETED, UNIT)
    return (owned, Transition(state, K.COMPLETED, UNIT, S.AWAITING_RECHECK, "delegated"), withdrawn, answered)


def _withdrawal(state: State) -> tuple[Transition, ...]:
    return (
        Transition(state, K.WITHDREW, CITIZEN, state, "goes on without its citizen"),
        Transition(state, K.WITHDREW, CITIZEN, S.CLOSED, "nothing holds it"),
    )


def _evaluation(state: State, when: str = "", after_dissolution: str = "dissolved before") -> tuple[Transition, ...]:
    at_once = "; ".join(filter(None, (when, "answered at once")))
    return (
        Transition(state, K.EVALUATED, EVALUATE, S.CLOSED, when, "satisfied"),
        Transition(state, K.EVALUATED, EVALUATE, S.RECEIVED, at_once, "dissatisfied"),
        Transition(state, K.EVALUATED, EVALUATE, S.IN_PROGRESS, after_dissolution, "dissatisfied"),
        Transition(state, K.EVALUATED, EVALUATE, S.AWAITING_ACK, when, "dissatisfied"),
    )


HANDLING = (S.AWAITING_ACK, S.AWAITING_CONTACT, S.IN_PROGRESS)
FOLLOWING = (S.AWAITING_CONTACT, S.IN_PROGRESS)
"""Where a merged case may be; before the citizen's call, or after it."""
OWNABLE = (S.TRIAGE, *HANDLING, S.PAUSED, S.AWAITING_RECHECK)
"""Where a case may be owned, and does not leave before 销案."""
FACTS = (K.ACKNOWLEDGED, K.VISITED, K.FIRST_ROUND, K.PROGRESS)
OF_THE_SERVICE = (K.INTERRUPTED, K.QUARANTINED, K.RECOVERED)

LIFE_CYCLE: tuple[Transition, ...] = (
    *(Transition(state, K.PINNED, SYSTEM, state) for state in STAGES if state is not S.CLOSED),
    *(Transition(state, K.MOVED, ADMIN, state) for state in STAGES if state is not S.CLOSED),
    *(Transition(state, kind, SYSTEM, state) for state in STAGES for kind in OF_THE_SERVICE),
    *(Transition(state, K.NOTIFIED, SYSTEM, state) for state in STAGES if state is not S.RECEIVED),
    Transition(S.CLOSED, K.FORGOTTEN, ADMIN, S.CLOSED, "not forgotten yet"),
    Transition(S.RECEIVED, K.CLASSIFIED, SYSTEM, S.RECEIVED),
    Transition(S.RECEIVED, K.GRADED, SYSTEM, S.RECEIVED),
    # 秒回: what nobody has handled goes the usual way once its citizen is dissatisfied.
    Transition(S.RECEIVED, K.ANSWERED, SYSTEM, S.AWAITING_CALLBACK, "a plain question"),
    Transition(S.RECEIVED, K.NO_ANSWER, SYSTEM, S.RECEIVED, "a plain question"),
    Transition(S.RECEIVED, K.TRIAGED, SYSTEM, S.TRIAGE),
    # Of the same matter as another: said to the dispatcher, or, where the policy says so, joined at once.
    Transition(S.RECEIVED, K.SUSPECTED, SYSTEM, S.RECEIVED),
    Transition(S.RECEIVED, K.MERGED, SYSTEM, S.IN_PROGRESS),
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
            Transition(state, K.ASSIGNED, DECIDE, S.AWAITING_ACK, "before the dispatcher, if disputed"),
            *(row for fact in FACTS for row in _fact(state, fact)),
            Transition(state, K.CONTACTED, UNIT, S.IN_PROGRESS),
            *_completion(state),
            Transition(state, K.EXTENSION_REQUESTED, UNIT, state),
            Transition(state, K.EXTENDED, DECIDE, state),
            Transition(state, K.REFUSED, DECIDE, state),
            *_withdrawal(state),
            # 退单 and 裁决
            Transition(state, K.DECLINED, UNIT, state, "nothing is disputed"),
            Transition(state, K.RULED, RULE, state, "before the adjudicator", "same"),
            Transition(state, K.RULED, RULE, S.AWAITING_ACK, "before the adjudicator", "another"),
            # 吹哨报到
            Transition(state, K.WHISTLED, CALL, state, "no call is open"),
            Transition(state, K.EXCUSED, OVERSEE, state, "a call is open"),
            Transition(state, K.JOINT_RESULT, UNIT, state, "a call is open"),
            *_answer(state, K.SIGNED_OFF, OVERSEE, "a call is open"),
            # 转派
            Transition(state, K.DELEGATED, UNIT | DECIDE, S.AWAITING_ACK, "nothing is open beside"),
        )
    ),
    *(
        row
        for state in (S.TRIAGE, *HANDLING)
        for row in (
            Transition(state, K.NOT_ACCEPTED, DECIDE, S.CLOSED, "nothing keeps it here"),
            Transition(state, K.REFERRED, DECIDE | SYSTEM, S.AWAITING_REFERRAL, "nothing keeps it here"),
        )
    ),
    Transition(S.RECEIVED, K.REFERRED, SYSTEM, S.AWAITING_REFERRAL),
    Transition(S.AWAITING_REFERRAL, K.REFERRAL_CONFIRMED, UNIT | DECIDE, S.CLOSED),
    Transition(S.AWAITING_REFERRAL, K.REFERRAL_RETURNED, UNIT | DECIDE, S.TRIAGE),
    *_withdrawal(S.AWAITING_REFERRAL),
    Transition(S.IN_PROGRESS, K.PAUSE_REQUESTED, UNIT, S.IN_PROGRESS),
    Transition(S.IN_PROGRESS, K.PAUSED, DECIDE, S.PAUSED, "nothing is open beside"),
    Transition(S.PAUSED, K.RESUMED, DECIDE | SYSTEM, S.IN_PROGRESS),
    Transition(S.PAUSED, K.TASK_RESUMED, UNIT, S.IN_PROGRESS),
    *(Transition(S.PAUSED, fact, UNIT, S.PAUSED) for fact in (*FACTS, K.CONTACTED)),
    *_completion(S.PAUSED),
    *_withdrawal(S.PAUSED),
    # 复查: whoever passed the work on looks at it again.
    *_answer(S.AWAITING_RECHECK, K.RECHECKED, DECIDE),
    *_answer(S.AWAITING_RECHECK, K.COMPLETED, UNIT),
    Transition(S.AWAITING_RECHECK, K.SENT_BACK, DECIDE, S.AWAITING_ACK),
    Transition(S.AWAITING_RECHECK, K.DELEGATED, UNIT | DECIDE, S.AWAITING_ACK),
    *(Transition(S.AWAITING_RECHECK, fact, UNIT, S.AWAITING_RECHECK) for fact in (*FACTS, K.CONTACTED)),
    *_withdrawal(S.AWAITING_RECHECK),
    # 提级包案: closed by 销案 alone.
    *(
        row
        for state in OWNABLE
        for row in (
            Transition(state, K.OWNED, ORDER, state, "not owned"),
            Transition(state, K.ROSE, SYSTEM, state, "owned"),
            Transition(state, K.APPROVED, APPROVE, S.CLOSED, "heard"),
            Transition(state, K.APPROVED, APPROVE, S.CLOSED, "owned; withdrawn by the citizen"),
            Transition(state, K.APPROVED, APPROVE, S.AWAITING_CALLBACK, "owned"),
        )
    ),
    # 并案: what is said of the other case holds for this one.
    *(
        row
        for state in (S.TRIAGE, *HANDLING, S.PAUSED)
        for row in (
            Transition(state, K.MERGED, DECIDE, S.IN_PROGRESS, "nothing keeps it here"),
            Transition(state, K.GRADED, DECIDE, state),
            Transition(state, K.UNMERGED, DECIDE | SYSTEM, S.TRIAGE, "merged"),
        )
    ),
    *(
        row
        for state in FOLLOWING
        for row in (
            Transition(state, K.FOLLOWED, SYSTEM, S.CLOSED, "merged and withdrawn", "completed"),
            Transition(state, K.FOLLOWED, SYSTEM, S.AWAITING_CALLBACK, "merged", "completed"),
            Transition(state, K.FOLLOWED, SYSTEM, state, "merged"),
        )
    ),
    # A late copy of a fact from the unit that has just completed changes nothing, and is not its mistake.
    *(Transition(S.AWAITING_CALLBACK, event, UNIT, S.AWAITING_CALLBACK) for event in (*FACTS, K.CONTACTED)),
    Transition(S.AWAITING_CALLBACK, K.ASKED, SYSTEM, S.AWAITING_CALLBACK),
    Transition(S.AWAITING_CALLBACK, K.UNANSWERED, frozenset({Role.CALLBACK, Role.ADMIN}), S.AWAITING_CALLBACK),
    *_evaluation(S.AWAITING_CALLBACK),
    Transition(S.AWAITING_CALLBACK, K.REOPENED, CITIZEN, S.RECEIVED, "answered at once"),
    Transition(S.AWAITING_CALLBACK, K.REOPENED, CITIZEN, S.IN_PROGRESS, "dissolved before"),
    Transition(S.AWAITING_CALLBACK, K.REOPENED, CITIZEN, S.AWAITING_ACK),
    Transition(S.AWAITING_CALLBACK, K.WITHDREW, CITIZEN, S.CLOSED),
    Transition(S.AWAITING_CALLBACK, K.CLOSED, SYSTEM, S.CLOSED),
    *_evaluation(S.CLOSED, "closed unrated", "closed unrated after 销案"),
    Transition(S.CLOSED, K.REOPENED, CITIZEN, S.RECEIVED, "closed after an answer; answered at once"),
    Transition(S.CLOSED, K.REOPENED, CITIZEN, S.IN_PROGRESS, "closed after 销案"),
    Transition(S.CLOSED, K.REOPENED, CITIZEN, S.AWAITING_ACK, "closed after an answer"),
    *(Transition(state, K.RUNG, SYSTEM, state) for state in STAGES if state is not S.CLOSED),
)

PART_LIFE: tuple[Transition, ...] = (
    Transition(S.AWAITING_REPORT_IN, K.REPORTED_IN, UNIT, S.AWAITING_ARRIVAL),
    *(Transition(state, K.ARRIVED, UNIT, S.IN_PROGRESS) for state in (S.AWAITING_REPORT_IN, S.AWAITING_ARRIVAL)),
    *(
        row
        for state in (S.AWAITING_REPORT_IN, S.AWAITING_ARRIVAL, S.IN_PROGRESS)
        for row in (
            Transition(state, K.PART_COMPLETED, UNIT, S.DONE),
            Transition(state, K.PART_DECLINED, UNIT, state),
        )
    ),
    # A late copy of a fact changes nothing, and is not the unit's mistake.
    *(Transition(state, K.REPORTED_IN, UNIT, state) for state in (S.AWAITING_ARRIVAL, S.IN_PROGRESS, S.DONE)),
    *(Transition(state, K.ARRIVED, UNIT, state) for state in (S.IN_PROGRESS, S.DONE)),
)
"""A called unit's part: its own events. That the caller excuses it, or the lead's result ends it, comes from others."""

OWNERSHIP_LIFE: tuple[Transition, ...] = (
    *(
        Transition(state, event, UNIT, S.IN_PROGRESS)
        for state in (S.AWAITING_ACCEPTANCE, S.IN_PROGRESS)
        for event in (K.ACCEPTED, K.HOME_VISITED, K.PLANNED, K.REVIEWED)
    ),
    *(
        row
        for state in (S.AWAITING_ACCEPTANCE, S.IN_PROGRESS)
        for row in (
            Transition(state, K.DISSOLUTION, UNIT, S.AWAITING_APPROVAL, "no call is open"),
            Transition(state, K.DISSOLUTION, CONCLUDE, S.AWAITING_APPROVAL, "heard"),
        )
    ),
    Transition(S.AWAITING_APPROVAL, K.APPROVED, APPROVE, S.DISSOLVED),
    Transition(S.AWAITING_APPROVAL, K.NOT_APPROVED, APPROVE, S.IN_PROGRESS),
    *(Transition(state, K.ROSE, SYSTEM, S.AWAITING_ACCEPTANCE) for state in (S.AWAITING_ACCEPTANCE, S.IN_PROGRESS)),
)
"""An ownership: its own events; those that move the case as well stand in both tables."""


OF_THE_REQUEST = frozenset(row.event for row in LIFE_CYCLE)
OF_A_PART = frozenset(row.event for row in PART_LIFE)
OF_AN_OWNERSHIP = frozenset(row.event for row in OWNERSHIP_LIFE)


def transitions(case: Case, event: Kind) -> tuple[Transition, ...]:
    """The rows that fit the case's stage and the event, conditions judged."""
    return _fitting(LIFE_CYCLE, case, case.stage, event)


def part_transitions(case: Case, part: Task, event: Kind) -> tuple[Transition, ...]:
    """The same for a called unit's part."""
    return _fitting(PART_LIFE, case, part.state, event)


def ownership_transitions(case: Case, event: Kind) -> tuple[Transition, ...]:
    """The same for the ownership that is open; none where there is none."""
    return _fitting(OWNERSHIP_LIFE, case, case.ownership.state, event) if case.ownership else ()


def _fitting(table: tuple[Transition, ...], case: Case, state: State, event: Kind) -> tuple[Transition, ...]:
    return tuple(row for row in table if row.state is state and row.event is event and holds(row.when, case))


def allowed(case: Case, role: Role, task: Task | None = None) -> tuple[str, ...]:
    """What somebody of this role may do to the case now, as names of events; a unit: with this piece of work."""
    ownership = case.ownership
    request = _names(LIFE_CYCLE, case, case.stage, role)
    owned = _names(OWNERSHIP_LIFE, case, ownership.state, role) if ownership else {}
    both = OF_THE_REQUEST & OF_AN_OWNERSHIP  # admitted only where both tables say so
    request = {name: None for name in request if name not in both or name in owned}
    owned = {name: None for name in owned if name not in both or name in request}
    if task is None:
        return tuple({**request, **owned})
    if task.role in PARTS:
        own = _names(PART_LIFE, case, task.state, role)
        leads = task.role is TaskRole.LEAD and K.JOINT_RESULT in request
        return tuple({**own, **({K.JOINT_RESULT.value: None} if leads else {})})
    if task.role in (TaskRole.OWNER, TaskRole.APPROVER):
        return tuple(owned) if ownership and task.task_id in (ownership.task_id, ownership.approver) else ()
    return tuple(name for name in request if name not in both and name != K.JOINT_RESULT)


def _names(table: tuple[Transition, ...], case: Case, state: State, role: Role) -> dict[str, None]:
    rows = (row for row in table if row.state is state and role in row.who and holds(row.when, case))
    return {row.event.value: None for row in rows}
