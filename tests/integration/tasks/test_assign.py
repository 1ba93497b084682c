"""The assignment of a case by its run: which rule decided is recorded, and a dispatcher is shown where it might go."""

from typing import Any

import pytest

from casework.choosing import Asset
from casework.events import Act, Actor, Kind, Role
from casework.routing import Location, responsible_unit
from ledger.intake import IntakeForm, understand
from ledger.reading import case_document
from tasks import desk
from tasks.assign import assign
from tasks.desk import Claim, hold
from tests.integration.tasks.at_work import AtWork

LID, PLACE = "SZ-0601", "江畔社区翠湖路 1 号"
DISPATCHER = Actor(Role.DISPATCHER, "li")


async def received(work: AtWork, text: str, place: str | None = PLACE) -> str:
    form = IntakeForm(district="demo", text=text, place=place)
    new = understand(form, desk.city().district("demo"), desk.city().catalogue)
    case_no, _ = await work.ledger.cases.receive(new, await work.ledger.now())
    return case_no


async def assigned(work: AtWork, case_no: str, confidence: float = 0.99, **more: Any) -> dict[str, Any]:
    """What the run's assignment recorded."""
    candidates = [{"item": item, "confidence": 0.3, "words": []} for item in more.get("items", (LID,))]
    await work.system(case_no, Kind.CLASSIFIED, item=LID, confidence=confidence, candidates=candidates)
    await work.system(case_no, Kind.GRADED, grade="C")
    epoch = await work.ledger.claims.claim(case_no)
    assert epoch is not None
    row = await work.ledger.cases.row(case_no)
    hold(Claim(case_no, epoch, row.seq, row.calls))
    await assign.fn(case_no)
    document = await case_document(work.ledger, desk.city(), case_no)
    said: dict[str, Any] = document["timeline"][-1]["detail"]
    return said


async def gives(work: AtWork, unit: str, n: int = 3) -> None:
    """A dispatcher gives so many manhole lids of the place to the unit."""
    for _ in range(n):
        case_no = await received(work, "井盖不见了")
        data = {"unit": unit, "item": LID, "grade": "C"}
        await work.ledger.cases.record(case_no, Act(Kind.ASSIGNED, DISPATCHER, await work.ledger.now(), data))


def by_the_table() -> str:
    return responsible_unit(
        desk.city().district("demo"), desk.city().catalogue.item(LID), Location("linjiang", "jiangpan")
    ).unit


async def test_nothing_known_the_table_decides(work: AtWork) -> None:
    said = await assigned(work, await received(work, "井盖不见了"))
    assert (said["unit"], said["rule"]) == (by_the_table(), "table")


async def test_a_registered_things_maintainer_has_it(work: AtWork) -> None:
    await work.ledger.assets.put("demo", [Asset("JG-0012", "井盖", "eco-water", "utilities")])
    await gives(work, "construction")
    for text, place in (("编号jg-0012的井盖不见了", PLACE), ("井盖不见了", f"{PLACE}，JG－0012号井")):
        said = await assigned(work, await received(work, text, place))
        assert (said["unit"], said["rule"]) == ("utilities", "asset")
        assert "JG-0012" in said["why"]


async def test_the_place_names_the_thing_before_the_words_do(work: AtWork) -> None:
    lids = [Asset("JG-0012", "井盖", "eco-water", None), Asset("JG-0013", "井盖", None, "utilities")]
    await work.ledger.assets.put("demo", lids)
    said = await assigned(work, await received(work, "JG-0012旁边的井盖不见了", "翠湖路 JG-0013"))
    assert said["unit"] == "utilities"


async def test_what_dispatchers_keep_deciding_is_followed(work: AtWork) -> None:
    await gives(work, "construction", 2)
    assert (await assigned(work, await received(work, "井盖不见了")))["rule"] == "table"
    await gives(work, "construction", 1)
    said = await assigned(work, await received(work, "井盖不见了"))
    assert (said["unit"], said["rule"]) == ("construction", "habit")
    assert "最近 3 件" in said["why"]


async def test_who_is_blamed_is_passed_over_for_the_next(work: AtWork) -> None:
    await work.ledger.assets.put("demo", [Asset("JG-0012", "井盖", None, "utilities")])
    case_no = await received(work, "投诉示范公用事业公司不作为，编号JG-0012的井盖半个月没人修")
    said = await assigned(work, case_no)
    assert (await work.ledger.cases.load(case_no)).case.recused == ("utilities",)
    assert (said["unit"], said["rule"]) == (by_the_table(), "table")
    assert "已回避" in said["why"]


async def test_a_dispatcher_is_shown_where_each_candidate_would_go_and_why(work: AtWork) -> None:
    await gives(work, "construction")
    case_no = await received(work, "这里不太对")
    await assigned(work, case_no, confidence=0.2, items=(LID, "SZ-0807", "gone"))
    shown = (await case_document(work.ledger, desk.city(), case_no))["candidates"]
    assert shown[0]["unit"]["code"] == "construction"
    assert "最近 3 件" in shown[0]["why"]
    assert shown[1]["unit"]["code"]
    assert "unit" not in shown[2]  # the present catalogue does not have it
    assert [one["item"] for one in shown] == [LID, "SZ-0807", "gone"]


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs_postgresql)])
async def test_a_thing_of_another_district_is_no_evidence(work: AtWork, database: str) -> None:
    await work.ledger.assets.put("pingshan", [Asset("JG-0012", "井盖", None, "telecom")])
    said = await assigned(work, await received(work, "编号JG-0012的井盖不见了"))
    assert said["rule"] == "table"
