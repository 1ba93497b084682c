"""A case as its events leave it: a frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from casework.clocks import OF_THE_UNIT, Clock, ClockKind
from catalog.policy import Grade


class State(StrEnum):
    """Where a case stands (CONTRACT, States). Disputes, whistles, ownership and referral bring theirs."""

    RECEIVED = "received"
    TRIAGE = "triage"
    AWAITING_ACK = "awaiting_ack"
    AWAITING_CONTACT = "awaiting_contact"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    AWAITING_CALLBACK = "awaiting_callback"
    CLOSED = "closed"


class Outcome(StrEnum):
    """How a case ended."""

    RESOLVED = "resolved"
    EXPLAINED = "explained"
    UNRATED = "unrated"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Task:
    """A piece of work given to one unit."""

    task_id: str
    unit: str
    assigned_at: datetime
    role: str = "handler"
    state: State = State.AWAITING_ACK
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
    """Who has held the case for how long. Every second belongs to exactly one holder."""

    holder: str
    since: datetime
    seconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))

    def until(self, at: datetime) -> "Held":
        """Charge the time up to `at`; an earlier time charges nothing."""
        if at <= self.since:
            return self
        charged = self.seconds.get(self.holder, 0.0) + (at - self.since).total_seconds()
        return Held(self.holder, at, MappingProxyType({**self.seconds, self.holder: charged}))

    def to(self, holder: str) -> "Held":
        return replace(self, holder=holder)


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
    state: State = State.RECEIVED
    outcome: Outcome | None = None
    seq: int = 0
    last_at: datetime | None = None
    policy_version: str | None = None
    catalogue_version: str | None = None
    item: str | None = None
    item_limit: str | None = None
    confidence: float | None = None
    candidates: tuple[Mapping[str, Any], ...] = ()
    classified: bool = False
    graded: bool = False
    clocks: tuple[Clock, ...] = ()
    tasks: tuple[Task, ...] = ()
    asked: int = 0
    reopened: int = 0
    evaluations: tuple[Evaluation, ...] = ()
    extension_requested: Mapping[str, Any] | None = None
    pause_requested: Mapping[str, Any] | None = None
    extended: bool = False
    withdrawn: bool = False
    closed_at: datetime | None = None

    @property
    def task(self) -> Task | None:
        """The present piece of work, or the last one."""
        return self.tasks[-1] if self.tasks else None

    @property
    def unit(self) -> str | None:
        return self.tasks[-1].unit if self.tasks else None

    @property
    def open(self) -> bool:
        return self.state is not State.CLOSED

    @property
    def contact_due(self) -> bool:
        """Whether the citizen's phone call is still owed."""
        return any(clock.kind is ClockKind.CONTACT and clock.running for clock in self.clocks)

    def clock(self, kind: ClockKind) -> Clock | None:
        """The latest clock of a kind."""
        return next((clock for clock in reversed(self.clocks) if clock.kind is kind), None)

    def breached(self, at: datetime) -> bool:
        """Whether a clock of the unit that still runs has passed its limit."""
        return any(clock.running and clock.kind in OF_THE_UNIT and clock.breached(at) for clock in self.clocks)
