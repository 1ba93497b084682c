"""Which run is the case's own."""

from uuid import uuid4

import pytest
from prefect.client.schemas.objects import FlowRun

from ledger.tables import CaseRow
from tasks.handing_over import is_own

CASE_NO = "PS2026112300001"


def run(key: str | None) -> FlowRun:
    return FlowRun(flow_id=uuid4(), idempotency_key=key)


def row(generation: int, flow_run_id: str | None) -> CaseRow:
    return CaseRow(case_no=CASE_NO, generation=generation, flow_run_id=flow_run_id)


def test_the_run_that_the_ledger_names_is_its_own_whatever_its_key() -> None:
    for named in (run(f"{CASE_NO}:3"), run(None)):
        assert is_own(named, row(3, str(named.id)), CASE_NO)


@pytest.mark.parametrize("flow_run_id", [None, "0c7f9a52-0000-4000-8000-000000000001"])
def test_a_run_that_has_just_been_made_starts_before_the_ledger_names_it(flow_run_id: str | None) -> None:
    made = run(f"{CASE_NO}:{1 if flow_run_id else 0}")
    assert is_own(made, row(0, flow_run_id), CASE_NO)


@pytest.mark.parametrize("key", [None, "", "mine", f"{CASE_NO}:", f"{CASE_NO}:x", "PS2026112300002:9", f"{CASE_NO}:2"])
def test_any_other_is_not(key: str | None) -> None:
    assert not is_own(run(key), row(2, str(uuid4())), CASE_NO)


def test_one_that_has_been_given_up_is_not() -> None:
    assert not is_own(run(f"{CASE_NO}:2"), row(3, None), CASE_NO)
