"""Whatever state a case or a piece of its work comes to, the pages have words for it."""

import pytest

from casework.events import Kind
from casework.life_cycle import OWNERSHIP_LIFE, PART_LIFE
from casework.states import ENDED, STAGES, Outcome, State
from catalog.texts import all_texts
from gateway.task_forms import FORMS

SHOWN = {*STAGES, State.OWNED, State.JOINT_HANDLING, State.IN_DISPUTE} - {State.CLOSED}
NOT_TOLD = {Kind.PART_DECLINED}
"""That a called unit thinks it is not needed is between it and the caller."""


@pytest.mark.parametrize("name", [*sorted(SHOWN), *(f"closed_{outcome}" for outcome in Outcome)])
def test_the_citizen_reads_where_it_stands(name: str) -> None:
    words = all_texts()[f"headline.{name}"]
    assert "处理中" not in words
    assert "办理中" not in words


@pytest.mark.parametrize("state", sorted({row.state for row in PART_LIFE} - ENDED))
def test_a_called_unit_reads_what_is_asked(state: State) -> None:
    assert {f"task_page.headline_{role}.{state}" for role in ("lead", "co")} <= all_texts().keys()


@pytest.mark.parametrize("state", sorted({row.state for row in OWNERSHIP_LIFE}))
def test_an_owner_reads_what_is_asked(state: State) -> None:
    role = "approver" if state is State.AWAITING_APPROVAL else "owner"
    assert f"task_page.headline_{role}.{state}" in all_texts()


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.action)
def test_every_form_has_its_words(form: object) -> None:
    action = form.action  # type: ignore[attr-defined]
    named = {f"field.{field.name}" for field in form.fields}  # type: ignore[attr-defined]
    assert {f"task_page.action.{action}.{part}" for part in ("title", "button", "words")} | named <= all_texts().keys()


@pytest.mark.parametrize("kind", sorted({row.event for row in (*PART_LIFE, *OWNERSHIP_LIFE)} - NOT_TOLD - {Kind.ROSE}))
def test_the_story_tells_of_it(kind: Kind) -> None:
    assert f"story.{kind}" in all_texts()
