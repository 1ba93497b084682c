"""What dispatchers have named, as texts to learn from."""

from casework.events import SYSTEM, Actor, Kind, Role
from tests.integration.ledger.made import Made

LI = Actor(Role.DISPATCHER, "li")


async def named(made: Made, item: str | None, actor: Actor = LI, **facts: object) -> str:
    case_no = await made.receive(**facts)
    more = {"item": item, "grade": "C"} if item else {}
    await made.act(case_no, Kind.ASSIGNED, actor, unit="cg", **more)
    return case_no


async def said(made: Made, district: str = "pingshan") -> list[tuple[str, str]]:
    return [(one.text, one.item) for one in await made.ledger.corrections.of(district)]


async def test_a_dispatchers_item_is_a_correction_in_the_words_that_are_shown(made: Made) -> None:
    await named(made, "SZ-0101", text="路灯不亮，电话13800138000")
    await named(made, "SZ-0102", Actor(Role.STREET, "wang"), text="打桩太吵")
    assert await said(made) == [("路灯不亮，电话【手机号】", "SZ-0101"), ("打桩太吵", "SZ-0102")]


async def test_what_the_system_decided_or_nobody_named_is_none(made: Made) -> None:
    await named(made, "SZ-0101", SYSTEM)
    await named(made, None)
    await named(made, "SZ-0101", district="futian", number_prefix="FT")
    assert await said(made) == []
    assert len(await said(made, "futian")) == 1


async def test_what_was_named_last_holds(made: Made) -> None:
    case_no = await named(made, "SZ-0101")
    await made.unit(case_no, Kind.DECLINED, reason="不属我局", proposed_unit="sz")
    await made.act(case_no, Kind.ASSIGNED, LI, unit="sz", item="SZ-0102", grade="C", reason="改派")
    assert await said(made) == [("路灯不亮", "SZ-0102")]


async def test_a_forgotten_case_teaches_nothing(made: Made) -> None:
    case_no = await named(made, "SZ-0101")
    await made.change(case_no, text="")
    assert await said(made) == []
