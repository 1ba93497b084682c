"""Whole lives through the ledger alone: a small runner does what a flow's run does, its clock set by the test."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from casework.case import Case
from casework.clocks import ClockKind
from casework.errors import NotAllowed
from casework.events import SYSTEM, Act, Actor, Kind, Role
from casework.states import Outcome, State
from casework.steps import Verb, due_rung, next_alarm, next_step
from casework.waiting import waits_for
from ledger.chain import first_break
from ledger.errors import ClaimLost
from tests.integration.ledger.made import CG, Made

CITIZEN, DISPATCHER = Actor(Role.CITIZEN), Actor(Role.DISPATCHER, "li")
DAY = 24 * 60.0


@dataclass
class Runner:
    """One case lived in the past, so that every alarm has already rung by the database's clock.

    `now` is the life's own time. Each wake does as `flows.request` does: win, claim, one verb after another, release.
    """

    made: Made
    case_no: str
    now: datetime
    sure: bool = True
    sent: list[tuple[str, str]] = field(default_factory=list)
    badges: list[str] = field(default_factory=list)
    wakes: int = 0

    @classmethod
    async def begun(cls, made: Made, sure: bool = True, **facts: Any) -> "Runner":
        at = await made.ledger.now() - timedelta(days=90)
        return cls(made, await made.receive(at, **facts), at, sure)

    async def live(self, minutes: float) -> None:
        """Let so much time pass; the alarms that ring in it wake the case, each at its time."""
        until = self.now + timedelta(minutes=minutes)
        while (alarm := (await self.made.row(self.case_no)).alarm_at) is not None and alarm <= until:
            self.now = max(self.now, alarm)
            await self.wake()
        self.now = until

    async def wake(self) -> None:
        assert [one.case_no for one in await self.made.ledger.alarms.ringing(1)] == [self.case_no]
        assert await self.made.ledger.alarms.win(self.case_no)
        epoch = await self.made.ledger.claims.claim(self.case_no)
        assert epoch is not None
        self.wakes += 1
        while verb := await self.next_verb(epoch):
            await self.verbs[verb](epoch)
        loaded = await self.made.ledger.cases.load(self.case_no)
        alarm = next_alarm(loaded.case, loaded.policy, await self.made.ledger.deliveries.owed(self.case_no))
        self.badges.append(waits_for(loaded.case, self.now).label.split()[0])
        await self.made.ledger.claims.release(self.case_no, epoch, loaded.row.calls, alarm)

    async def next_verb(self, epoch: int) -> Verb | None:
        await self.made.ledger.claims.renew(self.case_no, epoch)
        loaded = await self.made.ledger.cases.load(self.case_no)
        owed = await self.made.ledger.deliveries.owed(self.case_no)
        return next_step(loaded.case, loaded.policy, self.now, owed)

    @property
    def verbs(self) -> dict[Verb, Callable[[int], Awaitable[None]]]:
        return {
            Verb.CLASSIFY: self.classify,
            Verb.GRADE: lambda epoch: self.record(epoch, Kind.GRADED, grade="C", limit=None),
            Verb.ASSIGN: self.assign,
            Verb.CALLBACK: lambda epoch: self.record(epoch, Kind.ASKED),
            Verb.ESCALATE: self.escalate,
            Verb.NOTIFY: self.notify,
        }

    async def classify(self, epoch: int) -> None:
        confidence = 0.9 if self.sure else 0.2
        await self.record(epoch, Kind.CLASSIFIED, item="SZ-0601", confidence=confidence, candidates=[])

    async def assign(self, epoch: int) -> None:
        if self.sure:
            await self.record(epoch, Kind.ASSIGNED, unit="cg", why="职责清单")
        else:
            await self.record(epoch, Kind.TRIAGED, why="把握不足")

    async def escalate(self, epoch: int) -> None:
        loaded = await self.made.ledger.cases.load(self.case_no)
        act = due_rung(loaded.case, loaded.policy, self.now)
        assert act is not None
        await self.made.ledger.cases.record(self.case_no, act, epoch=epoch)

    async def notify(self, epoch: int) -> None:
        while ready := await self.made.ledger.deliveries.ready(self.case_no):
            for delivery in ready:
                self.sent.append((delivery.addressee, delivery.type))
                await self.made.ledger.deliveries.sent(delivery.key)
                if delivery.type in ("task.assigned", "task.reopened"):
                    await self.record(epoch, Kind.NOTIFIED, task_id=delivery.task_id)

    async def record(self, epoch: int, kind: Kind, **data: Any) -> None:
        await self.made.ledger.cases.record(self.case_no, Act(kind, SYSTEM, self.now, data), epoch=epoch)

    async def said(self, kind: Kind, actor: Actor = CG, **data: Any) -> Case:
        """Somebody outside acts at the life's own time; the alarm rings then."""
        task = (await self.case()).task
        named = {"task_id": task.task_id} if actor.role is Role.UNIT and task else {}
        case, _ = await self.made.ledger.cases.record(self.case_no, Act(kind, actor, self.now, {**named, **data}))
        await self.made.change(self.case_no, alarm_at=self.now)  # by the life's clock, not the database's
        return case

    async def case(self) -> Case:
        return (await self.made.ledger.cases.load(self.case_no)).case

    async def sound(self) -> Case:
        """The case, its record found whole and nothing left owing."""
        loaded = await self.made.ledger.cases.load(self.case_no)
        assert first_break(self.case_no, list(loaded.events), loaded.row.head) is None
        assert [delivery.state for delivery in await self.made.deliveries(self.case_no)].count("pending") == 0
        assert (loaded.row.state, loaded.row.seq) == (str(loaded.case.state), loaded.case.seq)
        end = loaded.case.closed_at
        assert end is not None
        assert sum(loaded.case.held.seconds.values()) == pytest.approx((end - loaded.case.received_at).total_seconds())
        return loaded.case


async def test_a_prompt_life(made: Made) -> None:
    life = await Runner.begun(made)
    await life.live(1)
    await life.said(Kind.ACKNOWLEDGED, handler="陈", feedback="马上到")
    await life.live(2)
    await life.said(Kind.CONTACTED, note="约好")
    await life.live(30)
    await life.said(Kind.FIRST_ROUND, responsible_person="陈", note="已查看")
    await life.live(60)
    await life.said(Kind.COMPLETED, result="已修好", evidence=[])
    await life.live(10)
    await life.said(Kind.EVALUATED, CITIZEN, solved=True, satisfaction=5)
    await life.live(1)
    case = await life.sound()
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.RESOLVED)
    assert not any(clock.breached(life.now) for clock in case.clocks)
    assert life.sent == [
        ("citizen", "citizen.receipt"),
        ("cg", "task.assigned"),
        ("citizen", "citizen.assigned"),
        ("citizen", "citizen.acknowledged"),
        ("citizen", "citizen.ask"),
        ("cg", "case.closed"),
        ("citizen", "citizen.closed"),
    ]
    assert life.badges == ["待签收", "待联系", "办理中", "办理中", "待回访", "已结案"]
    assert (await made.row(life.case_no)).alarm_at is None


async def test_a_life_with_everything_that_goes_wrong(made: Made) -> None:
    """Unsure, dispatched late, silent, moved on, paused, done badly, done again, and judged by nobody."""
    life = await Runner.begun(made, sure=False)
    await life.live(50)
    assert ("supervisor", "staff.rung") in life.sent
    await life.said(Kind.ASSIGNED, DISPATCHER, unit="sw", item="SZ-0601", grade="C")
    await life.live(20)
    await life.said(Kind.ASSIGNED, DISPATCHER, unit="cg", reason="不应答")
    await life.live(5)
    await life.said(Kind.CONTACTED, note="抱歉来迟")
    await life.live(5)
    review = life.now + timedelta(days=2)
    await life.said(Kind.PAUSED, DISPATCHER, review_at=review.isoformat(), reason="等配件")
    await life.live(2 * DAY + 5)
    assert (await life.case()).state is State.IN_PROGRESS  # resumed by itself
    await life.said(Kind.COMPLETED, result="好了", evidence=[])
    await life.live(2 * DAY)
    await life.said(Kind.EVALUATED, CITIZEN, solved=False, satisfaction=1, comment="没有")
    await life.live(60)
    await life.said(Kind.COMPLETED, result="这次真好了", evidence=[])
    await life.live(6 * DAY)
    case = await life.sound()
    assert (case.outcome, case.reopened, len(case.tasks)) == (Outcome.UNRATED, 1, 3)
    feedback = case.clock(ClockKind.FEEDBACK)
    assert feedback is not None
    assert feedback.breached(life.now)
    asked = [type_ for _, type_ in life.sent if type_.startswith("citizen.ask") and type_ != "citizen.assigned"]
    assert asked == ["citizen.ask", "citizen.ask_again", "citizen.ask", "citizen.ask_again", "citizen.ask_again"]
    held = case.held.seconds
    assert held["dispatcher"] == pytest.approx(50 * 60)
    assert held["department:sw"] == pytest.approx(20 * 60)
    assert held["citizen"] == pytest.approx(2 * DAY * 60 + 5 * DAY * 60, abs=5)
    assert len(life.sent) == len(await made.deliveries(life.case_no))
    assert case.clock(ClockKind.PAUSE) is not None


async def test_a_silent_unit_is_urged_rung_by_rung_and_each_rung_once(made: Made) -> None:
    life = await Runner.begun(made, has_phone=False)
    await life.live(16)
    rungs = [type_ for who, type_ in life.sent if who == "cg" and type_ != "task.assigned"]
    assert rungs == ["task.reminded", "task.reminded", "task.urged", "task.urged", "task.supervised"]
    assert life.wakes == 1 + 5
    case = await life.case()
    feedback = case.clock(ClockKind.FEEDBACK)
    assert feedback is not None
    assert [step.skipped for step in feedback.climbed] == [False] * 5
    lag = [(step.fired_at - step.at).total_seconds() for step in feedback.climbed]
    assert lag == [pytest.approx(2.0)] * 5  # the grace, and no more


async def test_after_an_outage_one_wake_fires_the_highest_rung_alone(made: Made) -> None:
    life = await Runner.begun(made, has_phone=False)
    await life.live(1)
    life.now += timedelta(minutes=13)
    await life.wake()
    rungs = [type_ for who, type_ in life.sent if who == "cg" and type_ != "task.assigned"]
    assert rungs == ["task.urged"]
    feedback = (await life.case()).clock(ClockKind.FEEDBACK)
    assert feedback is not None
    assert [step.skipped for step in feedback.climbed] == [True, True, True, False]


async def test_an_answer_that_comes_while_the_run_works_is_not_slept_through(made: Made) -> None:
    life = await Runner.begun(made)
    epoch = await made.ledger.claims.claim(life.case_no)
    assert epoch is not None
    for verb in (Verb.CLASSIFY, Verb.GRADE, Verb.ASSIGN):
        await life.verbs[verb](epoch)
    seen = (await made.row(life.case_no)).calls
    await life.said(Kind.ACKNOWLEDGED, handler="陈", feedback="马上到")  # between the run's last look and its park
    await made.ledger.claims.release(life.case_no, epoch, seen, life.now + timedelta(days=1))
    await life.live(1)
    assert ("citizen", "citizen.acknowledged") in life.sent


async def test_a_run_that_lost_its_claim_does_nothing_more_and_nothing_twice(made: Made) -> None:
    life = await Runner.begun(made)
    old = await made.ledger.claims.claim(life.case_no)
    assert old is not None
    await life.classify(old)
    await made.change(life.case_no, lease_until=None)  # it slept too long
    await life.live(1)
    for verb in (Verb.GRADE, Verb.ASSIGN):
        with pytest.raises(ClaimLost):
            await life.verbs[verb](old)
    kinds = [event.kind for event in await made.events(life.case_no)]
    assert len(kinds) == len(set(kinds))


async def test_a_rung_and_an_act_meet_and_the_act_wins(made: Made) -> None:
    life = await Runner.begun(made, has_phone=False)
    await life.live(1)
    life.now += timedelta(minutes=3, seconds=59)
    loaded = await made.ledger.cases.load(life.case_no)
    late_run = due_rung(loaded.case, loaded.policy, life.now + timedelta(seconds=3))
    assert late_run is not None
    await life.said(Kind.ACKNOWLEDGED, handler="陈", feedback="到")
    epoch = await made.ledger.claims.claim(life.case_no)
    with pytest.raises(NotAllowed, match="this rung is not due"):
        await made.ledger.cases.record(life.case_no, late_run, epoch=epoch)
