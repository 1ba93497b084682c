"""Who receives for a unit outside its hours: its deputy, and of grade A the unit too."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.off_duty import acting, on_duty, receivers
from catalog.districts import Channel, Community, District, Street, Unit
from catalog.policy import Grade, Policy
from catalog.working_time import SHANGHAI

CHINA = Policy()
EVERY_DAY = Policy(calendar="none")


def unit(code: str, hours: str | None = None, deputy: str | None = None) -> Unit:
    return Unit(code=code, name=f"单位{code}", kind="department", level="district", hours=hours, deputy=deputy)


DISTRICT = District(
    code="made",
    name="示例区",
    number_prefix="MD",
    streets=(Street(code="east", name="东街道", communities=(Community(code="one", name="一社区"),)),),
    units=(
        unit("aa", "09:00-18:00", "bb"),
        unit("bb"),
        unit("cc", "09:00-18:00", "aa"),
        unit("dd", "09:00-18:00"),
    ),
    roles={},
    emergency_lines={},
    channels=(Channel(code="web", name="信箱", kind="mailbox"),),
)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("when", "who"),
    [
        (at(23, 9), "aa"),
        (at(23, 17, 59), "aa"),
        (at(23, 18), "bb"),
        (at(23, 8, 59), "bb"),
        (at(22, 12), "bb"),  # a Sunday
    ],
)
def test_outside_its_hours_and_on_days_off_the_deputy_receives(when: datetime, who: str) -> None:
    assert acting(DISTRICT, "aa", when, CHINA) == who


def test_a_district_that_knows_no_days_off_works_on_sundays() -> None:
    assert acting(DISTRICT, "aa", at(22, 12), EVERY_DAY) == "aa"


def test_a_deputy_who_is_off_duty_too_is_not_told() -> None:
    assert acting(DISTRICT, "cc", at(23, 20), CHINA) == "cc"


def test_a_unit_without_hours_or_without_a_deputy_receives_by_itself() -> None:
    assert acting(DISTRICT, "bb", at(22, 3), CHINA) == "bb"
    assert acting(DISTRICT, "dd", at(22, 3), CHINA) == "dd"


def test_of_what_is_a_matter_of_life_the_unit_itself_is_told_too() -> None:
    assert receivers(DISTRICT, "aa", at(22, 3), CHINA, Grade.A) == ("aa", "bb")
    assert receivers(DISTRICT, "aa", at(22, 3), CHINA, Grade.C) == ("bb",)
    assert receivers(DISTRICT, "aa", at(23, 10), CHINA, Grade.A) == ("aa",)


@given(st.integers(0, 2 * 365 * 24 * 60), st.sampled_from(list(Grade)))
def test_somebody_always_receives_and_the_unit_unless_its_deputy_does(minutes: int, grade: Grade) -> None:
    moment = at(1, 0) + timedelta(minutes=minutes)
    told = receivers(DISTRICT, "aa", moment, CHINA, grade)
    assert told
    assert on_duty(DISTRICT.unit("aa"), moment, CHINA) is ("bb" not in told)
