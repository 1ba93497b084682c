"""A case in JSON is what CONTRACT says, to the key."""

import json
from typing import Any

from lives import DISPATCHER, Life, after

from casework.events import Kind
from casework.view import Names, case_json, clock_json, clocks_ahead, timeline_json
from catalog.policy import Policy

PLAIN = Policy(calendar="none", quiet_hours=None)
NAMES = Names("路灯不亮", {"cg": "区城管局", "sw": "区水务局"})
# The ledger adds the last two; those of `OURS` are ours besides.
CONTRACT = {
    *("case_no", "district", "channel", "property", "state", "state_zh", "outcome", "grade", "item", "confidence"),
    *("department", "received_at", "next_due_at", "policy_version", "catalogue_version", "reopened", "merged_into"),
    *("referral", "clocks", "held", "precedent", "tasks", "whistles", "ownerships", "evaluations"),
}
LEDGERS = {"flow_run_id", "timeline"}
OURS = {"candidates", "closed_at", "suspects", "instant_answer"}


def shown(life: Life, minutes: float = 99) -> dict[str, Any]:
    return case_json(life.case, NAMES, after(minutes))


def lived() -> Life:
    """Reminded, acknowledged late, paused, done, judged badly, done again, judged well."""
    life = Life.begun(PLAIN).assigned().notified()
    life.fire(after(6))
    life.handled(12).paused(20, 600)
    life.act(Kind.RESUMED, DISPATCHER, after(30))
    life.completed(60).judged(70, solved=False, satisfaction=2).notified(71)
    return life.completed(80).judged(90, solved=True, satisfaction=4)


def test_a_case_has_contracts_keys() -> None:
    assert set(shown(lived())) == CONTRACT | OURS
    assert set(shown(Life.begun())) == CONTRACT | OURS
    assert not LEDGERS & CONTRACT


def test_a_case_is_json() -> None:
    assert json.loads(json.dumps(shown(lived()), ensure_ascii=False)) == shown(lived())


def test_a_new_case_says_what_is_not_yet_known() -> None:
    new = shown(Life.begun(), 1)
    assert (new["state"], new["state_zh"], new["outcome"]) == ("received", "已收", None)
    assert (new["item"], new["confidence"], new["department"], new["tasks"]) == (None, None, None, [])
    assert new["next_due_at"] == after(30).isoformat()
    assert new["held"] == [{"holder": "system", "seconds": 60.0}]


def test_a_life_is_told_whole() -> None:
    case = shown(lived())
    assert (case["state"], case["outcome"], case["reopened"], case["grade"]) == ("closed", "resolved", 1, "C")
    assert case["item"] == {"code": "SZ-0101", "name": "路灯不亮"}
    assert case["department"] == {"code": "cg", "name": "区城管局"}
    assert case["next_due_at"] is None
    assert case["evaluations"] == [
        {"solved": False, "satisfaction": 2, "at": after(70).isoformat()},
        {"solved": True, "satisfaction": 4, "at": after(90).isoformat()},
    ]
    assert [(task["task_id"][-2:], task["role"], task["state"]) for task in case["tasks"]] == [
        ("T1", "handler", "closed"),
        ("T2", "handler", "closed"),
    ]
    assert all(set(task) == {"task_id", "department", "role", "state"} for task in case["tasks"])


def test_held_seconds_sum_to_the_cases_life_and_stop_with_it() -> None:
    for minutes in (90, 99, 99999):
        held = shown(lived(), minutes)["held"]
        assert all(set(part) == {"holder", "seconds"} for part in held)
        assert sum(part["seconds"] for part in held) == 90 * 60


def test_the_notice_of_a_closing_changes_no_account() -> None:
    thanks = Life.begun(PLAIN, property="thanks").assigned()
    closed = sum(part["seconds"] for part in shown(thanks)["held"])
    thanks.notified(50)
    assert sum(part["seconds"] for part in shown(thanks)["held"]) == closed


def test_a_unit_whose_name_is_no_longer_known_is_shown_by_its_code() -> None:
    assert shown(Life.begun().assigned(unit="old"))["department"] == {"code": "old", "name": "old"}


def test_a_clock_has_contracts_keys() -> None:
    for clock in shown(lived())["clocks"]:
        assert set(clock) == {
            *("kind", "holder", "started_at", "due_at", "met_at", "breached", "paused_seconds", "provisional", "rungs"),
            "stopped_at",
            "charged_to",
        }
        for rung in clock["rungs"]:
            assert set(rung) == {"n", "at", "action", "fired_at", "skipped"}


def clock_of(life: Life, kind: str, minutes: float = 99) -> dict[str, Any]:
    return next(clock for clock in shown(life, minutes)["clocks"] if clock["kind"] == kind)


def test_a_late_acknowledgement_is_a_breach() -> None:
    feedback = clock_of(lived(), "feedback")
    assert (feedback["holder"], feedback["breached"]) == ("department:cg", True)
    assert (feedback["due_at"], feedback["met_at"]) == (after(10).isoformat(), after(12).isoformat())


def test_paused_seconds_are_shown() -> None:
    assert clock_of(lived(), "completion")["paused_seconds"] == 600


def test_rungs_behind_say_when_they_fired_and_rungs_ahead_when_they_will() -> None:
    life = Life.begun(PLAIN).assigned()
    life.fire(after(9))
    rungs = clock_of(life, "feedback")["rungs"]
    assert [(rung["n"], rung["action"], rung["skipped"]) for rung in rungs] == [
        (0, "remind", True),
        (1, "remind", False),
        (2, "urge", False),
        (3, "urge_head", False),
        (4, "supervise", False),
    ]
    assert [rung["fired_at"] for rung in rungs] == [None, after(9).isoformat(), None, None, None]
    assert [rung["at"] for rung in rungs] == [after(minutes).isoformat() for minutes in (5, 8, 10, 12, 15)]


def test_a_running_clock_always_shows_its_next_rung() -> None:
    life = Life.begun(PLAIN).assigned()
    while life.fire(after(16)):
        pass
    ahead = [rung for rung in clock_of(life, "feedback")["rungs"] if rung["fired_at"] is None and not rung["skipped"]]
    assert [(rung["n"], rung["at"]) for rung in ahead] == [(5, after(30).isoformat())]


def test_a_stopped_clock_shows_no_rung_ahead() -> None:
    life = Life.begun(PLAIN).assigned().handled()
    assert clock_of(life, "feedback")["rungs"] == []


def test_a_paused_clock_has_no_date() -> None:
    paused = Life.begun(PLAIN).assigned().handled().paused(6, 600)
    completion = clock_of(paused, "completion")
    assert completion["due_at"] is None
    assert {rung["at"] for rung in completion["rungs"]} == {None}
    assert completion["breached"] is False


def test_a_unit_is_told_the_clocks_that_run() -> None:
    ahead = clocks_ahead(Life.begun(PLAIN).assigned().handled().case.clocks)
    assert ahead == [
        {"kind": "first_round", "due_at": after(24 * 60).isoformat()},
        {"kind": "completion", "due_at": after(5 * 24 * 60).isoformat()},
    ]


def test_a_line_of_the_timeline_has_contracts_keys() -> None:
    life = Life.begun().assigned()
    line = timeline_json(life.events[-1], "ab" * 32)
    assert line == {
        "seq": 4,
        "at": life.events[-1].at.isoformat(),
        "event": "case.assigned",
        "event_zh": "派单",
        "actor": "system",
        "detail": {"unit": "cg", "task_id": "PS2026112300001-T1"},
        "hash": "ab" * 32,
    }
    assert clock_json(life.case, life.case.clocks[0], after(1))["kind"] == "triage"
