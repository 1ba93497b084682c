"""A case as its events leave it: a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from casework.beside import Decline, InstantAnswer, Ownership, Referral, Whistle
from casework.clocks import OF_THE_UNIT, Clock, ClockKind
from casework.states import PARTS, Outcome, State, TaskRole
from catalog.policy import Grade


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work given to one unit."""

    task_id: str
    unit: str
    assigned_at: datetime
    role: TaskRole = TaskRole.HANDLER
    state: State = State.AWAITING_ACK
    call_id: str = ""  # of the whistle call or the ownership that it belongs to
    notified_at: datetime | None = None
    acknowledged_at: datetime | None = None
    completed_at: datetime | None = None
    result: str = ""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What the citizen said of the answer."""

    solved: bool
    satisfaction: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """Who has held the case for how long. Every second belongs to exactly one holder.

    `cover` has it while something else is open beside the handling (a whistle call, an ownership, a dispute). While the
    system cannot carry the case on, its time is the `stand_in`'s, whoever's turn it would be.
    """

    holder: str
    since: datetime
    seconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    stand_in: str | None = None
    cover: str | None = None

    def until(self, at: datetime) -> "Held":
        """Charge the time up to `at`; an earlier time charges nothing."""
        if at <= self.since:
            return self
        who = self.stand_in or self.cover or self.holder
        charged = self.seconds.get(who, 0.0) + (at - self.since).total_seconds()
        return replace(self, since=at, seconds=MappingProxyType({**self.seconds, who: charged}))

    def to(self, holder: str) -> "Held":
        return replace(self, holder=holder)

    def covered_by(self, who: str | None) -> "Held":
        """From now on the time is `who`'s beside the handling; None gives it back to the handling."""
        return replace(self, cover=who)

    def given(self, seconds: Mapping[str, float], to: str) -> "Held":
        """So many seconds of each named account are `to`'s instead."""
        moved = {who: min(part, self.seconds.get(who, 0.0)) for who, part in seconds.items() if who != to and part > 0}
        left = {who: had - moved.get(who, 0.0) for who, had in self.seconds.items()}
        left[to] = left.get(to, 0.0) + sum(moved.values())
        return replace(self, seconds=MappingProxyType({who: had for who, had in left.items() if had > 0}))

    def stood_in_by(self, who: str | None) -> "Held":
        """From now on the time is `who`'s; None gives it back to whoever's turn it is."""
        return replace(self, stand_in=who)

    def interrupted(self, since: datetime, until: datetime, who: str) -> "Held":
        """The stretch between the two is `who`'s."""
        return self.until(since).stood_in_by(who).until(until).stood_in_by(self.stand_in)


@dataclass(frozen=True, slots=True)
class Interruption:
    """A stretch in which the service was away, so that nobody could act."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Case:
    """One request and everything that is known of it, its words and its people apart."""

    case_no: str
    district: str
    channel: str
    received_at: datetime
    nature: str  # 性质: complaint, help, question, suggestion, thanks or report
    grade: Grade
    has_phone: bool
    held: Held
    emergency: bool = False
    street: str | None = None
    community: str | None = None
    stage: State = State.RECEIVED
    outcome: Outcome | None = None
    seq: int = 0
    last_at: datetime | None = None
    policy_version: str | None = None
    catalogue_version: str | None = None
    pinned: bool = False  # whether its run has said under which policy it was created
    item: str | None = None
    item_limit: str | None = None
    confidence: float | None = None
    candidates: tuple[Mapping[str, Any], ...] = ()
    classified: bool = False
    graded: bool = False
    looked_up: bool = False  # whether the knowledge base has been asked
    instant: InstantAnswer | None = None
    clocks: tuple[Clock, ...] = ()
    tasks: tuple[Task, ...] = ()
    asked: int = 0
    reopened: int = 0
    evaluations: tuple[Evaluation, ...] = ()
    extension_requested: Mapping[str, Any] | None = None
    pause_requested: Mapping[str, Any] | None = None
    extended: bool = False
    withdrawn: bool = False
    quarantined: bool = False
    forgotten: bool = False
    interruptions: tuple[Interruption, ...] = ()
    whistles: tuple[Whistle, ...] = ()
    ownerships: tuple[Ownership, ...] = ()
    declines: tuple[Decline, ...] = ()  # since the last ruling
    disputed: str | None = None  # before whom a dispute is open: the dispatcher, or the adjudicator
    ruled: bool = False
    precedent: Mapping[str, Any] | None = None
    referral: Referral | None = None
    delegator: str | None = None  # the task of the unit that has passed the work on, and looks at it again (复查)
    long_standing: bool = False
    line: str | None = None  # the emergency line that the item is referred to at once
    call_roles: tuple[str, ...] = ()  # whose units the item itself calls
    heard: bool = False  # whether the citizen has come back after 销案: what is left is the hearing (评理)
    addressee: str | None = None  # the leader to whom the request is addressed (主官在线)
    recused: tuple[str, ...] = ()  # units that the complaint is about (回避)
    suspects: tuple[Mapping[str, Any], ...] = ()  # of which other cases it may be the same matter, surest first
    merged_into: str | None = None
    merged_at: datetime | None = None
    merged_unit: str | None = None  # who has the other case
    followed: int = 0  # up to which event of the other case
    closed_at: datetime | None = None

    @property
    def state(self) -> State:
        """What is shown: the most urgent of all that is open, else where the request's own way has come to."""
        if not self.open:
            return State.CLOSED
        if self.ownership is not None:
            return State.OWNED
        if self.whistle is not None:
            return State.JOINT_HANDLING
        return State.IN_DISPUTE if self.disputed else self.stage

    @property
    def ownership(self) -> Ownership | None:
        """The one that is open."""
        return self.ownerships[-1] if self.ownerships and self.ownerships[-1].open else None

    @property
    def whistle(self) -> Whistle | None:
        """The call that is open."""
        return self.whistles[-1] if self.whistles and self.whistles[-1].open else None

    def parts(self, call_id: str) -> tuple[Task, ...]:
        """The called units' pieces of work."""
        return tuple(task for task in self.tasks if task.call_id == call_id and task.role in PARTS)

    @property
    def task(self) -> Task | None:
        """The handler's present piece of work, or the last one."""
        return next((task for task in reversed(self.tasks) if task.role is TaskRole.HANDLER), None)

    @property
    def unit(self) -> str | None:
        """Who handles it; of a merged case, whoever has the other."""
        if self.merged_into is not None:
            return self.merged_unit
        return self.task.unit if self.task else None

    def given(self, task_id: str | None) -> Task | None:
        """A piece of work by its name."""
        return next((task for task in self.tasks if task.task_id == task_id), None)

    @property
    def open(self) -> bool:
        return self.stage is not State.CLOSED

    @property
    def answered_at_once(self) -> bool:
        """Whether an instant answer is all that its citizen has had, and it stands."""
        return self.instant is not None and self.instant.turned_down_at is None

    @property
    def contact_due(self) -> bool:
        """Whether the citizen's phone call is still owed."""
        return any(clock.kind is ClockKind.CONTACT and clock.running for clock in self.clocks)

    def clock(self, kind: ClockKind, of: str = "") -> Clock | None:
        """The latest clock of a kind: the request's own, or a part's, a call's, an ownership's."""
        return next((clock for clock in reversed(self.clocks) if clock.kind is kind and clock.of == of), None)

    def breached(self, at: datetime) -> bool:
        """Whether a clock of the unit that still runs has passed its limit."""
        return any(clock.running and clock.kind in OF_THE_UNIT and clock.breached(at) for clock in self.clocks)
