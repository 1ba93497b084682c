"""The timer against an act, on the real ledger: whichever came first wins, in whatever order they are processed.

An act comes at the moment of its receipt, a rung at its instant. The act is recorded some time after its receipt, even
after the rung's grace; the run wakes when it likes, before the act is recorded, after it, or at the same moment.
"""

import asyncio
import json
import os
import random
from collections import Counter
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from casework.case import Case
from casework.clocks import Clock, ClockKind
from casework.effects import overtaken
from casework.errors import NotAllowed
from casework.events import CITIZEN, Act, Actor, Kind, Role
from casework.owners import owned_at
from casework.states import State
from casework.steps import due_rung
from ledger.chain import first_break
from ledger.deliveries import Delivery
from ledger.folding import Loaded
from ledger.ledger import Ledger
from tests.integration.ledger.made import CG, Made
from tests.integration.ledger.wakes import GROUP, START, TIERS, unsynced

AT_A_TIME = 8
WHO = ("act", "rung")
DISPATCHER = Actor(Role.DISPATCHER, "li")
NOW: ContextVar[datetime] = ContextVar("now")  # each task has a time of its own


@dataclass(frozen=True)
class Race:
    """One clock, one of its rungs, and the act that meets the clock."""

    clock: ClockKind
    rung: int
    act: Kind


FEEDBACK = [Race(ClockKind.FEEDBACK, n, Kind.ACKNOWLEDGED) for n in range(5)]
RACES = [
    *FEEDBACK * 3,
    *(Race(ClockKind.COMPLETION, n, Kind.COMPLETED) for n in (0, 2, 5)),
    *(Race(ClockKind.TRIAGE, n, Kind.ASSIGNED) for n in range(3)),
    *(Race(ClockKind.CALLBACK, n, Kind.EVALUATED) for n in range(3)),
]


@dataclass(frozen=True)
class Times:
    """When the rung is due, and when the others come; `together`: act and run at the same moment."""

    rung: datetime
    received: datetime
    recorded: datetime
    woken: datetime
    together: bool

    @classmethod
    def drawn(cls, rung: datetime, chance: random.Random) -> "Times":
        received = rung + timedelta(seconds=chance.choice([chance.uniform(-3, 4), chance.uniform(-0.01, 0.01), 0.0]))
        late = chance.choice([0.0, chance.uniform(0, 2), chance.uniform(2, 30)])
        woken = rung + timedelta(seconds=chance.choice([chance.uniform(-1, 6), 2.0, chance.uniform(2, 40)]))
        return cls(rung, received, received + timedelta(seconds=late), woken, chance.random() < 0.3)


class Racing:
    """A case that is raced for, on a ledger whose clock is the test's."""

    def __init__(self, made: Made, race: Race, chance: random.Random) -> None:
        self.made, self.race, self.chance = made, race, chance

    @property
    def ledger(self) -> Ledger:
        return self.made.ledger

    async def run(self) -> str:
        """Race, and see who has won; answers which way it went."""
        NOW.set(START)
        self.case_no = await self._begun()
        times = Times.drawn(await self._rung_at(), self.chance)
        if times.together:
            await asyncio.gather(self._act(times), self._wake(times.woken))
        elif times.recorded < times.woken:
            await self._act(times)
            await self._wake(times.woken)
        else:
            await self._wake(times.woken)
            await self._act(times)
        await self._wake(max(times.recorded, times.woken, times.rung) + timedelta(seconds=5))
        loaded = await self.ledger.cases.load(self.case_no)
        assert first_break(self.case_no, list(loaded.events), loaded.row.head) is None
        judged = Judged(self.race, times, loaded)
        judged.check()
        told = [one for door in ("unit", "staff") for one in await self.ledger.deliveries.through(self.case_no, door)]
        judged.check_messages(told)
        return f"{judged.first} came first, {judged.processed_first} was processed first"

    async def _begun(self) -> str:
        """Up to where the raced clock runs and nothing else is to be done."""
        case_no = await self.made.receive(START, has_phone=False)
        if self.race.clock is ClockKind.TRIAGE:
            await self.made.act(case_no, Kind.TRIAGED)
            return case_no
        await self.made.act(case_no, Kind.ASSIGNED, unit="cg", item="SZ-0101", grade="A")
        if self.race.clock is ClockKind.CALLBACK:
            await self.made.unit(case_no, Kind.COMPLETED, result="已修好", evidence=[])
            await self.made.act(case_no, Kind.ASKED)
        return case_no

    async def _rung_at(self) -> datetime:
        clock = self._clock(await self._case())
        at = clock.instant(clock.rung(self.race.rung).at_percent)
        assert at is not None
        return at

    async def _act(self, times: Times) -> None:
        """As the gateway does: the time of receipt is the ledger's; what follows may take its time."""
        NOW.set(times.received)
        act = self._said(await self.ledger.now())
        NOW.set(times.recorded)
        await self.ledger.cases.record(self.case_no, act)

    def _said(self, at: datetime) -> Act:
        match self.race.act:
            case Kind.ASSIGNED:
                return Act(Kind.ASSIGNED, DISPATCHER, at, {"unit": "cg", "item": "SZ-0101", "grade": "C"})
            case Kind.EVALUATED:
                return Act(Kind.EVALUATED, CITIZEN, at, {"solved": True, "satisfaction": 5})
            case kind:
                return Act(kind, CG, at, {"task_id": f"{self.case_no}-T1", "feedback": "到", "result": "好"})

    async def _wake(self, at: datetime) -> None:
        """As a run does under its claim, messages apart."""
        NOW.set(at)
        epoch = await self.ledger.claims.claim(self.case_no)
        assert epoch is not None
        loaded = await self.ledger.cases.load(self.case_no)
        case, seq = loaded.case, loaded.case.seq
        while act := due_rung(case, loaded.policy, await self.ledger.now()):
            if act.kind is Kind.OWNED:  # a ladder's end, with the owner that a district file names
                act = replace(act, data={**act.data, **owned_at((*TIERS, GROUP), 0)})
            try:
                case, _ = await self.ledger.cases.record(self.case_no, act, epoch=epoch)
            except NotAllowed:
                case = await self._case()
                assert case.seq > seq, "nobody else had acted, and yet what was due was refused"
                seq = case.seq
        await self.ledger.claims.release(self.case_no, epoch, loaded.row.calls, None)

    async def _case(self) -> Case:
        return (await self.ledger.cases.load(self.case_no)).case

    def _clock(self, case: Case) -> Clock:
        found = case.clock(self.race.clock)
        assert found is not None
        return found


class Judged:
    """What has become of a race."""

    def __init__(self, race: Race, times: Times, loaded: Loaded) -> None:
        self.race, self.times, self.case = race, times, loaded.case
        clock = loaded.case.clock(race.clock)
        assert clock is not None
        self.clock = clock
        self.first = "act" if times.received <= times.rung else "rung"
        told = [(event.seq, event.kind, json.loads(event.data)) for event in loaded.events]
        self.act_seq = max(seq for seq, kind, _ in told if kind == race.act)
        self.rungs = [(seq, data["rung"]) for seq, _, data in told if data.get("clock") == clock.id]
        self.fired = [seq for seq, n in self.rungs if n == race.rung]

    @property
    def processed_first(self) -> str:
        return "rung" if self.fired and self.fired[0] < self.act_seq else "act"

    def check(self) -> None:
        assert len(self.rungs) == len({n for _, n in self.rungs}), "a rung fired twice"
        self._met()
        in_effect = [step.n for step in self.clock.climbed if not step.skipped]
        if self.first == "act":
            assert self.race.rung not in [step.n for step in self.clock.climbed], "a rung is in effect that came later"
        elif (
            self.clock.kind is not ClockKind.CALLBACK
        ):  # whoever has answered is neither asked again nor closed unrated
            assert in_effect[-1:] == [self.race.rung], "a rung that came before the act is not in effect"
            assert len(self.fired) == 1
        if self.race.act is Kind.EVALUATED:
            assert (self.case.state, self.case.outcome) == (State.CLOSED, "resolved")

    def _met(self) -> None:
        """At the act's receipt, unless the case was at its end by then; late if the limit came before it."""
        assert self.clock.due_at is not None
        if self.clock.met_at is None:
            assert self.race.act is Kind.EVALUATED
            assert self.clock.stopped_at is not None
            assert self.clock.stopped_at <= self.times.received
        else:
            assert self.clock.met_at == self.times.received
            assert self.clock.breached(START + timedelta(days=99)) == (self.times.received > self.clock.due_at)

    def check_messages(self, told: list[Delivery]) -> None:
        """The word of a rung without effect is not sent any more, any other is, as long as the work is under way."""
        void = self.race.rung in {step.n for step in self.clock.voided}
        assert void == (self.first == "act" and self.processed_first == "rung")
        for one in told:
            if one.data.get("rung") == self.race.rung and str(one.data["clock"]).startswith(self.clock.kind):
                under_way = self.race.act is not Kind.COMPLETED or one.door == "staff"
                assert overtaken(one.type, one.task_id, self.case, one.data) == (void or not under_way)


@pytest.fixture
async def timed(made: Made, monkeypatch: pytest.MonkeyPatch) -> Made:
    """The ledger, each task of the test keeping a time of its own."""

    async def now(session: AsyncSession | None = None) -> datetime:
        return NOW.get()

    await unsynced(made.ledger)
    monkeypatch.setattr(made.ledger.database, "now", now)
    return made


@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.long)])
async def test_who_comes_first_wins(timed: Made, count: int) -> None:
    seed = os.environ.get("HUIYIN_TEST_SEED") or str(random.randrange(10**6))
    went: Counter[str] = Counter()
    waiting = iter(range(count))

    async def some() -> None:
        for n in waiting:
            chance = random.Random(f"{seed}:{n}")
            try:
                went[await Racing(timed, chance.choice(RACES), chance).run()] += 1
            except BaseException as error:
                error.add_note(f"race {n} of HUIYIN_TEST_SEED={seed}")
                raise

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_A_TIME):
            group.create_task(some())
    assert sum(went.values()) == count
    orders = (f"{one} came first, {other} was processed first" for one in WHO for other in WHO)
    assert min(went[order] for order in orders) >= count / 40, went
