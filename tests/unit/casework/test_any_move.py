"""Properties of a move to another policy, from any policy, at any point of a life: see `policies.checked_move`."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st
from lives import DISPATCHER, Life, after
from policies import checked_move, policies, seen

from casework.case import Case
from casework.clocks import Clock, ClockKind, start_clock
from casework.events import CITIZEN, SYSTEM, Actor, Kind, Role
from casework.handover import whole_limit
from casework.states import State
from casework.steps import Owed, next_alarm, next_step
from catalog.policy import Grade, Policy
from catalog.working_time import FAR

STAGES = st.sampled_from(
    ["triage", "assigned", "handled", "passed_on", "extended", "paused", "resumed", "completed", "reopened"]
)
MINUTES = st.one_of(st.integers(0, 40), st.integers(40, 3000), st.integers(3000, 40_000))


def lived(draw: Any, policy: Policy) -> Life:
    """A case at some stage, acts and rungs having come at any times."""
    life = Life.begun(policy, grade=draw(st.sampled_from([str(grade) for grade in Grade])))
    life.act(Kind.PINNED, SYSTEM, policy_version="p1", catalogue_version="c1")
    stage = draw(STAGES)
    event(stage)
    if stage == "triage":
        life.act(Kind.TRIAGED)
        return life
    life.act(Kind.ASSIGNED, DISPATCHER, after(1), unit="cg", item="SZ-0101", limit=draw(st.sampled_from([None, "3wd"])))
    task = {"task_id": life.case.tasks[-1].task_id}
    unit = Actor(Role.UNIT, "cg")
    if stage != "assigned":
        life.act(Kind.CONTACTED, unit, after(2), **task)
    if stage == "passed_on":
        life.act(Kind.ASSIGNED, DISPATCHER, after(draw(st.integers(3, 900))), unit="sw")
    if stage == "extended":
        life.act(Kind.EXTENDED, DISPATCHER, after(3), days=draw(st.integers(1, 5)))
    if stage in ("paused", "resumed"):
        life.act(Kind.PAUSED, DISPATCHER, after(3), review_at=after(6000).isoformat(), reason="r")
    if stage == "resumed":
        life.act(Kind.TASK_RESUMED, unit, after(30), **task)
    if stage in ("completed", "reopened"):
        life.act(Kind.COMPLETED, unit, after(20), **task)
        life.act(Kind.ASKED, SYSTEM, after(20))
    if stage == "reopened":
        life.act(Kind.EVALUATED, CITIZEN, after(25), solved=False, satisfaction=1)
    return life


def climbed(life: Life, draw: Any) -> None:
    """So much later, what was due having fired, or the service having been away."""
    until = life.now + timedelta(minutes=draw(MINUTES))
    while draw(st.booleans()):
        alarm = next_alarm(life.case, life.policy, Owed())
        if alarm is None or alarm > until:
            break
        while life.fire(alarm):
            pass


@settings(max_examples=250)
@given(data=st.data())
def test_any_move(data: st.DataObject) -> None:
    life = lived(data.draw, data.draw(policies()))
    for _ in range(3):
        climbed(life, data.draw)
        if not life.case.open:
            return
        at = life.now + timedelta(minutes=data.draw(MINUTES))
        checked_move(life, data.draw(policies()), at)
        assert life.folded() == life.case
        _goes_on(life)


def _goes_on(life: Life) -> None:
    """An open case has a next alarm, and when it rings there is something to do."""
    alarm = next_alarm(life.case, life.policy, Owed())
    assert alarm is not None
    assert life.case.state is State.RECEIVED or next_step(life.case, life.policy, alarm, Owed()) is not None
    assert len({effect.key for effect in life.owed}) == len(life.owed)


@settings(max_examples=200)
@given(data=st.data())
def test_moved_to_its_own_policy_nothing_changes(data: st.DataObject) -> None:
    life = lived(data.draw, data.draw(policies()))
    climbed(life, data.draw)
    if life.case.open:
        at = life.now + timedelta(minutes=data.draw(MINUTES))
        before = seen(life.case, at)
        life.move(life.policy, at)
        assert seen(life.case, at) == before
        assert life.last == []


@settings(max_examples=200)
@given(data=st.data())
def test_a_tighter_limit_leaves_half_of_itself_and_a_looser_one_takes_nothing(data: st.DataObject) -> None:
    life = lived(data.draw, data.draw(policies()))
    climbed(life, data.draw)
    if not life.case.open:
        return
    for _ in range(2):
        at, policy = life.now + timedelta(minutes=data.draw(st.integers(0, 600))), data.draw(policies())
        running = [clock for clock in life.case.clocks if clock.running and not clock.breached(at)]
        before = {clock.id: due(clock, at) for clock in running if clock.kind is not ClockKind.PAUSE}
        case = life.move(policy, at)
        completion = case.clock(ClockKind.COMPLETION)
        cap = due(completion, at) if completion is not None and completion.running else FAR
        for clock in case.clocks:
            if clock.id in before:
                _fair(case, clock, policy, at, before=before[clock.id], cap=cap)


def _fair(case: Case, clock: Clock, policy: Policy, at: datetime, *, before: datetime, cap: datetime) -> None:
    if clock.kind is ClockKind.COMPLETION:
        limit = whole_limit(case, policy, "", clock.started_at)
    else:
        limit = start_clock(policy, clock.kind, case.grade, "", clock.started_at)
    half = limit.time.advance(at, limit.total * clock.share / 2).at
    assert due(clock, at) >= min(before, half, cap) - timedelta(milliseconds=1)
    if not clock.extension_days:
        assert due(clock, at) <= max(before, due(replace(limit, pauses=clock.pauses), at), half)


def due(clock: Clock, at: datetime) -> datetime:
    """When its limit is reached if it goes on from here."""
    found = clock.resume(at).due_at
    assert found is not None
    return found
