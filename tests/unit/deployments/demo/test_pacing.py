"""What a unit does when: prompt ones are in time on every clock, late ones are not."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployments.demo.behaviours import SLACK, Dice, UnitWay, unscripted_unit
from deployments.demo.pacing import (
    LATE_AT_LEAST,
    LONGEST_WAIT,
    Deed,
    Order,
    after_the_answer,
    after_the_ruling,
    hurried,
    order_of,
    ownership,
    part,
    plan,
)

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
DUE = {"feedback": 11.0, "contact": 19.0, "first_round": 29.0, "completion": 50.0}
MEETS = {"task.contacted": "contact", "task.first_round": "first_round", "task.completed": "completion"}


def order(task_id: str = "SF2026112200001-T1", due: dict[str, float] = DUE, **more: str) -> Order:
    clocks = [{"kind": kind, "due_at": (NOW + timedelta(seconds=after)).isoformat()} for kind, after in due.items()]
    return order_of(
        "eco-water",
        {
            "case_no": "SF2026112200001",
            "task_id": task_id,
            "clocks": clocks,
            "item": None,
            "ack_url": "http://x/a",
            **more,
        },
        NOW,
    )


def kinds(deeds: tuple[Deed, ...]) -> list[str]:
    return [deed.type for deed in deeds]


@given(st.integers(1, 10_000), st.sampled_from([way for way in UnitWay if way not in SLACK]))
def test_a_prompt_unit_is_in_time_on_every_clock(n: int, way: UnitWay) -> None:
    deeds = plan(way, order(f"SF{n}-T1"), NOW)
    assert deeds[0].after < 0.2 * DUE["feedback"]
    for deed in deeds:
        assert deed.after < DUE[MEETS.get(deed.type, "completion")] - 5


@given(st.integers(1, 10_000))
def test_a_late_unit_is_late_with_its_acknowledgement_and_with_nothing_else(n: int) -> None:
    deeds = plan(UnitWay.LATE, order(f"SF{n}-T1"), NOW)
    assert DUE["feedback"] < deeds[0].after < 1.5 * DUE["feedback"]
    assert all(deed.after < DUE[MEETS[deed.type]] for deed in deeds if deed.type in MEETS)


@given(st.integers(1, 10_000), st.sampled_from(UnitWay))
def test_deeds_come_in_order_of_time(n: int, way: UnitWay) -> None:
    deeds = plan(way, order(f"SF{n}-T2"), NOW)
    assert [deed.after for deed in deeds] == sorted(deed.after for deed in deeds)


@pytest.mark.parametrize("way", [UnitWay.SUPERVISED, UnitWay.SILENT])
def test_the_silent_do_nothing_with_the_first_work_and_are_no_model_for_whoever_comes_after(way: UnitWay) -> None:
    assert plan(way, order(), NOW) == ()
    assert kinds(plan(way, order("SF2026112200001-T2"), NOW))[-1] == "task.completed"


def test_a_supervised_unit_does_everything_owed_in_a_hurry() -> None:
    deeds = hurried(order(), NOW)
    assert kinds(deeds) == ["task.acknowledged", "task.contacted", "task.first_round", "task.completed"]
    assert deeds[-1].after < DUE["completion"]


def test_who_heard_late_of_it_is_late_all_the_same() -> None:
    """A unit that is to be late must be so from when it was told, or nobody will count it late."""
    hardly = {**DUE, "feedback": 1.0}
    assert plan(UnitWay.LATE, order(due=hardly), NOW)[0].after >= LATE_AT_LEAST
    assert hurried(order(due=hardly), NOW)[0].after == LATE_AT_LEAST
    assert hurried(order(due=hardly), NOW + timedelta(seconds=20))[0].after < 1


def test_who_has_no_phone_is_not_phoned() -> None:
    without = {kind: after for kind, after in DUE.items() if kind != "contact"}
    assert "task.contacted" not in kinds(plan(UnitWay.PROMPT, order(due=without), NOW))
    assert "task.contacted" not in kinds(hurried(order(due=without), NOW))


def test_a_field_handler_uses_the_page_and_a_caller_phones_first() -> None:
    assert kinds(plan(UnitWay.PAGE, order(), NOW))[0] == "page"
    assert kinds(plan(UnitWay.CONTACT_FIRST, order(), NOW))[0] == "task.contacted"
    assert "task.acknowledged" not in kinds(plan(UnitWay.CONTACT_FIRST, order(), NOW))


@pytest.mark.parametrize(
    ("way", "asked"),
    [(UnitWay.EXTENSION, "task.extension_requested"), (UnitWay.PAUSE, "task.pause_requested")],
)
def test_who_asks_for_time_waits_for_the_answer(way: UnitWay, asked: str) -> None:
    assert kinds(plan(way, order(), NOW))[-1] == asked
    assert kinds(after_the_answer(order(), NOW)) == ["task.completed"]


def test_who_waits_for_called_units_leaves_the_end_to_their_result() -> None:
    for task_id in ("SF1-T1", "SF1-T2"):
        assert "task.completed" not in kinds(plan(UnitWay.JOINT, order(task_id), NOW))


def test_who_declines_has_told_the_citizen_first_and_the_next_one_declines_at_once() -> None:
    first = kinds(plan(UnitWay.BOUNCES, order(), NOW))
    assert first == ["task.acknowledged", "task.contacted", "task.declined"]
    assert kinds(plan(UnitWay.BOUNCES, order("SF1-T2"), NOW)) == ["task.declined"]
    assert kinds(after_the_ruling(order("SF1-T2"), NOW)) == ["task.first_round", "task.completed"]


@given(st.integers(2, 10_000), st.sampled_from(["lead", "co"]))
def test_a_called_unit_comes_in_time_and_the_lead_files_for_all(n: int, role: str) -> None:
    due = {"report_in": 10.0, "part": 32.0}
    deeds = part(order(f"SF{n}-T2", due, role=role, call_id="SF1-W1"), NOW)
    last = "whistle.joint_result" if role == "lead" else "whistle.part_completed"
    assert kinds(deeds) == ["whistle.reported_in", "whistle.arrived", last]
    assert deeds[0].after < 5
    assert deeds[-1].after < 20
    assert deeds[-1].again


def test_an_owner_goes_all_the_way_and_one_who_is_to_be_silent_only_at_the_top() -> None:
    due = {"accept": 12.0}
    for tier, silent in (("unit", False), ("head", True)):
        deeds = ownership(order(due=due, role="owner", tier=tier), NOW, only_at_the_top=silent)
        assert kinds(deeds)[-1] == "ownership.dissolution_requested"
        assert len(deeds) == 4
    assert ownership(order(due=due, role="owner", tier="district"), NOW, only_at_the_top=True) == ()
    above = order(due={"approval": 12.0}, role="approver", tier="group")
    assert kinds(ownership(above, NOW, only_at_the_top=True)) == ["ownership.approved"]


def test_thanks_have_no_clocks_and_want_nothing_done() -> None:
    assert plan(UnitWay.PROMPT, order(due={}), NOW) == ()


def test_an_order_that_comes_too_late_is_begun_at_once() -> None:
    overdue = dict.fromkeys(DUE, -30.0) | {"completion": 40.0}
    assert plan(UnitWay.PROMPT, order(due=overdue), NOW)[0].after < 1


def test_generous_limits_are_not_waited_for() -> None:
    week = {"feedback": 600.0, "contact": 1800.0, "first_round": 86400.0, "completion": 432000.0}
    moments = [0.0, *(deed.after for deed in plan(UnitWay.PROMPT, order(due=week), NOW))]
    assert all(later - earlier <= LONGEST_WAIT + 2 for earlier, later in pairwise(moments))


def test_a_paused_clock_has_no_time() -> None:
    data = {"case_no": "SF1", "task_id": "SF1-T1", "item": None, "clocks": [{"kind": "completion", "due_at": None}]}
    assert order_of("eco-water", data, NOW).due == {}


def test_chance_falls_the_same_way_each_time_and_mostly_on_prompt() -> None:
    assert Dice("SF1").roll("x") == Dice("SF1").roll("x") != Dice("SF1").roll("y")
    ways = [unscripted_unit(f"SF20261122{n:05d}") for n in range(300)]
    assert sum(way not in SLACK for way in ways) >= 0.85 * len(ways)
    assert any(way in SLACK for way in ways)
