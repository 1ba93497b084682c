"""Rulings as precedents for their item and area until the catalogue's next version; what no item fits, as a gap."""

import pytest

from casework.case import Case
from casework.choosing import Precedent
from casework.errors import Refused
from casework.events import Act, Actor, Kind, Role
from catalog.policy import Policy
from tests.integration.ledger.made import PLAIN, Made

ADJUDICATOR, DISPATCHER = Actor(Role.ADJUDICATOR, "bian"), Actor(Role.DISPATCHER, "li")


@pytest.fixture
async def strict(made: Made) -> Policy:
    """The first decline goes before the adjudicator."""
    policy = PLAIN.model_copy(update={"declines_before_adjudication": 1})
    await made.ledger.policies.pin("pingshan", policy, "file")
    return policy


async def disputed(made: Made, item: str = "SZ-0101", **facts: object) -> str:
    """A case that waits for the adjudicator."""
    case_no = await made.receive(**facts)
    await made.act(case_no, Kind.ASSIGNED, unit="cg", item=item, grade="C")
    await made.unit(case_no, Kind.DECLINED, reason="不属我局", proposed_unit="sz")
    return case_no


async def ruled(made: Made, case_no: str, unit: str, **more: object) -> Case:
    return await made.act(case_no, Kind.RULED, ADJUDICATOR, unit=unit, reason="三定方案", **more)


@pytest.mark.usefixtures("strict")
async def test_a_ruling_holds_for_its_item_and_street_and_catalogue(made: Made) -> None:
    case_no = await disputed(made, street="longtian")
    find = made.ledger.precedents.find
    assert await find("pingshan", "SZ-0101", "longtian", "c1") is None
    await ruled(made, case_no, "sz")
    assert await find("pingshan", "SZ-0101", "longtian", "c1") == Precedent(case_no, "sz", "三定方案")
    for elsewhere in (
        ("futian", "SZ-0101", "longtian", "c1"),
        ("pingshan", "SZ-0102", "longtian", "c1"),
        ("pingshan", "SZ-0101", "maluan", "c1"),
        ("pingshan", "SZ-0101", None, "c1"),
        ("pingshan", "SZ-0101", "longtian", "c2"),
    ):
        assert await find(*elsewhere) is None


@pytest.mark.usefixtures("strict")
async def test_a_ruling_for_the_unit_that_declined_holds_as_well(made: Made) -> None:
    case_no = await disputed(made)
    await ruled(made, case_no, "cg")
    assert await made.ledger.precedents.find("pingshan", "SZ-0101", None, "c1") == Precedent(case_no, "cg", "三定方案")
    assert await made.ledger.precedents.find("pingshan", "SZ-0101", "", "c1") is not None


@pytest.mark.usefixtures("strict")
async def test_the_latest_ruling_holds(made: Made) -> None:
    first, second = await disputed(made), await disputed(made)
    await ruled(made, second, "sz")
    await ruled(made, first, "gas")
    found = await made.ledger.precedents.find("pingshan", "SZ-0101", None, "c1")
    assert found == Precedent(first, "gas", "三定方案")
    assert [row.case_no for row in await made.ledger.precedents.of("pingshan")] == [first, second]
    assert await made.ledger.precedents.of("futian") == []


@pytest.mark.usefixtures("strict")
async def test_what_was_refused_leaves_no_precedent(made: Made) -> None:
    case_no = await made.assigned()
    with pytest.raises(Refused):
        await ruled(made, case_no, "sz")
    assert await made.ledger.precedents.of("pingshan") == []


@pytest.mark.usefixtures("strict")
async def test_a_ruling_that_no_item_fits_is_a_gap_and_no_precedent(made: Made) -> None:
    case_no = await disputed(made)
    case = await ruled(made, case_no, "sz", no_item=True)
    assert await made.ledger.precedents.find("pingshan", "SZ-0101", None, "c1") is None
    (gap,) = await made.ledger.precedents.gaps("pingshan")
    assert (gap.case_no, gap.seq, gap.guess, gap.unit, gap.reason) == (case_no, case.seq, "SZ-0101", "sz", "三定方案")
    assert (gap.catalogue_version, gap.at) == ("c1", case.last_at)
    assert await made.ledger.precedents.gaps("futian") == []


async def test_a_dispatch_that_no_item_fits_is_a_gap_too(made: Made) -> None:
    first, second = await made.receive(), await made.receive()
    await made.act(first, Kind.TRIAGED, why="把握不足")
    for case_no in (first, second):
        await made.act(case_no, Kind.ASSIGNED, DISPATCHER, unit="cg", grade="C", no_item=True, reason="无对应事项")
    gaps = await made.ledger.precedents.gaps("pingshan")
    assert [(gap.case_no, gap.guess) for gap in gaps] == [(first, None), (second, None)]
    third = await made.assigned()
    assert [gap.case_no for gap in await made.ledger.precedents.gaps("pingshan")] == [first, second]
    assert (await made.row(third)).unit == "cg"


@pytest.mark.usefixtures("strict")
async def test_a_ruling_is_remembered_in_masked_words_alone(made: Made) -> None:
    case_no = await disputed(made)
    act = Act(Kind.RULED, ADJUDICATOR, await made.ledger.now(), {"unit": "sz", "reason": "请联系13812345678"})
    await made.ledger.cases.record(case_no, act)
    found = await made.ledger.precedents.find("pingshan", "SZ-0101", None, "c1")
    assert found is not None
    assert "13812345678" not in found.reason
