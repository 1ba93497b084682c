"""Properties that hold for every life: any interleaving of acts, rungs and times, acts processed late included."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from lives import DESK, DISPATCHER, Life
from policies import checked_move, policies

from casework.charging import charged_to
from casework.clocks import PROMISES, ClockKind
from casework.errors import Refused
from casework.events import CITIZEN, SYSTEM, Actor, Kind, Role
from casework.states import Outcome, State
from casework.strands import MAIN, strands
from catalog.policy import Grade, Policy

FACTS = [Kind.ACKNOWLEDGED, Kind.CONTACTED, Kind.VISITED, Kind.FIRST_ROUND, Kind.PROGRESS, Kind.COMPLETED]
ENDINGS = {
    Kind.EVALUATED: {Outcome.RESOLVED, Outcome.EXPLAINED},
    Kind.CLOSED: {Outcome.UNRATED},
    Kind.WITHDREW: {Outcome.WITHDRAWN},
    Kind.COMPLETED: {Outcome.WITHDRAWN},  # a hazard whose citizen has withdrawn
    Kind.ASSIGNED: {Outcome.RESOLVED},  # thanks, passed on
}
PROPERTIES = st.sampled_from(["complaint"] * 5 + ["help", "question", "suggestion", "thanks", "report"])
GRADES = st.sampled_from([str(grade) for grade in Grade])
# An act's own time may lie before events that are already written: it was received then, and processed late.
LATE = st.sampled_from([0.0, 0.0, 0.0, 0.5, 5.0, 600.0])
SECONDS = st.one_of(st.integers(1, 60), st.integers(60, 7200), st.integers(7200, 2_000_000))


@dataclass
class World:
    """A life, the present time, and what must stay true of it."""

    life: Life
    now: datetime
    in_time: set[str] = field(default_factory=set)
    away: timedelta = timedelta(0)

    def try_(self, kind: Kind, actor: Actor, late: float = 0.0, **data: Any) -> bool:
        before, count = self.life.case, len(self.life.events)
        received = max(self.now - timedelta(seconds=late), before.received_at)
        due = {clock.id: clock.due_at for clock in before.clocks if clock.running}
        try:
            after = self.life.act(kind, actor, received, **data)
        except Refused:
            assert self.life.case is before
            assert len(self.life.events) == count
            return False
        self._closing(before.open, kind)
        for clock in after.clocks:
            limit = due.get(clock.id)
            if clock.met_at == received and limit is not None and received <= limit:
                self.in_time.add(clock.id)
        return True

    def wake(self) -> None:
        """The run wakes and fires what is due, one rung after another."""
        while True:
            was_open = self.life.case.open
            names = (MAIN, *(strand.name for strand in strands(self.life.case)))
            fired = next((each for name in names if (each := self.life.fire(self.now, name))), None)
            if fired is None:
                return
            self._closing(was_open, fired.kind)

    def _closing(self, was_open: bool, kind: Kind) -> None:
        if was_open and not self.life.case.open:
            assert self.life.case.outcome in ENDINGS[kind]
            event(f"closed by {kind} as {self.life.case.outcome}")

    @property
    def task(self) -> tuple[Actor, str]:
        task = self.life.case.task
        return (Actor(Role.UNIT, task.unit), task.task_id) if task else (Actor(Role.UNIT, "u1"), "none")


def classified(world: World, draw: Callable[[Any], Any]) -> None:
    confidence = draw(st.sampled_from([0.2, 0.9]))
    world.try_(Kind.CLASSIFIED, SYSTEM, item="SZ-0101", confidence=confidence, candidates=[])
    world.try_(Kind.GRADED, SYSTEM, grade=draw(GRADES), limit=None)
    if draw(st.booleans()):
        world.try_(Kind.SUSPECTED, SYSTEM, suspects=[{"case_no": "PS2026112300002", "probability": 0.8}])
    world.try_(Kind.TRIAGED if confidence < 0.5 else Kind.ASSIGNED, SYSTEM, unit="u1")


def graded(world: World, draw: Callable[[Any], Any]) -> None:
    world.try_(Kind.CLASSIFIED, SYSTEM, item="SZ-0101", confidence=0.9, candidates=[])
    world.try_(Kind.GRADED, SYSTEM, grade=draw(st.sampled_from(["A", "B", "C", "C"])), limit=None)


def looked_up(world: World, draw: Callable[[Any], Any]) -> None:
    """The knowledge base is asked: what is not sure enough, or no plain question, is never answered."""
    before, confidence = world.life.case, draw(st.sampled_from([0.3, 0.8, 0.8, 0.8]))
    said = {"entry": "e", "version": "1", "confidence": confidence}
    answered = world.try_(Kind.ANSWERED, SYSTEM, **said, answer="a", source="s")
    if answered:
        event("answered at once")
        assert confidence >= (world.life.policy.answer_threshold or 2)
        assert before.nature == "question"
        assert before.grade is not Grade.A
        assert not before.tasks
    elif draw(st.booleans()):
        world.try_(Kind.NO_ANSWER, SYSTEM, because="unsure", **said)


def turned_down(world: World, draw: Callable[[Any], Any]) -> None:
    """Nothing is tighter for it, and nobody has been sent back to."""
    before = world.life.case
    world.now += timedelta(seconds=draw(SECONDS))
    if before.answered_at_once and world.try_(Kind.EVALUATED, CITIZEN, solved=False, satisfaction=1):
        event("turned down")
        after = world.life.case
        assert (after.state, after.reopened, after.tasks) == (State.RECEIVED, before.reopened, ())
        for clock in before.clocks:
            if clock.kind in PROMISES and clock.running:
                now = next(each for each in after.clocks if each.id == clock.id)
                assert abs(now.elapsed(world.now) - clock.elapsed(clock.pauses[-1].start)) < 1e-3


def dispatched(world: World, draw: Callable[[Any], Any]) -> None:
    unit, limit = draw(st.sampled_from(["u1", "u2", "u3"])), draw(st.sampled_from([None, "3wd", "36h"]))
    world.try_(Kind.ASSIGNED, DISPATCHER, draw(LATE), unit=unit, item="SZ-0102", grade=draw(GRADES), limit=limit)


def fact(world: World, draw: Callable[[Any], Any]) -> None:
    actor, task_id = world.task
    world.try_(draw(st.sampled_from(FACTS)), actor, draw(LATE), task_id=task_id)


def acknowledged_and_called(world: World, draw: Callable[[Any], Any]) -> None:
    actor, task_id = world.task
    for kind in (Kind.ACKNOWLEDGED, Kind.CONTACTED):
        world.try_(kind, actor, task_id=task_id)


def completed(world: World, draw: Callable[[Any], Any]) -> None:
    actor, task_id = world.task
    world.try_(Kind.COMPLETED, actor, draw(LATE), task_id=task_id)


def stranger(world: World, draw: Callable[[Any], Any]) -> None:
    kind, (actor, task_id) = draw(st.sampled_from(FACTS)), world.task
    assert not world.try_(kind, Actor(Role.UNIT, "stranger"), task_id=task_id)
    assert not world.try_(kind, actor, task_id="another")
    assert not world.try_(kind, CITIZEN, task_id=task_id)


def notified(world: World, draw: Callable[[Any], Any]) -> None:
    world.try_(Kind.NOTIFIED, SYSTEM, task_id=world.task[1])


def asked(world: World, draw: Callable[[Any], Any]) -> None:
    world.try_(Kind.ASKED, SYSTEM)


def evaluated(world: World, draw: Callable[[Any], Any]) -> None:
    said = {"solved": draw(st.booleans()), "satisfaction": draw(st.integers(1, 5))}
    world.try_(Kind.EVALUATED, draw(st.sampled_from([CITIZEN, DESK])), draw(LATE), **said)


def reopened(world: World, draw: Callable[[Any], Any]) -> None:
    world.try_(Kind.REOPENED, CITIZEN, reason="again")


def withdrew(world: World, draw: Callable[[Any], Any]) -> None:
    world.try_(Kind.WITHDREW, CITIZEN)


def more_time(world: World, draw: Callable[[Any], Any]) -> None:
    breached = world.life.case.breached(world.now)
    if draw(st.booleans()):
        granted = world.try_(Kind.EXTENDED, DISPATCHER, days=draw(st.integers(0, 20)))
    else:
        review_at = (world.now + timedelta(hours=draw(st.integers(-5, 2000)))).isoformat()
        granted = world.try_(Kind.PAUSED, DISPATCHER, review_at=review_at, reason="r")
    assert not (breached and granted), "time was gained after a breach"


def resumed(world: World, draw: Callable[[Any], Any]) -> None:
    world.try_(Kind.RESUMED, DISPATCHER)


def waits(world: World, draw: Callable[[Any], Any]) -> None:
    world.now += timedelta(seconds=draw(SECONDS))


def half_a_day(world: World, draw: Callable[[Any], Any]) -> None:
    world.now += timedelta(hours=13)  # the first round's reminder is due


def away(world: World, draw: Callable[[Any], Any]) -> None:
    """The service was away; a case at its end is nobody's, and notes nothing."""
    since = world.now
    world.now += timedelta(seconds=draw(SECONDS))
    if world.life.case.open:
        world.away += world.now - since
        world.try_(Kind.INTERRUPTED, SYSTEM, since=since.isoformat())


def moved(world: World, draw: Callable[[Any], Any]) -> None:
    """To another policy, as far as there is anything to leave."""
    if world.life.case.state is State.RECEIVED:
        world.try_(Kind.PINNED, SYSTEM, policy_version="p2", catalogue_version="c2")
    if world.life.case.open:
        event(f"moved while {world.life.case.state}")
        checked_move(world.life, draw(policies()), world.now)


def wakes(world: World, draw: Callable[[Any], Any]) -> None:
    world.wake()


def waits_for_the_alarm(world: World, draw: Callable[[Any], Any]) -> None:
    alarm = world.life.alarm
    if alarm is not None:
        world.now = max(world.now, alarm)
        world.wake()


MOVES = st.sampled_from(
    [waits] * 3 + [away] * 2 + [wakes] * 2 + [waits_for_the_alarm] * 4 + [fact] * 4
    + [completed, evaluated, evaluated, more_time, moved] + [classified, dispatched, notified, asked, resumed, stranger]
)  # fmt: skip
# What becomes of a question, from where the knowledge base is asked.
QUESTIONED = st.sampled_from(
    [
        [graded, looked_up],
        [graded, looked_up, waits, evaluated],
        [graded, looked_up, asked, turned_down],
        [graded, looked_up, turned_down, dispatched, fact],
        [graded, looked_up, asked, waits_for_the_alarm, waits_for_the_alarm, waits_for_the_alarm, reopened],
        [graded, waits, looked_up, asked, turned_down, classified, acknowledged_and_called, completed, evaluated],
    ]
)
RARE = st.integers(0, 40).map({20: withdrew, 30: reopened}.get)


# Lives that begin some way on, so that the later states are met as often as the first.
BEGINNINGS = st.sampled_from(
    [
        [],
        [classified],
        [dispatched],
        [dispatched, notified, waits, fact],
        [dispatched, notified, acknowledged_and_called],
        [dispatched, acknowledged_and_called, more_time, waits],
        [dispatched, acknowledged_and_called, half_a_day, more_time, wakes, fact, completed],
        [dispatched, acknowledged_and_called, waits, completed, asked],
        [dispatched, acknowledged_and_called, completed, waits, evaluated],
        [dispatched, completed, evaluated, notified, waits, completed, evaluated],
        [dispatched, completed, asked, waits_for_the_alarm, waits_for_the_alarm, waits_for_the_alarm],
    ]
)


@settings(max_examples=600)
@given(data=st.data())
def test_any_life(data: st.DataObject) -> None:
    """Draw a life move by move; after each, everything that must hold does."""
    policy = Policy(calendar=data.draw(st.sampled_from(["china", "none"])))
    if data.draw(st.booleans()):
        policy = policy.model_copy(update={"quiet_hours": None})
    facts = {"property": data.draw(PROPERTIES), "grade": data.draw(GRADES), "has_phone": data.draw(st.booleans())}
    _lived(data, Life.begun(policy, **facts), data.draw(BEGINNINGS))


@settings(max_examples=300)
@given(data=st.data())
def test_any_life_of_a_question(data: st.DataObject) -> None:
    """The same, where the district answers at once."""
    policy = Policy(answer_threshold=data.draw(st.sampled_from([None, 0.7, 0.7, 0.7, 0.95])))
    facts = {"property": "question", "grade": data.draw(GRADES), "has_phone": data.draw(st.booleans())}
    _lived(data, Life.begun(policy, **facts), data.draw(QUESTIONED))


def _lived(data: st.DataObject, life: Life, beginning: list[Callable[[World, Callable[[Any], Any]], None]]) -> None:
    world = World(life, life.now)
    for move in [*beginning, *data.draw(st.lists(MOVES, min_size=8, max_size=40))]:
        move(world, data.draw)
        rare = data.draw(RARE)
        if rare is not None:
            rare(world, data.draw)
        _all_holds(world)
    event(f"left {life.case.state}")
    for action in {e.data["action"] for e in life.events if "rung" in e.data}:
        event(f"fired {action}")
    assert life.folded() == life.case


def _all_holds(world: World) -> None:
    _an_open_case_has_a_next_rung(world)
    _the_alarm_rings_when_there_is_something_to_do(world)
    _an_act_received_in_time_is_never_overridden(world)
    _what_came_first_has_won(world)
    _nothing_fires_twice(world)
    _the_time_of_an_outage_is_the_systems(world)
    _held_seconds_sum_to_elapsed_time(world)
    _no_clock_is_due_after_completion(world)
    _nobody_is_held_responsible_for_an_instant_answer(world)


def _an_open_case_has_a_next_rung(world: World) -> None:
    case = world.life.case
    assert case.open == any(clock.next_rung_at() is not None for clock in case.clocks)
    assert case.open == (world.life.alarm is not None)
    assert case.open == (case.outcome is None)


def _the_alarm_rings_when_there_is_something_to_do(world: World) -> None:
    if world.life.case.open and world.life.step(world.now) is None:
        alarm = world.life.alarm
        assert alarm is not None
        assert alarm > world.now
        assert world.life.step(alarm) is not None


def _an_act_received_in_time_is_never_overridden(world: World) -> None:
    for clock in world.life.case.clocks:
        if clock.id in world.in_time:
            assert not clock.breached(world.now + timedelta(days=30))
            assert not clock.running


def _what_came_first_has_won(world: World) -> None:
    """No rung is in effect whose instant came after the act that met its clock."""
    for clock in world.life.case.clocks:
        if clock.met_at is not None:
            assert all(step.at < clock.met_at or step.fired_at <= clock.met_at for step in clock.climbed)


def _nothing_fires_twice(world: World) -> None:
    assert max(Counter(effect.key for effect in world.life.owed).values()) == 1
    for clock in world.life.case.clocks:
        assert [step.n for step in clock.climbed] == list(range(len(clock.climbed)))
    fired = Counter((e.data["clock"], e.data["rung"]) for e in world.life.events if "rung" in e.data)
    assert max(fired.values(), default=1) == 1


def _the_time_of_an_outage_is_the_systems(world: World) -> None:
    case = world.life.case
    assert case.held.seconds.get("system", 0.0) >= world.away.total_seconds() - 1e-3
    for clock in case.clocks:
        charged = charged_to(case, clock, world.now)
        assert (charged is None) == (not clock.breached(world.now))
        assert charged in (None, "system", clock.holder)


def _held_seconds_sum_to_elapsed_time(world: World) -> None:
    case = world.life.case
    until = max(world.now, world.life.now)
    assert abs(sum(case.held.until(until).seconds.values()) - (until - case.received_at).total_seconds()) < 1e-3


def _no_clock_is_due_after_completion(world: World) -> None:
    case = world.life.case
    completion = case.clock(ClockKind.COMPLETION)
    if case.state is State.PAUSED or completion is None or not completion.running:
        return
    for kind in (ClockKind.FEEDBACK, ClockKind.CONTACT, ClockKind.FIRST_ROUND):
        clock = case.clock(kind)
        if clock is not None and clock.running and clock.due_at and completion.due_at:
            assert clock.due_at <= completion.due_at


def _nobody_is_held_responsible_for_an_instant_answer(world: World) -> None:
    case = world.life.case
    if case.answered_at_once:
        assert case.tasks == ()
        assert not any(holder.startswith("department") for holder in case.held.seconds)
        assert not any(clock.ticking for clock in case.clocks if clock.kind in PROMISES)
