"""An act and a rung: the one that came first wins, in whatever order they are processed."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from lives import START, Life, after

from casework.clocks import ClockKind
from casework.events import Actor, Kind, Role
from catalog.policy import Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
CG = Actor(Role.UNIT, "cg")
RUNGS = (5, 8, 10, 12, 15, 30, 60)  # minutes of the feedback ladder, the last word repeated twice as far on
NEAR = st.tuples(st.sampled_from(RUNGS), st.integers(-4000, 4000)).map(lambda drawn: drawn[0] * 60 + drawn[1] / 1000)
SECONDS = st.one_of(NEAR, st.integers(1, 3000).map(float))


@settings(max_examples=400)
@given(received=SECONDS, wakes=st.lists(SECONDS, max_size=6), late=st.integers(0, 900))
def test_what_is_in_effect_depends_on_the_times_alone(received: float, wakes: list[float], late: int) -> None:
    """The act is received at `received` and processed `late` seconds later; the run wakes whenever it likes."""
    life = Life.begun(PLAIN).assigned()
    processed, pending = received + late, True
    for at in [*sorted(wakes), 7200.0]:
        if pending and processed <= at:
            _acknowledge(life, received)
            pending = False
        _wake(life, at)
    feedback = life.clock(ClockKind.FEEDBACK)
    due = [n for n, minutes in enumerate(RUNGS) if minutes * 60 < received]
    assert feedback.met_at == START + timedelta(seconds=received)
    assert feedback.breached(after(999)) == (feedback.met_at > after(10))
    assert [step.n for step in feedback.climbed] == due
    assert not due or not feedback.climbed[-1].skipped
    fired = [event.data["rung"] for event in life.events if event.data.get("clock") == "feedback#0"]
    assert len(fired) == len(set(fired))
    assert {step.n for step in feedback.climbed if not step.skipped} == set(fired) - {s.n for s in feedback.voided}


def _acknowledge(life: Life, received: float) -> None:
    task = life.case.task
    assert task is not None
    life.act(Kind.ACKNOWLEDGED, CG, START + timedelta(seconds=received), task_id=task.task_id)


def _wake(life: Life, at: float) -> None:
    while life.fire(START + timedelta(seconds=at)):
        pass
