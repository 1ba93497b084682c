"""What the units' receivers have done: each id once, and each effect once."""

from typing import Any

import pytest

from deployments.chaos.post import Post, meaning_of

UNIT = "eco-water"
DUE = "2026-11-22T10:00:00+00:00"


def message(kind: str, task_id: str | None = "SF1-T1", case_seq: int = 4, **data: Any) -> dict[str, Any]:
    about = {"case_no": "SF1", "task_id": task_id, "case_seq": case_seq, **data}
    return {"type": kind, "schema": 1, "timestamp": DUE, "data": about}


def rung(n: int, case_seq: int = 5, due_at: str = DUE) -> dict[str, Any]:
    return message("task.urged", case_seq=case_seq, clock="feedback", rung=n, level="handler", due_at=due_at)


def of_a_part(unit: str) -> dict[str, Any]:
    """What a leader is told of a unit that he is in charge of."""
    late = {"clock": "report_in", "rung": 2, "level": "leader", "due_at": DUE, "holder": f"department:{unit}"}
    return message("task.supervised", task_id=None, **late)


def test_the_same_id_again_is_one_effect() -> None:
    post = Post()
    for stamp in ("10:00", "10:01"):
        post.note(UNIT, "m1", {**message("task.assigned"), "timestamp": stamp})
    assert (post.received, set(post.ids)) == (2, {"m1"})
    assert post.doubled == []
    assert post.ambiguous == []


def test_an_id_that_comes_to_mean_something_else_is_told() -> None:
    post = Post()
    post.note(UNIT, "m1", message("task.assigned"))
    post.note(UNIT, "m1", message("task.assigned", task_id="SF1-T2"))
    assert post.ambiguous == ["m1"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (message("task.assigned", case_seq=4), message("task.assigned", case_seq=9)),
        (message("case.closed", case_seq=4), message("case.closed", case_seq=9)),
        (rung(2, case_seq=5), rung(2, case_seq=6)),
        (message("task.decided", case_seq=7), message("task.decided", case_seq=7)),
    ],
)
def test_two_ids_of_one_meaning_are_an_effect_had_twice(first: dict[str, Any], second: dict[str, Any]) -> None:
    post = Post()
    post.note(UNIT, "m1", first)
    post.note(UNIT, "m2", second)
    assert post.doubled == [meaning_of(UNIT, first)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (message("task.assigned"), message("task.assigned", task_id="SF1-T2")),
        (rung(2), rung(3)),
        (rung(2), rung(2, due_at="2026-11-22T11:00:00+00:00")),
        (of_a_part("sw"), of_a_part("hb")),
        (message("task.decided", case_seq=7), message("task.decided", case_seq=9)),
        (message("task.withdrawn"), message("case.closed")),
    ],
)
def test_other_meanings_are_other_effects(first: dict[str, Any], second: dict[str, Any]) -> None:
    post = Post()
    post.note(UNIT, "m1", first)
    post.note(UNIT, "m2", second)
    post.note("police", "m3", first)
    assert post.doubled == []
