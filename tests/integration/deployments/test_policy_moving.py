"""`huiyin policy move` on a real ledger: shown first, then carried out one by one, and the record still holds."""

from typing import Any

import pytest

from casework.clocks import ClockKind
from casework.events import SYSTEM, Act, Actor, Kind, Role
from casework.states import State
from catalog.policy import Policy
from deployments.office import Office
from deployments.policy_moving import moving
from deployments.verification import Verification
from ledger.city import City
from ledger.errors import UnknownPolicy
from ledger.ledger import Ledger
from ledger.settings import Settings
from tests.integration.ledger.made import PLAIN, Made, request

CITY = City.of(Settings())
CLOCKS = PLAIN.clocks
STRICT = PLAIN.model_copy(
    update={"clocks": CLOCKS.model_copy(update={"completion": CLOCKS.completion.model_copy(update={"c": "30m"})})}
)


@pytest.fixture
async def office(ledger: Ledger) -> Office:
    for district in ("pingshan", "futian"):
        await ledger.policies.pin(district, PLAIN, "form")
    return Office(Settings(), CITY, ledger)


@pytest.fixture
def made(office: Office) -> Made:
    return Made(office.ledger)


async def pinned(made: Made, **facts: Any) -> str:
    """A case whose run has begun."""
    case_no = await made.receive(**facts)
    district = (await made.row(case_no)).district
    version = (await made.ledger.policies.current(district)).version
    await made.act(case_no, Kind.PINNED, policy_version=version, catalogue_version="c1")
    return case_no


async def assigned(made: Made, **facts: Any) -> str:
    case_no = await pinned(made, **facts)
    await made.act(case_no, Kind.ASSIGNED, unit="cg", item="SZ-0101", grade="C")
    return case_no


async def moves(office: Office, version: str | None, *case_nos: str, yes: bool = False) -> list[dict[str, Any]]:
    to = await moving(office, "pingshan", version, carry_out=yes)
    found = to.these(case_nos) if case_nos else to.all()
    return [case.document() async for case in found]


def clock(document: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = (each for each in document["clocks"] if each["kind"] == kind)
    return dict(found)


async def test_without_a_yes_it_is_only_shown(office: Office, made: Made) -> None:
    case_no = await assigned(made)
    before = await made.row(case_no)
    strict = await office.ledger.policies.pin("pingshan", STRICT, "form")
    (shown,) = await moves(office, None)
    assert (shown["case_no"], shown["state"], shown["moved"], shown["problem"]) == (
        case_no,
        "awaiting_ack",
        False,
        None,
    )
    completion = clock(shown, "completion")
    assert completion["changes"]
    assert completion["due_after"] < completion["due_before"]
    assert not clock(shown, "feedback")["changes"]
    row = await made.row(case_no)
    assert (row.seq, row.policy_version) == (before.seq, before.policy_version) != (before.seq, strict)


async def test_moved_the_case_lives_under_the_new_policy_and_the_record_holds(office: Office, made: Made) -> None:
    case_no, other = await assigned(made), await assigned(made, district="futian", number_prefix="FT")
    strict = await office.ledger.policies.pin("pingshan", STRICT, "form")
    (shown,) = await moves(office, None)
    (moved,) = await moves(office, None, yes=True)
    assert (moved["case_no"], moved["moved"], moved["clocks"]) == (case_no, True, moved["clocks"])
    loaded = await office.ledger.cases.load(case_no)
    completion = loaded.case.clock(ClockKind.COMPLETION)
    assert completion is not None
    assert completion.due_at is not None
    assert completion.due_at.isoformat() == clock(shown, "completion")["due_after"]
    assert (loaded.policy, loaded.row.policy_version) == (STRICT, strict)
    assert loaded.events[-1].actor == "admin"
    assert loaded.row.alarm_at is not None
    assert loaded.row.alarm_at <= await office.ledger.now()
    assert loaded.row.rung_at == min(at for each in loaded.case.clocks if (at := each.next_rung_at()))
    assert [(d.type, d.addressee) for d in await made.deliveries(case_no)][-2:] == [
        ("task.decided", "cg"),
        ("citizen.moved", "citizen"),
    ]
    assert (await office.ledger.cases.load(other)).policy == PLAIN
    assert (await Verification(office.ledger).report()).document()["ok"]
    assert await moves(office, None, yes=True) == []


async def test_a_case_goes_on_and_can_be_moved_back(office: Office, made: Made) -> None:
    case_no = await assigned(made)
    plain = (await office.ledger.policies.current("pingshan")).version
    due = (await office.ledger.cases.load(case_no)).case.clock(ClockKind.COMPLETION)
    strict = await office.ledger.policies.pin("pingshan", STRICT, "form")
    await moves(office, strict, case_no, yes=True)
    await made.unit(case_no, Kind.ACKNOWLEDGED, feedback="收到")
    await moves(office, plain, case_no, yes=True)
    loaded = await office.ledger.cases.load(case_no)
    back = loaded.case.clock(ClockKind.COMPLETION)
    assert due is not None
    assert back is not None
    assert (back.due_at, loaded.policy) == (due.due_at, PLAIN)
    await made.unit(case_no, Kind.COMPLETED, result="好了")
    assert (await office.ledger.cases.load(case_no)).case.state is State.AWAITING_CALLBACK
    assert (await Verification(office.ledger).report()).document()["ok"]


async def test_what_cannot_be_moved_is_told_with_its_reason(office: Office, made: Made) -> None:
    not_begun, closed, elsewhere = (
        await made.receive(),
        await assigned(made),
        await assigned(made, district="futian", number_prefix="FT"),
    )
    await made.act(closed, Kind.WITHDREW, Actor(Role.CITIZEN))
    broken = await assigned(made)
    await made.sql("update events set data = '{}' where case_no = :n and seq = 3", n=broken)
    strict = await office.ledger.policies.pin("pingshan", STRICT, "form")
    ready = await assigned(made)
    told = await moves(office, strict, not_begun, closed, elsewhere, broken, ready, "PS1", ready, yes=True)
    assert {case["case_no"]: case["problem"] for case in told} == {
        not_begun: "其流程尚未开始，届时将适用受理时的政策",
        closed: "已结案",
        elsewhere: "不是本区的诉求",
        broken: "记录无法读取（KeyError），请运行 huiyin verify",
        ready: "已适用这一版",
        "PS1": "没有这件诉求，请核对编号",
    }
    assert [case["case_no"] for case in await moves(office, strict)] == sorted([not_begun, broken])


async def test_a_version_that_the_district_does_not_have_is_refused(office: Office) -> None:
    futian = (await office.ledger.policies.current("futian")).version
    for version in (futian, "pingshan-0"):
        with pytest.raises(UnknownPolicy, match=version):
            await moving(office, "pingshan", version, carry_out=False)


async def test_more_cases_than_a_page(office: Office, made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.policy_moving.PAGE", 2)
    cases = [await pinned(made) for _ in range(5)]
    strict = await office.ledger.policies.pin("pingshan", STRICT, "form")
    assert [case["case_no"] for case in await moves(office, None, yes=True) if case["moved"]] == cases
    assert await office.ledger.lists.open_by_policy("pingshan") == {strict: 5}


async def test_a_run_that_holds_the_case_goes_on_under_the_new_policy(office: Office, made: Made) -> None:
    """No claim is needed: the run sees the new policy at its next look, and the alarm rings on after it has parked."""
    case_no = await assigned(made)
    epoch = await office.ledger.claims.claim(case_no)
    assert epoch is not None
    calls = (await made.row(case_no)).calls
    strict = await office.ledger.policies.pin("pingshan", STRICT, "form")
    await moves(office, strict, case_no, yes=True)
    now, task_id = await office.ledger.now(), f"{case_no}-T1"
    case, _ = await office.ledger.cases.record(
        case_no, Act(Kind.NOTIFIED, SYSTEM, now, {"task_id": task_id}), epoch=epoch
    )
    assert case.policy_version == strict
    await office.ledger.claims.release(case_no, epoch, calls, None)
    assert (await made.row(case_no)).alarm_at is not None


async def test_a_case_received_after_a_policy_was_mirrored_is_under_it_from_its_receipt(office: Office) -> None:
    strict = await office.ledger.policies.pin("pingshan", STRICT, "form")
    case_no, _ = await office.ledger.cases.receive(request(), await office.ledger.now())
    assert (await office.ledger.cases.row(case_no)).policy_version == strict
    assert (await office.ledger.cases.load(case_no)).policy == Policy.model_validate(STRICT)
