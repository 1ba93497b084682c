"""The bar follows the state, and leaves out what this case never does."""

from datetime import UTC, datetime

import pytest

from casework.events import CITIZEN, SYSTEM, Event, Kind
from casework.evolve import begin, evolve
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


def test_what_was_answered_at_once_is_handled_by_nobody_until_it_is_turned_down() -> None:
    policy = Policy(answer_threshold=0.7)
    facts = {"district": "demo", "channel": "web", "property": "question", "grade": "C", "has_phone": True}
    found = begin("SF1", Event(1, Kind.RECEIVED, CITIZEN, NOW, facts), policy)
    said = {"entry": "e", "version": "1", "confidence": 0.9, "answer": "a", "source": "s"}
    found = evolve(found, Event(2, Kind.GRADED, SYSTEM, NOW, {"grade": "C"}), policy)
    found = evolve(found, Event(3, Kind.ANSWERED, SYSTEM, NOW, said), policy)
    assert [step.name for step in progress(found) if step.phase == "now"] == ["callback"]
    assert " ".join(step.name for step in progress(found)) == "received answer callback close"
    found = evolve(found, Event(4, Kind.EVALUATED, CITIZEN, NOW, {"solved": False, "satisfaction": 1}), policy)
    assert (
        " ".join(step.name for step in progress(found)) == "received assign acknowledge contact handle callback close"
    )
