"""What a run was created with is pinned where it makes sense; else the district's last valid policy, with an alert."""

import json
from typing import Any

import pytest
from pydantic_core import PydanticUndefined

from casework.events import Kind
from catalog.policy import Grade, Policy
from ledger.cases import NewRequest
from ledger.ledger import Ledger
from ledger.policies import version_of
from tasks.opening import open_case

STRICT = Policy(reopen_days=3)
FOR_EVER = {"a": "1h", "b": "1h", "c": "1h", "ladder": [{"at_percent": 50, "action": "ask_citizen"}]}


@pytest.fixture
async def case_no(ledger: Ledger) -> str:
    new = NewRequest("demo", "SF", "web", "路灯坏了", "help", Grade.C, "2026")
    return (await ledger.cases.receive(new, await ledger.now()))[0]


async def opened(ledger: Ledger, case_no: str, policy: object) -> dict[str, Any]:
    """What the case's first wake pinned."""
    assert await open_case(case_no, policy)
    (pinned,) = (row for row in (await ledger.cases.load(case_no)).events if row.kind == Kind.PINNED)
    return dict(json.loads(pinned.data))


async def test_a_run_pins_the_policy_it_was_created_with(ledger: Ledger, case_no: str) -> None:
    latest = await ledger.policies.current("demo")
    data = await opened(ledger, case_no, STRICT.model_dump(mode="json"))
    assert data["policy_version"] == version_of("demo", STRICT)
    assert "refused" not in data
    loaded = await ledger.cases.load(case_no)
    assert (loaded.policy, loaded.row.policy_version) == (STRICT, data["policy_version"])
    assert (await ledger.policies.current("demo")).version == latest.version
    assert await ledger.alerts.open() == []


async def test_only_the_first_wake_pins(ledger: Ledger, case_no: str) -> None:
    await opened(ledger, case_no, STRICT)
    await ledger.claims.release(case_no, 1, 0, None)
    assert await open_case(case_no, Policy(reopen_days=9))
    assert (await ledger.cases.load(case_no)).policy == STRICT


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ({"clocks": {"callback": FOR_EVER}}, "回访"),
        ({"reopen_days": -1}, "结案后可重开（天）"),
        ({"invented": 1}, "invented"),
        (None, "没有写明政策"),
        (PydanticUndefined, "没有写明政策"),  # what Prefect hands over where the parameter is missing
        ("strict", "没有写明政策"),
    ],
)
async def test_one_that_makes_no_sense_is_refused_and_the_last_valid_one_holds(
    written: object, told: str, ledger: Ledger, case_no: str
) -> None:
    last = await ledger.policies.pin("demo", STRICT, "form")
    data = await opened(ledger, case_no, written)
    assert data["policy_version"] == last
    assert told in data["refused"]
    assert (await ledger.cases.load(case_no)).policy == STRICT
    (alert,) = await ledger.alerts.open()
    assert (alert.kind, alert.subject) == ("policy_refused", "demo")
    assert told in alert.words
    assert last in alert.words
