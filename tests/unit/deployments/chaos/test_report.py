"""The report of an exercise: clean only where every promise was kept, and a sentence for each that was not."""

from dataclasses import replace
from typing import Any

import pytest

from deployments.chaos.answers import Answers
from deployments.chaos.kills import Kill
from deployments.chaos.post import Post
from deployments.chaos.record import Record
from deployments.chaos.report import ChaosReport

CLEAN: dict[str, Any] = {"ok": True, "cases": 2, "events": 9, "findings": []}


def post(*ids: str) -> Post:
    came = Post()
    for task, delivery in enumerate(ids):
        about = {"case_no": "SF1", "task_id": f"SF1-T{task}", "case_seq": 3}
        came.note("police", delivery, {"type": "task.assigned", "data": about})
    return came


def record(**changes: Any) -> Record:
    kept: dict[str, Any] = {
        "states": {"SF1": "closed", "SF2": "closed"},
        "restless": 0,
        "messages": {"m1": "sent", "m2": "dropped"},
        "inbox": frozenset({"a1", "a2"}),
    }
    return Record(**(kept | changes))


def report(**changes: Any) -> ChaosReport:
    clean = ChaosReport(
        seed=7,
        planned=2,
        kills=(Kill(1.0, ("worker",)), Kill(2.0, ("worker", "prefect"))),
        requests=2,
        seconds=61.04,
        post=post("m1", "m1", "m2"),
        answers=Answers({"SF1", "SF2"}, {"a1"}),
        record=record(),
        verified=CLEAN,
    )
    return replace(clean, **changes)


def test_a_clean_exercise_in_figures() -> None:
    kept = post("m1", "m2")
    kept.note("police", "m1", {"type": "task.assigned", "data": {"case_no": "SF1", "task_id": "SF1-T0"}})
    document = report(post=kept).document()
    assert document.pop("acts") == {"accepted": 0, "duplicate": 0, "refused": 0}
    assert document == {
        "ok": True,
        "seed": 7,
        "kills": {"moments": 2, "together": 1, "worker": 2, "gateway": 0, "prefect": 1},
        "requests": 2,
        "confirmed": 2,
        "cases": 2,
        "closed": 2,
        "verify": {"ok": True, "findings": []},
        "webhooks": {"sent": 1, "received": 3, "ids": 2, "doubled": 0},
        "seconds": 61.0,
        "problems": [],
    }


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"planned": 3}, "计划强杀 3 次，时限内只做了 2 次"),
        ({"answers": Answers({"SF1"})}, "只有 1 件诉求得到回执，应有 2 件"),
        ({"requests": 1}, "台账有 2 件诉求，群众只提交了 1 件"),
        ({"record": record(states={"SF1": "closed"})}, "台账却没有的诉求 1 件：SF2"),
        ({"record": record(states={"SF1": "closed", "SF2": "triage"})}, "未结案 1 件：SF2"),
        ({"record": record(inbox=frozenset({"a2"}))}, "来文 1 件：a1"),
        ({"record": record(messages={"m1": "pending", "m2": "sent"})}, "未送达的消息 1 条：m1"),
        ({"record": record(messages={"m1": "unknown", "m2": "sent"})}, "未送达的消息 1 条：m1"),
        ({"record": record(messages={"m1": "sent", "m2": "sent", "m3": "sent"})}, "没有收到的消息 1 条：m3"),
        ({"record": record(messages={"m1": "sent"})}, "台账却没有的消息 1 条：m2"),
        ({"verified": {**CLEAN, "ok": False, "findings": [{"about": "SF1", "finding": "断了"}]}}, "断了"),
    ],
)
def test_each_broken_promise_is_told(changes: dict[str, Any], told: str) -> None:
    changed = report(**({"post": post("m1", "m2")} | changes))
    assert not changed.ok
    assert len(changed.problems) == 1
    assert told in changed.problems[0]
    assert changed.document()["problems"] == changed.problems


def test_an_effect_that_was_had_twice_and_an_id_with_two_meanings_are_told() -> None:
    doubled = post("m1")
    doubled.note("police", "m2", {"type": "task.assigned", "data": {"case_no": "SF1", "task_id": "SF1-T0"}})
    assert ["SF1 task.assigned" in problem for problem in report(post=doubled).problems] == [True]
    assert ["含义不同" in problem for problem in report(post=post("m1", "m1", "m2")).problems] == [True]


def test_of_many_only_some_are_named() -> None:
    states = {f"SF{n}": "triage" for n in range(9)}
    problem = report(requests=9, record=record(states=states), post=post("m1", "m2")).problems
    told = next(sentence for sentence in problem if "未结案" in sentence)
    assert "9 件：SF0、SF1、SF2、SF3、SF4" in told
    assert "SF5" not in told
