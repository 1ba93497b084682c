"""Which policy a deployment is to hold."""

from typing import Any

import pytest

from catalog.policy import Policy
from deployments.policy_choice import choose

FILE = Policy()
WRITTEN = FILE.model_dump(mode="json")


def form(**change: Any) -> dict[str, Any]:
    return {**WRITTEN, **change}


def test_a_new_deployment_holds_the_files_policy() -> None:
    choice = choose(FILE, None, None, from_file=False)
    assert (choice.source, choice.parameter, choice.differences) == ("file", WRITTEN, ())


def test_the_form_is_kept_and_the_difference_told() -> None:
    choice = choose(FILE, form(reopen_days=3), None, from_file=False)
    assert choice.source == "form"
    assert choice.policy.reopen_days == 3
    assert [(each.field, each.file, each.form) for each in choice.differences] == [("reopen_days", "15", "3")]


def test_the_file_replaces_the_form_only_when_told_and_says_what_it_replaced() -> None:
    choice = choose(FILE, form(reopen_days=3), None, from_file=True)
    assert (choice.source, choice.parameter) == ("file", WRITTEN)
    assert [each.field for each in choice.differences] == ["reopen_days"]


def test_a_form_that_prefect_has_lost_comes_back_from_the_ledger() -> None:
    pinned = FILE.model_copy(update={"reopen_days": 3})
    choice = choose(FILE, None, pinned, from_file=False)
    assert (choice.source, choice.policy) == ("ledger", pinned)


def test_a_form_that_makes_no_sense_is_kept_and_its_fault_told() -> None:
    choice = choose(FILE, form(reopen_days=-1, invented=1), None, from_file=False)
    assert choice.source == "form"
    assert choice.fault is not None
    assert "结案后可重开（天）" in choice.fault
    assert "invented" in choice.fault


@pytest.mark.parametrize("nonsense", ["strict", [], 7])
def test_a_form_that_is_no_policy_is_kept_and_its_fault_told(nonsense: Any) -> None:
    choice = choose(FILE, nonsense, None)
    assert (choice.source, choice.parameter, choice.fault) == ("form", nonsense, "没有写明政策")


def test_an_empty_form_holds_the_defaults_and_is_not_lost() -> None:
    pinned = FILE.model_copy(update={"reopen_days": 3})
    choice = choose(FILE, {}, pinned)
    assert (choice.source, choice.policy) == ("form", Policy())


def test_a_version_that_was_asked_for_replaces_the_form() -> None:
    asked = FILE.model_copy(update={"reopen_days": 9})
    choice = choose(FILE, form(reopen_days=3), None, version=asked)
    assert (choice.source, choice.policy, choice.deliberate) == ("version", asked, True)
    assert [(each.field, each.form) for each in choice.differences] == [("reopen_days", "9")]


def test_fields_that_the_form_leaves_out_count_as_their_defaults() -> None:
    choice = choose(FILE, {"reopen_days": 15}, None, from_file=False)
    assert (choice.differences, choice.fault) == ((), None)
