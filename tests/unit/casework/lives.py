"""Made lives for tests: a case driven by acts, with everything it owed and fired on record."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from casework.admission import admit
from casework.case import Case, Task
from casework.clocks import Clock, ClockKind
from casework.effects import effects
from casework.events import CITIZEN, SYSTEM, Act, Actor, Event, Kind, Role
from casework.evolve import begin, evolve, fold
from casework.owing import Effect
from casework.owners import with_owner
from casework.steps import Owed, Verb, due_rung, next_alarm, next_step
from casework.strands import MAIN, strands
from catalog.districts import District, Leader
from catalog.policy import Policy

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai
DISPATCHER = Actor(Role.DISPATCHER, "li")
DESK = Actor(Role.CALLBACK, "wang")
ADMIN = Actor(Role.ADMIN)
ADJUDICATOR = Actor(Role.ADJUDICATOR, "bian")
SUPERVISOR = Actor(Role.SUPERVISOR, "du")
TIERS = (
    Leader(code="deputy", title="分管副区长", tier="district", office="office", units=("cg", "u1", "u2")),
    Leader(code="deputy2", title="分管副区长", tier="district", office="office2", streets=("lj",)),
    Leader(code="head", title="区长", tier="head", office="party-office"),
    Leader(code="group", title="领导小组", tier="group", office="group-office"),
)
DISTRICT = District.model_construct(code="pingshan", leaders=TIERS)  # all that the core asks of it


@dataclass
class Life:
    """A case and its history."""

    case: Case
    policy: Policy
    events: list[Event]
    owed: list[Effect] = field(default_factory=list)
    last: list[Effect] = field(default_factory=list)  # what the last act owed
    policies: list[Policy] = field(default_factory=list)  # those that were left
    district: District = DISTRICT

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
        act = Act(kind, actor, at or self.now, data)
        if kind is Kind.OWNED and "owner" not in data:
            act = with_owner(act, self.district, self.case)
        return self.admitted(act)

    def admitted(self, act: Act) -> Case:
        """The same of an act that somebody has made."""
        return self._evolved(admit(self.case, act, self.policy), self.policy)

    def move(self, policy: Policy, at: datetime) -> Case:
        """The administrator moves it to another policy; raises casework's refusals."""
        data = {"policy_version": f"m{len(self.policies)}"}
        event = admit(self.case, Act(Kind.MOVED, ADMIN, at, data), self.policy)
        case = self._evolved(event, policy)
        self.policies.append(self.policy)
        self.policy = policy
        return case

    def _evolved(self, event: Event, policy: Policy) -> Case:
        before, self.case = self.case, evolve(self.case, event, policy, self.policy)
        self.events.append(event)
        self.last = list(effects(before, event, self.case))
        self.owed += self.last
        return self.case

    def folded(self) -> Case:
        """The case that the record makes."""
        first, *moved_to = (*self.policies, self.policy)
        return fold(self.case.case_no, self.events, first, {f"m{n}": each for n, each in enumerate(moved_to)})

    def unit(self, kind: Kind, minutes: float, **data: Any) -> Case:
        """An act of the unit that holds the task, so many minutes after receipt."""
        task = self.case.task
        assert task is not None
        return self.act(kind, Actor(Role.UNIT, task.unit), after(minutes), task_id=task.task_id, **data)

    def fire(self, at: datetime, strand: str = MAIN) -> Event | None:
        """What a strand's flow does when it is woken: fire a due rung, if there is one."""
        act = due_rung(self.case, self.policy, at, strand=strand)
        if act is None:
            return None
        act = with_owner(act, self.district, self.case)
        self.act(act.kind, act.actor, act.at, **act.data)
        return self.events[-1]

    def fire_all(self, at: datetime) -> list[Event]:
        """Every strand wakes, and fires what is due."""
        fired = []
        for strand in (MAIN, *(each.name for each in strands(self.case))):
            while event := self.fire(at, strand):
                fired.append(event)
        return fired

    @property
    def alarm(self) -> datetime | None:
        """When the first of its strands must be looked at again."""
        names = (MAIN, *(each.name for each in strands(self.case) if not each.over))
        alarms = [next_alarm(self.case, self.policy, Owed(), strand=name) for name in names]
        return min((at for at in alarms if at is not None), default=None)

    def step(self, now: datetime) -> Verb | None:
        """What some strand does next."""
        names = (MAIN, *(each.name for each in strands(self.case) if not each.over))
        steps = (next_step(self.case, self.policy, now, Owed(), strand=name) for name in names)
        return next((verb for verb in steps if verb is not None), None)

    def say(self, task: Task, kind: Kind, minutes: float, **data: Any) -> Case:
        """What the unit of any piece of work says of it, so many minutes after receipt."""
        call = {"call_id": task.call_id} if task.call_id else {}
        return self.act(kind, Actor(Role.UNIT, task.unit), after(minutes), task_id=task.task_id, **call, **data)

    def whistled(self, *units: str, minutes: float = 10, lead: str | None = None, caller: str = "dispatcher") -> "Life":
        """The first of the units leads, if no other does."""
        actor = DISPATCHER if caller == "dispatcher" else Actor(Role.UNIT, caller)
        data = {"units": list(units), "lead": lead or units[0], "reason": "噪声扰民", "caller": caller}
        self.act(Kind.WHISTLED, actor, after(minutes), **data)
        return self

    def owned(self, minutes: float = 10, trigger: str = "order", **data: Any) -> "Life":
        """By the leader of the unit that has it, where no tier is ordered."""
        self.act(Kind.OWNED, DISPATCHER if trigger == "order" else SYSTEM, after(minutes), trigger=trigger, **data)
        return self

    def owner(self, kind: Kind, minutes: float, **data: Any) -> Case:
        """The owner's office speaks."""
        return self.say(self.of_the_owner, kind, minutes, **data)

    def dissolved(self, minutes: float) -> "Life":
        """销案 is asked for and approved."""
        self.owner(Kind.DISSOLUTION, minutes, disposition="solved", evidence=["https://a.cn/1.jpg"], opinion="居民同意")
        self.say(self.of_the_approver, Kind.APPROVED, minutes)
        return self

    def part(self, unit: str) -> Task:
        """A called unit's part in the last call."""
        parts = self.case.parts(self.case.whistles[-1].call_id)
        return next(part for part in parts if part.unit == unit)

    @property
    def of_the_owner(self) -> Task:
        task = self.case.given(self.case.ownerships[-1].task_id)
        assert task is not None
        return task

    @property
    def of_the_approver(self) -> Task:
        task = self.case.given(self.case.ownerships[-1].approver)
        assert task is not None
        return task

    def told(self, kind: str) -> list[Effect]:
        """What of a type the last act owed."""
        return [effect for effect in self.last if effect.type == kind]

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
        """Completed, whatever rung was due before having fired."""
        self.fire_all(after(minutes))
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
