"""Made lives for tests: a case driven by acts, with everything it owed and fired on record."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from casework.admission import admit
from casework.case import Case
from casework.clocks import Clock, ClockKind
from casework.effects import Effect, effects
from casework.events import CITIZEN, SYSTEM, Act, Actor, Event, Kind, Role
from casework.evolve import begin, evolve
from casework.steps import due_rung
from catalog.policy import Policy

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
DISPATCHER = Actor(Role.DISPATCHER, "li")
DESK = Actor(Role.CALLBACK, "wang")


@dataclass
class Life:
    """A case and its history."""

    case: Case
    policy: Policy
    events: list[Event]
    owed: list[Effect] = field(default_factory=list)
    last: list[Effect] = field(default_factory=list)  # what the last act owed

    @classmethod
    def begun(cls, policy: Policy | None = None, **facts: Any) -> "Life":
        policy = policy or Policy()
        data = {
            "district": "pingshan",
            "channel": "hotline",
            "property": "complaint",
            "grade": "C",
            "has_phone": True,
            "policy_version": "p1",
            "catalogue_version": "c1",
            **facts,
        }
        event = Event(1, Kind.RECEIVED, CITIZEN, START, data)
        case = begin("PS2026112300001", event, policy)
        return cls(case, policy, [event], list(effects(None, event, case)))

    def act(self, kind: Kind, actor: Actor = SYSTEM, at: datetime | None = None, **data: Any) -> Case:
        """Admit and apply; raises casework's refusals, and then nothing has changed."""
        event = admit(self.case, Act(kind, actor, at or self.now, data), self.policy)
        before, self.case = self.case, evolve(self.case, event, self.policy)
        self.events.append(event)
        self.last = list(effects(before, event, self.case))
        self.owed += self.last
        return self.case

    def unit(self, kind: Kind, minutes: float, **data: Any) -> Case:
        """An act of the unit that holds the task, so many minutes after receipt."""
        task = self.case.task
        assert task is not None
        return self.act(kind, Actor(Role.UNIT, task.unit), after(minutes), task_id=task.task_id, **data)

    def fire(self, at: datetime) -> Event | None:
        """What the flow does when it is woken: fire a due rung, if there is one."""
        act = due_rung(self.case, self.policy, at)
        if act is None:
            return None
        self.act(act.kind, act.actor, act.at, **act.data)
        return self.events[-1]

    @property
    def now(self) -> datetime:
        return self.case.last_at or START

    def assigned(self, grade: str = "C", unit: str = "cg") -> "Life":
        self.act(Kind.CLASSIFIED, item="SZ-0101", confidence=0.9, candidates=[])
        self.act(Kind.GRADED, grade=grade)
        self.act(Kind.ASSIGNED, unit=unit)
        return self

    def notified(self, minutes: float = 0.5) -> "Life":
        assert self.case.task is not None
        self.act(Kind.NOTIFIED, at=after(minutes), task_id=self.case.task.task_id)
        return self

    def handled(self, minutes: float = 5) -> "Life":
        """Acknowledged in time, and the citizen called."""
        self.unit(Kind.ACKNOWLEDGED, minutes, handler="老陈", feedback="马上派人")
        self.unit(Kind.CONTACTED, minutes, note="已约见")
        return self

    def completed(self, minutes: float = 60) -> "Life":
        self.unit(Kind.COMPLETED, minutes, result="已修好", evidence=[])
        return self

    def judged(self, minutes: float, *, solved: bool, satisfaction: int, by: Actor = CITIZEN) -> "Life":
        self.act(Kind.EVALUATED, by, after(minutes), solved=solved, satisfaction=satisfaction)
        return self

    def paused(self, minutes: float, review: float) -> "Life":
        """The dispatcher pauses it until `review` minutes after receipt."""
        self.act(Kind.PAUSED, DISPATCHER, after(minutes), review_at=after(review).isoformat(), reason="等配件")
        return self

    def clock(self, kind: ClockKind) -> Clock:
        """The latest clock of a kind, which must be there."""
        found = self.case.clock(kind)
        assert found is not None
        return found

    @property
    def seconds(self) -> dict[str, float]:
        """Who has been charged with how much so far."""
        return dict(self.case.held.seconds)


def after(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)
