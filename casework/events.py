"""What happened to a case: versioned events, each with its actor, its time and its data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

EVENT_VERSION = 1


class Role(StrEnum):
    """Who acts. Units speak through webhooks, staff through the API, citizens through their page.

    A leader's word comes through the unit of his office, or from his own token.
    """

    SYSTEM = "system"
    UNIT = "unit"
    CITIZEN = "citizen"
    DISPATCHER = "dispatcher"
    STREET = "street"
    SUPERVISOR = "supervisor"
    ADJUDICATOR = "adjudicator"
    LEADER = "leader"
    CALLBACK = "callback"
    ADMIN = "admin"


class Kind(StrEnum):
    """Everything that can happen to a case. A unit's kinds are the names of its webhook messages."""

    RECEIVED = "request.received"
    PINNED = "policy.pinned"
    MOVED = "policy.moved"
    CLASSIFIED = "case.classified"
    GRADED = "case.graded"
    SUSPECTED = "case.suspected"
    ANSWERED = "case.answered"
    NO_ANSWER = "case.no_answer"
    TRIAGED = "case.triaged"
    ASSIGNED = "case.assigned"
    NOTIFIED = "task.notified"
    ACKNOWLEDGED = "task.acknowledged"
    CONTACTED = "task.contacted"
    VISITED = "task.visited"
    FIRST_ROUND = "task.first_round"
    PROGRESS = "task.progress"
    COMPLETED = "task.completed"
    DECLINED = "task.declined"
    DELEGATED = "task.delegated"
    EXTENSION_REQUESTED = "task.extension_requested"
    PAUSE_REQUESTED = "task.pause_requested"
    TASK_RESUMED = "task.resumed"
    EXTENDED = "case.extended"
    PAUSED = "case.paused"
    RESUMED = "case.resumed"
    REFUSED = "case.refused"
    RULED = "case.ruled"
    RECHECKED = "case.rechecked"
    SENT_BACK = "case.sent_back"
    REFERRED = "case.referred"
    REFERRAL_CONFIRMED = "referral.confirmed"
    REFERRAL_RETURNED = "referral.returned"
    NOT_ACCEPTED = "case.not_accepted"
    MERGED = "case.merged"
    FOLLOWED = "case.followed"
    UNMERGED = "case.unmerged"
    WHISTLED = "whistle.requested"
    REPORTED_IN = "whistle.reported_in"
    ARRIVED = "whistle.arrived"
    PART_COMPLETED = "whistle.part_completed"
    PART_DECLINED = "whistle.declined"
    EXCUSED = "whistle.excused"
    JOINT_RESULT = "whistle.joint_result"
    SIGNED_OFF = "whistle.signed_off"
    OWNED = "ownership.opened"
    ROSE = "ownership.rose"
    ACCEPTED = "ownership.accepted"
    HOME_VISITED = "ownership.visited"
    PLANNED = "ownership.planned"
    REVIEWED = "ownership.reviewed"
    DISSOLUTION = "ownership.dissolution_requested"
    APPROVED = "ownership.approved"
    NOT_APPROVED = "ownership.refused"
    INTERRUPTED = "service.interrupted"
    QUARANTINED = "case.quarantined"
    RECOVERED = "case.recovered"
    FORGOTTEN = "case.forgotten"
    RUNG = "clock.rung"
    ASKED = "callback.asked"
    UNANSWERED = "callback.unanswered"
    EVALUATED = "citizen.evaluated"
    REOPENED = "citizen.reopened"
    WITHDREW = "citizen.withdrew"
    CLOSED = "case.closed"


@dataclass(frozen=True, slots=True)
class Actor:
    """A role and, for units and staff, who in it: a unit's code or a token's name."""

    role: Role
    name: str = ""

    def __str__(self) -> str:
        return f"{self.role}:{self.name}" if self.name else str(self.role)

    @classmethod
    def parse(cls, written: str) -> "Actor":
        role, _, name = written.partition(":")
        return cls(Role(role), name)


SYSTEM = Actor(Role.SYSTEM)
CITIZEN = Actor(Role.CITIZEN)


@dataclass(frozen=True, slots=True)
class Act:
    """Something somebody wants to do to a case: an event that has not been admitted yet.

    `at` is when it was received, by the database's clock, aware UTC.
    """

    kind: Kind
    actor: Actor
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Event:
    """An admitted act at its place in the case's order (`seq`, from 1)."""

    seq: int
    kind: Kind
    actor: Actor
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    version: int = EVENT_VERSION
