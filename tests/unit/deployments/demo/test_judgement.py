"""What a dispatcher and a callback clerk decide from a case in JSON."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from catalog.loading import load_catalogue, load_district
from deployments.demo.judgement import (
    Choice,
    Dispatching,
    disputed_before,
    excused_unit,
    first_to_decline,
    gives_up_at,
    pending_request,
    phones_at,
    proposed_unit,
    whistle_to_sign_off,
)
from ledger.settings import ROOT

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def at(seconds: float) -> str:
    return (NOW + timedelta(seconds=seconds)).isoformat()


def clock(kind: str, due: float, stopped: float | None = None) -> dict[str, Any]:
    ended = None if stopped is None else at(stopped)
    return {"kind": kind, "started_at": at(0), "due_at": at(due), "stopped_at": ended}


def case(state: str, *clocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    timeline = [{"event": "task.notified", "at": at(3), "detail": {"task_id": "SF1-T1"}}]
    tasks = [{"task_id": "SF1-T1"}]
    return {"state": state, "clocks": list(clocks), "channel": "app", "tasks": tasks, "timeline": timeline, **more}


@pytest.fixture(scope="module")
def dispatcher() -> Dispatching:
    catalogue = load_catalogue()
    return Dispatching(load_district(ROOT / "deployments" / "districts" / "demo.yaml", catalogue), catalogue)


def test_the_best_candidate_gets_it(dispatcher: Dispatching) -> None:
    candidates: list[dict[str, Any]] = [{"item": "SZ-0602", "confidence": 0.2}, {"item": "SZ-0308", "confidence": 0.3}]
    assert dispatcher.first({"candidates": candidates}) == Choice("eco-water", "SZ-0308")
    candidates[1]["unit"] = {"code": "street-xinhu", "name": "新湖街道办事处"}
    assert dispatcher.first({"candidates": candidates}) == Choice("street-xinhu", "SZ-0308")


@pytest.mark.parametrize("candidates", [[], [{"item": "SZ-0308", "confidence": 0.05}]])
def test_nothing_plausible_goes_to_whoever_sorts_things_out(dispatcher: Dispatching, candidates: list[Any]) -> None:
    assert dispatcher.first({"candidates": candidates}) == Choice("command-centre")


@pytest.mark.parametrize("item", [None, {"code": "SZ-0308"}])
@pytest.mark.parametrize("present", ["eco-water", "command-centre"])
def test_somebody_else_gets_a_silent_units_case(dispatcher: Dispatching, item: Any, present: str) -> None:
    choice = dispatcher.instead({"item": item, "department": {"code": present}})
    assert choice.unit != present
    assert choice.unit in {unit.code for unit in dispatcher.district.units}


def test_a_unit_has_twice_its_time_from_when_it_was_told() -> None:
    assert gives_up_at(case("awaiting_ack", clock("feedback", 12))) == NOW + timedelta(seconds=3 + 24)


def test_who_has_not_been_told_or_has_answered_loses_nothing() -> None:
    assert gives_up_at(case("awaiting_ack", clock("feedback", 12), timeline=[])) is None
    assert gives_up_at(case("in_progress", clock("feedback", 12, 5))) is None
    assert gives_up_at(case("awaiting_ack", clock("feedback", 12, 5))) is None


def test_those_who_have_a_link_are_given_time_before_they_are_phoned() -> None:
    waiting = case("awaiting_callback", clock("callback", 24))
    assert phones_at(waiting, at_once=False) == NOW + timedelta(seconds=0.6 * 24)
    assert phones_at(waiting, at_once=True) == NOW + timedelta(seconds=2.4)
    assert phones_at({**waiting, "channel": "hotline"}, at_once=False) == NOW + timedelta(seconds=2.4)
    assert phones_at(case("closed", clock("callback", 24, 9)), at_once=True) is None


def test_a_request_is_pending_until_it_is_decided() -> None:
    asked = {"event": "task.extension_requested", "detail": {"days": 1}}
    assert pending_request({"timeline": [asked]}) == asked
    assert pending_request({"timeline": [asked, {"event": "clock.rung"}]}) == asked
    assert pending_request({"timeline": [asked, {"event": "case.extended"}]}) is None
    assert pending_request({"timeline": [asked, {"event": "task.completed"}]}) is None
    assert pending_request({"timeline": []}) is None


def test_a_dispute_is_read_from_its_clock_and_from_who_has_declined() -> None:
    clocks = [{**clock("adjudication", 20, 4), "holder": "dispatcher"}, {**clock("adjudication", 20), "holder": "x"}]
    assert disputed_before(case("in_dispute", *clocks)) == "x"
    assert disputed_before(case("in_progress", clocks[0])) is None
    declines = [
        {"event": "task.declined", "actor": f"unit:{unit}", "detail": {"proposed_unit": proposed}}
        for unit, proposed in (("police", "market"), ("market", "construction"))
    ]
    assert first_to_decline({"timeline": declines}) == "police"
    assert proposed_unit({"timeline": declines}) == "construction"


def whistled(*, planned: bool = True, result: str | None = None, over: bool = False, **states: str) -> dict[str, Any]:
    parts = [{"department": {"code": code}, "state": state} for code, state in states.items()]
    call = {"state": "done" if over else "joint_handling", "joint_result": result, "parts": parts}
    timeline = [{"event": "ownership.planned"}] if planned else []
    return {"whistles": [call], "timeline": timeline}


def test_who_stays_silent_is_excused_once_a_leader_has_planned_and_not_twice() -> None:
    assert excused_unit(whistled(market="awaiting_report_in"), "market") == "market"
    assert excused_unit(whistled(planned=False, market="awaiting_report_in"), "market") is None
    assert excused_unit(whistled(market="excused"), "market") is None


def test_all_who_took_part_are_rated_when_the_result_is_there() -> None:
    parts = {"police": "done", "market": "excused"}
    assert whistle_to_sign_off(whistled(**parts)) is None
    assert whistle_to_sign_off(whistled(result="x", **parts)) == {"police": 5}
    assert whistle_to_sign_off(whistled(result="x", over=True, **parts)) is None
