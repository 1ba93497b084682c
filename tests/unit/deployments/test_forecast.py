"""What would become of a text: the same chooser as in a case's life, with whatever the ledger knows."""

import asyncio
from typing import Any

import pytest

from casework.choosing import Asset, Habit, Known, Precedent
from casework.routing import Location
from deployments.forecast import forecast
from learning.classifier import Classifier
from ledger.city import City
from ledger.settings import Settings

CITY = City.of(Settings())
DEMO = CITY.district("demo")
JUDGE = Classifier.from_catalogue(CITY.catalogue)
LID = "江畔社区的井盖不见了，很危险"


NOTHING = Known()
LID_ASSET = Asset("JG-1", "井盖", None, "utilities")
HABIT = Habit("construction", 3, "street")
RULING = Precedent("SF1", "eco-water", "三定方案")


def forecasted(words: str, known: Known = NOTHING) -> dict[str, Any]:
    async def knows(item: str, location: Location) -> Known:
        assert location == Location("linjiang", "jiangpan")
        return known

    return asyncio.run(forecast(DEMO, CITY.catalogue, DEMO.policy, JUDGE, words=words, place="", knows=knows))


@pytest.mark.parametrize(
    ("known", "unit", "rule"),
    [
        (NOTHING, "street-linjiang", "table"),
        (Known(habit=HABIT), "construction", "habit"),
        (Known(asset=LID_ASSET, habit=HABIT), "utilities", "asset"),
        (Known(RULING, LID_ASSET, HABIT), "eco-water", "precedent"),
    ],
)
def test_the_unit_is_chosen_as_in_a_life(known: Known, unit: str, rule: str) -> None:
    found = forecasted(LID, known)
    assert (found["unit"]["code"], found["rule"]) == (unit, rule)
    assert found["reason"]
    assert all(candidate["unit"] and candidate["reason"] for candidate in found["candidates"])


def test_a_blamed_unit_is_passed_over_and_where_none_is_left_a_dispatcher_decides() -> None:
    blamed = f"{LID}，投诉示范公用事业公司不作为"
    found = forecasted(blamed, Known(asset=LID_ASSET))
    assert found["rule"] == "table"
    assert "已回避" in found["reason"]
    alone = forecasted(f"{LID}，投诉{forecasted(LID)['unit']['name']}推诿")
    assert (alone["unit"], alone["reason"], alone["automatic"]) == (None, None, False)
