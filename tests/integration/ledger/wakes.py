"""Time and the runs, as tests set them: a ledger whose clock the test moves, and wakes that do as a flow's run does."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from casework import owning
from casework.beside import Tier
from casework.case import Case
from casework.effects import overtaken
from casework.errors import NotAllowed
from casework.events import SYSTEM, Act, Actor, Kind, Role
from casework.merging import followings
from casework.owing import ORDERS
from casework.owners import owned_at
from casework.speaking import OF_THE_APPROVER
from casework.states import TaskRole
from casework.steps import Verb, due_rung, next_alarm, next_step
from casework.strands import MAIN
from ledger.alarms import Alarms, Ringing
from ledger.calling import child_id
from ledger.chain import event_of
from ledger.claims import Claims
from ledger.folding import Loaded
from ledger.ledger import Ledger
from ledger.outages import GATEWAY
from ledger.tables import CaseRow, ChildRow, MarkRow
from tests.integration.ledger.made import Made

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # a Monday, 10:00 in Shanghai


@dataclass
class Time:
    """What the ledger takes for the database's clock."""

    at: datetime = START

    async def now(self, session: AsyncSession | None = None) -> datetime:
        return self.at

    def forward(self, **span: float) -> None:
        self.at += timedelta(**span)

    @classmethod
    def of(cls, ledger: Ledger, patch: pytest.MonkeyPatch) -> "Time":
        """From now on this ledger's time is the test's."""
        time = cls()
        patch.setattr(ledger.database, "now", time.now)
        return time


async def unsynced(ledger: Ledger) -> None:
    """SQLite waits for no disk from now on: no test pulls the plug, and thousands of transactions take minutes else."""
    if ledger.database.sqlite:
        await ledger.database.engine.dispose()
        event.listen(ledger.database.engine.sync_engine, "connect", _unsynced)


def _unsynced(connection: Any, record: object) -> None:
    connection.execute("PRAGMA synchronous=OFF")


TIERS = (Tier("district", "leader-2", "office-2"), Tier("head", "leader-1", "office-1", top=True))
GROUP = Tier("group", "group", "office-group")
"""Who may own a case here, from the lowest tier up."""


@dataclass
class Runs:
    """The runs of all cases and of their parts and ownerships: each wake claims, does one verb after another, releases,
    as the flows do.
    """

    made: Made
    time: Time
    unsure: set[str] = field(default_factory=set)  # cases that a dispatcher must assign
    sent: list[tuple[str, str, str]] = field(default_factory=list)  # case, addressee, type
    by: list[tuple[str, str]] = field(default_factory=list)  # the same messages' keys, and which strand's run sent each
    dropped: list[str] = field(default_factory=list)  # keys
    scheduled: list[tuple[str, str]] = field(default_factory=list)  # runs just made, which come by themselves
    woken: list[str] = field(default_factory=list)  # whose runs were at work, by case number or child id, in order

    @property
    def ledger(self) -> Ledger:
        return self.made.ledger

    def claims(self, strand: str) -> Claims:
        return self.ledger.child_claims if strand else self.ledger.claims

    def alarms(self, strand: str) -> Alarms:
        return self.ledger.child_alarms if strand else self.ledger.alarms

    async def until(self, at: datetime) -> None:
        """Let time pass up to `at`; each alarm that rings wakes its run at its own time."""
        while (ringing := await self._first_alarm(at)) is not None:
            self.time.at = max(self.time.at, ringing)
            await self.alive()
            await self.answered()
        self.time.at = at
        await self.alive()

    async def answered(self) -> int:
        """Wake everything that rings now, and start what was made; answers how many."""
        count = 0
        while ringing := await self.ringing():
            for one in ringing:
                assert await self.alarms(one.strand).win(one.key)
                await self.wake(one.case_no, one.strand)
                count += 1
            while self.scheduled:
                await self.wake(*self.scheduled.pop(0))
                count += 1
        return count

    async def ringing(self) -> list[Ringing]:
        return [*await self.ledger.alarms.ringing(100), *await self.ledger.child_alarms.ringing(100)]

    async def _first_alarm(self, until: datetime) -> datetime | None:
        cases = select(func.min(CaseRow.alarm_at)).where(CaseRow.alarm_at <= until)
        with_a_run = (ChildRow.alarm_at <= until, ChildRow.flow_run_id.is_not(None))
        children = select(func.min(ChildRow.alarm_at)).where(*with_a_run)
        async with self.ledger.database.read() as session:
            found = [await session.scalar(cases), await session.scalar(children)]
        return min((at for at in found if at is not None), default=None)

    async def alive(self) -> None:
        """The gateway has beaten all along, up to now."""
        async with self.ledger.database.write() as session:
            await session.execute(update(MarkRow).where(MarkRow.name == GATEWAY).values(at=self.time.at))

    async def wake(self, case_no: str, strand: str = MAIN) -> bool:
        """One wake; False where another run holds what it carries."""
        key = child_id(case_no, strand) if strand else case_no
        epoch = await self.claims(strand).claim(key)
        if epoch is None:
            return False
        self.woken.append(key)
        one = Run(self, case_no, epoch, strand)
        while verb := await one.next_verb():
            await one.verbs[verb]()
        loaded = await self.loaded(case_no)
        owed = await self.ledger.deliveries.owed(case_no, strand)
        alarm = next_alarm(loaded.case, loaded.policy, owed, strand=strand)
        await self.claims(strand).release(key, epoch, one.calls, alarm)
        return True

    async def loaded(self, case_no: str) -> Loaded:
        return await self.ledger.cases.load(case_no)

    async def case(self, case_no: str) -> Case:
        return (await self.loaded(case_no)).case

    async def said(self, case_no: str, kind: Kind, actor: Actor | None = None, **data: Any) -> Case:
        """Somebody acts now; the holder of the task where no actor is named."""
        task = (await self.case(case_no)).task
        if actor is None:
            assert task is not None
            actor, data = Actor(Role.UNIT, task.unit), {"task_id": task.task_id, **data}
        case, _ = await self.ledger.cases.record(case_no, Act(kind, actor, self.time.at, data))
        return case

    async def of_a_part(self, case_no: str, unit: str, kind: Kind, **data: Any) -> Case:
        """A called unit says something of its part; or an office of its leader's ownership."""
        case = await self.case(case_no)
        mine = [task for task in case.tasks if task.unit == unit and task.role is not TaskRole.HANDLER]
        approving = kind in OF_THE_APPROVER
        task = next(task for task in reversed(mine) if (task.role is TaskRole.APPROVER) is approving)
        return await self.said(case_no, kind, Actor(Role.UNIT, unit), task_id=task.task_id, **data)


@dataclass
class Run:
    """One wake of one case, or of one of its parts or ownerships."""

    runs: Runs
    case_no: str
    epoch: int
    strand: str = MAIN
    seq: int = 0
    calls: int = 0

    @property
    def child(self) -> str | None:
        return child_id(self.case_no, self.strand) if self.strand else None

    @property
    def verbs(self) -> dict[Verb, Callable[[], Awaitable[None]]]:
        of_a_child = {Verb.ESCALATE: self.escalate, Verb.NOTIFY: self.notify}
        if self.strand:
            return of_a_child
        return {
            **of_a_child,
            Verb.CLASSIFY: lambda: self.record(Kind.CLASSIFIED, item="SZ-0601", confidence=0.9, candidates=[]),
            Verb.GRADE: self.grade,
            Verb.ASSIGN: self.assign,
            Verb.FOLLOW: self.follow,
            Verb.OWN: self.own,
            Verb.SUMMON: self.summon,
            Verb.CALLBACK: lambda: self.record(Kind.ASKED),
        }

    async def next_verb(self) -> Verb | None:
        await self.runs.claims(self.strand).renew(self.child or self.case_no, self.epoch)
        children = self.runs.ledger.children
        row = await children.row(self.child) if self.child else await self.runs.ledger.cases.row(self.case_no)
        self.calls = row.calls
        loaded = await self.runs.loaded(self.case_no)
        self.seq = loaded.case.seq
        owed = await self.runs.ledger.deliveries.owed(self.case_no, self.strand)
        return next_step(loaded.case, loaded.policy, self.runs.time.at, owed, strand=self.strand)

    async def grade(self) -> None:
        case = await self.runs.case(self.case_no)
        await self.record(Kind.GRADED, grade=str(case.grade), limit=None)

    async def assign(self) -> None:
        if self.case_no in self.runs.unsure:
            await self.record(Kind.TRIAGED, why="把握不足")
        else:
            await self.record(Kind.ASSIGNED, unit="cg", why="职责清单")

    async def follow(self) -> None:
        case = await self.runs.case(self.case_no)
        assert case.merged_into is not None
        other = await self.runs.loaded(case.merged_into)
        events = [event_of(row) for row in other.events]
        while act := followings(case, other.case, events, self.runs.time.at):
            case = await self.admitted(act)

    async def own(self) -> None:
        trigger = owning.due(await self.runs.case(self.case_no))
        await self.record(Kind.OWNED, trigger=trigger, **owned_at((*TIERS, GROUP), 0))

    async def summon(self) -> None:
        """The runs are made, and come by themselves."""
        for row in await self.runs.ledger.children.unborn(self.case_no):
            run = f"run-{row.child_id}:{row.generation}"
            await self.runs.ledger.children.born(row.child_id, run, f"step-{row.strand}", row.generation)
            self.runs.scheduled.append((row.case_no, row.strand))

    async def escalate(self) -> None:
        loaded = await self.runs.loaded(self.case_no)
        case = loaded.case
        while act := due_rung(case, loaded.policy, self.runs.time.at, strand=self.strand):
            case = await self.admitted(replace(act, data={**act.data, **self._owner(case, act)}))

    def _owner(self, case: Case, act: Act) -> Mapping[str, Any]:
        if act.kind is Kind.OWNED:
            return owned_at((*TIERS, GROUP), 0)
        return owned_at((*TIERS, GROUP), TIERS.index(case.ownerships[-1].at) + 1) if act.kind is Kind.ROSE else {}

    async def admitted(self, act: Act) -> Case:
        """As tasks.recording does: an act that was recorded meanwhile has won."""
        try:
            case, _ = await self.runs.ledger.cases.record(self.case_no, act, epoch=self.epoch, child=self.child)
        except NotAllowed:
            case = await self.runs.case(self.case_no)
            if case.seq == self.seq:
                raise
        return case

    async def notify(self) -> None:
        deliveries = self.runs.ledger.deliveries
        while ready := await deliveries.ready(self.case_no, self.strand):
            for one in ready:
                case = await self.runs.case(self.case_no)
                if overtaken(one.type, one.task_id, case, one.data):
                    self.runs.dropped.append(one.key)
                    await deliveries.dropped(one.key, "overtaken")
                    continue
                task = case.given(one.task_id)
                if one.type in ORDERS and task is not None and task.notified_at is None:
                    await self.record(Kind.NOTIFIED, task_id=one.task_id)
                self.runs.sent.append((self.case_no, one.addressee, one.type))
                self.runs.by.append((one.key, self.strand))
                await deliveries.sent(one.key, "webhook")

    async def record(self, kind: Kind, **data: Any) -> None:
        await self.admitted(Act(kind, SYSTEM, self.runs.time.at, data))
