"""The bar follows the state, and leaves out what this case never does."""

from datetime import UTC, datetime

import pytest

from casework.events import CITIZEN, Event, Kind
from casework.evolve import begin
from casework.states import STAGES, State
from catalog.policy import Policy
from gateway.progress import AT, progress

NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def case(**data: object) -> object:
    facts = {"district": "demo", "channel": "web", "property": "help", "grade": "C", "has_phone": True, **data}
    return begin("SF1", Event(1, Kind.RECEIVED, CITIZEN, NOW, facts), Policy())


def names(**data: object) -> str:
    return " ".join(step.name for step in progress(case(**data)))  # type: ignore[arg-type]


def test_the_steps_of_a_life() -> None:
    assert names() == "received assign acknowledge contact handle callback close"
    assert names(has_phone=False) == "received assign acknowledge handle callback close"
    assert names(property="thanks") == "received assign close"


@pytest.mark.parametrize("state", [state for state in STAGES if state is not State.CLOSED])
def test_every_open_stage_has_its_step(state: State) -> None:
    assert state in AT


def test_what_is_behind_now_and_ahead() -> None:
    phases = [step.phase for step in progress(case())]  # type: ignore[arg-type]
    assert phases == ["done", "now", "ahead", "ahead", "ahead", "ahead", "ahead"]
