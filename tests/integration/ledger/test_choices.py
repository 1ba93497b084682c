"""What dispatchers decide again and again is a habit of the item and place, until one of them decides otherwise."""

from dataclasses import dataclass

import pytest

from casework.choosing import Habit
from casework.errors import Refused
from casework.events import Actor, Kind, Role
from casework.routing import Location
from tests.integration.ledger.made import Made

DISPATCHER, STREET = Actor(Role.DISPATCHER, "li"), Actor(Role.STREET, "longtian")
ITEM, HERE, THERE = "SZ-0101", Location("longtian", "laokeng"), Location("longtian", "zhukeng")


@dataclass
class Desk:
    """A dispatcher at work."""

    made: Made

    async def waiting(self, where: Location = HERE, **facts: object) -> str:
        case_no = await self.made.receive(street=where.street, community=where.community, **facts)
        await self.made.act(case_no, Kind.TRIAGED, why="把握不足")
        return case_no

    async def gives(self, unit: str, where: Location = HERE, actor: Actor = DISPATCHER, **facts: object) -> str:
        case_no = await self.waiting(where, **facts)
        await self.made.act(case_no, Kind.ASSIGNED, actor, unit=unit, item=ITEM, grade="C")
        return case_no

    async def habit(self, where: Location = HERE, item: str = ITEM, version: str = "c1") -> Habit | None:
        return await self.made.ledger.choices.habit("pingshan", item, where, version)


@pytest.fixture
def desk(made: Made) -> Desk:
    return Desk(made)


async def test_three_on_end_make_a_habit_of_that_item_place_and_catalogue(desk: Desk) -> None:
    for _ in range(2):
        await desk.gives("works")
    assert await desk.habit() is None
    await desk.gives("works", actor=STREET)
    assert await desk.habit() == Habit("works", 3, "community")
    assert await desk.habit(item="SZ-0102") is None
    assert await desk.habit(version="c2") is None
    assert await desk.habit(Location("maluan", "maluan")) is None
    assert await desk.habit(Location()) is None
    assert await desk.made.ledger.choices.habit("futian", ITEM, HERE, "c1") is None


async def test_a_street_has_the_habit_of_its_communities_together(desk: Desk) -> None:
    await desk.gives("works")
    await desk.gives("works", THERE)
    await desk.gives("works", Location("longtian"))
    for where in (HERE, THERE, Location("longtian")):
        assert await desk.habit(where) == Habit("works", 3, "street")


async def test_a_community_goes_before_its_street(desk: Desk) -> None:
    for _ in range(3):
        await desk.gives("works")
    for _ in range(3):
        await desk.gives("sz", THERE)
    assert await desk.habit(HERE) == Habit("works", 3, "community")
    assert await desk.habit(THERE) == Habit("sz", 3, "community")
    assert await desk.habit(Location("longtian")) == Habit("sz", 3, "street")


async def test_one_other_decision_ends_it(desk: Desk) -> None:
    for _ in range(4):
        await desk.gives("works")
    assert await desk.habit() == Habit("works", 4, "community")
    await desk.gives("sz")
    assert await desk.habit() is None


async def test_a_case_sent_on_counts_once_with_where_it_went(desk: Desk) -> None:
    for _ in range(3):
        case_no = await desk.gives("cg")
        await desk.made.unit(case_no, Kind.DECLINED, reason="不属我局", proposed_unit="sz")
        await desk.made.act(case_no, Kind.ASSIGNED, DISPATCHER, unit="sz")
    assert await desk.habit() == Habit("sz", 3, "community")


async def test_a_unit_that_stays_silent_loses_its_case_and_nothing_is_learnt_from_that(desk: Desk) -> None:
    for _ in range(3):
        case_no = await desk.gives("cg")
        await desk.made.act(case_no, Kind.ASSIGNED, DISPATCHER, unit="sz", reason="一直没有签收")
    assert await desk.habit() == Habit("cg", 3, "community")


async def test_what_the_system_does_by_itself_is_no_decision(desk: Desk) -> None:
    for _ in range(3):
        case_no = await desk.made.receive(street=HERE.street, community=HERE.community)
        await desk.made.act(case_no, Kind.ASSIGNED, unit="works", item=ITEM, grade="C")
    assert await desk.habit() is None


async def test_what_says_nothing_of_the_item_is_not_kept(desk: Desk) -> None:
    """No item fits; the unit that has it is blamed; thanks are passed on; nobody knows where."""
    for _ in range(3):
        case_no = await desk.waiting()
        data = {"unit": "works", "grade": "C", "no_item": True, "reason": "无对应事项"}
        await desk.made.act(case_no, Kind.ASSIGNED, DISPATCHER, **data)
        await desk.gives("works", more={"recused": ["cg"]})
        await desk.gives("works", property="thanks")
        await desk.gives("works", Location())
    assert await desk.habit() is None


async def test_what_was_refused_leaves_nothing(desk: Desk) -> None:
    for _ in range(3):
        case_no = await desk.gives("works")
        await desk.made.act(case_no, Kind.NOTIFIED, task_id=f"{case_no}-T1")
    for _ in range(3):
        closed = await desk.waiting()
        await desk.made.act(closed, Kind.NOT_ACCEPTED, DISPATCHER, reason="已诉讼")
        with pytest.raises(Refused):
            await desk.made.act(closed, Kind.ASSIGNED, DISPATCHER, unit="sz", item=ITEM, grade="C")
    assert await desk.habit() == Habit("works", 3, "community")


async def test_all_that_is_known_comes_together(desk: Desk) -> None:
    for _ in range(3):
        await desk.gives("works")
    known = await desk.made.ledger.choices.known("pingshan", ITEM, HERE, "c1")
    assert (known.precedent, known.asset, known.habit) == (None, None, Habit("works", 3, "community"))
