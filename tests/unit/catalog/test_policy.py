"""A policy that makes no sense is refused where it is written, not found out by a case that it traps."""

from typing import Any

import pytest
from pydantic import ValidationError

from catalog.policy import Action, Clocks, Policy
from catalog.texts import text

ENDLESS = [{"at_percent": 50, "action": "ask_citizen"}]
CLOSING = [{"at_percent": 100, "action": "close_unrated"}]


def clocks(kind: str, ladder: list[dict[str, Any]]) -> Clocks:
    return Clocks.model_validate({kind: {"a": "1h", "b": "1h", "c": "1h", "ladder": ladder}})


def refusal(kind: str, *rungs: tuple[int, str]) -> str:
    with pytest.raises(ValidationError) as raised:
        clocks(kind, [{"at_percent": percent, "action": action} for percent, action in rungs])
    (problem,) = raised.value.errors()
    return problem["msg"]


@pytest.mark.parametrize("kind", sorted(set(Clocks.model_fields) - {"callback"}))
def test_only_the_callback_asks_and_closes(kind: str) -> None:
    for action in ("ask_citizen", "close_unrated"):
        assert f"the ladder of {kind} must not have {action}" in refusal(kind, (50, "remind"), (100, action))


def test_only_a_pause_resumes() -> None:
    assert "the ladder of completion must not have resume" in refusal("completion", (100, "resume"))
    assert "the ladder of callback must not have resume" in refusal("callback", (50, "resume"), (100, "close_unrated"))


def test_asking_ends() -> None:
    assert "the ladder of callback must end with close_unrated" in refusal("callback", (50, "ask_citizen"))
    closing_twice = refusal("callback", (50, "close_unrated"), (100, "close_unrated"))
    assert "the ladder of callback must end with close_unrated, and have it once" in closing_twice


def test_a_callback_may_remind_the_unit_and_must_close() -> None:
    ladder = [{"at_percent": 10, "action": "ask_citizen"}, {"at_percent": 50, "action": "notify_supervisor"}, *CLOSING]
    assert len(clocks("callback", ladder).callback.ladder) == 3


def test_rungs_rise() -> None:
    assert "later than the one before it" in refusal("feedback", (50, "remind"), (50, "urge"))
    assert "later than the one before it" in refusal("feedback", (80, "remind"), (50, "urge"))


def test_the_defaults_make_sense_and_are_read_back() -> None:
    assert Policy.model_validate_json(Policy().model_dump_json()) == Policy()


def test_each_clocks_ladder_ends_with_whoever_can_help() -> None:
    """What staff or a leader decides is told to the supervisor, what a unit or an owner owes ends with a leader."""
    last = {kind: getattr(Policy().clocks, kind).ladder[-1].action for kind in type(Policy().clocks).model_fields}
    staff = {kind for kind, action in last.items() if action is Action.NOTIFY_SUPERVISOR}
    assert staff == {"triage", "adjudication", "referral", "approval"}
    assert {kind for kind, action in last.items() if action is Action.SUPERVISE} == {"feedback", "contact"}
    assert last.pop("callback") is Action.CLOSE_UNRATED
    owned = {kind for kind, action in last.items() if action is Action.OWN}
    assert owned == last.keys() - staff - {"feedback", "contact"}


def test_the_form_names_each_clock_as_the_pages_do() -> None:
    for kind, field in type(Policy().clocks).model_fields.items():
        assert field.title is not None
        assert field.title.removeprefix("包案") == text(f"clock.{kind}")
