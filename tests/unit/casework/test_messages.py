"""What a unit may say: each message becomes the act's data, each fault has its field."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casework.events import Kind, Role
from casework.life_cycle import LIFE_CYCLE, OWNERSHIP_LIFE, PART_LIFE
from casework.messages import MESSAGES, Acknowledged, Completed, PartDeclined, PauseRequested

TASK = {"case_no": "PS1", "task_id": "PS1-T1"}


def test_there_is_a_message_for_everything_a_unit_may_do() -> None:
    rows = (*LIFE_CYCLE, *PART_LIFE, *OWNERSHIP_LIFE)
    assert set(MESSAGES) == {row.event for row in rows if Role.UNIT in row.who}


def test_an_act_has_what_was_said_and_no_more() -> None:
    told = Completed.model_validate({**TASK, "result": " 好了 ", "evidence": ["https://a.cn/1.jpg"], "extra": 1})
    assert told.act_data() == {"task_id": "PS1-T1", "result": "好了", "evidence": ["https://a.cn/1.jpg"]}


OF_A_CALLER = {Kind.WHISTLED, Kind.EXCUSED, Kind.SIGNED_OFF}  # who may have no piece of work


@pytest.mark.parametrize("kind", list(MESSAGES))
def test_every_message_names_its_case_and_its_task(kind: Kind) -> None:
    named = {"case_no"} if kind in OF_A_CALLER else {"case_no", "task_id"}
    with pytest.raises(ValidationError) as refused:
        MESSAGES[kind].model_validate({})
    assert named <= {str(fault["loc"][0]) for fault in refused.value.errors()}


CALL = {"call_id": "PS1-W1"}
DISSOLUTION = {"disposition": "solved", "evidence": ["https://a.cn/1.jpg"], "opinion": "同意"}


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.DECLINED, {"reason": "不归我管", "proposed_unit": "sw"}),
        (Kind.DELEGATED, {"to": "lj-1"}),
        (Kind.REFERRAL_CONFIRMED, {"reference": "119-7"}),
        (Kind.REFERRAL_RETURNED, {"reason": "不在我区"}),
        (Kind.WHISTLED, {"units": ["cg", "sw"], "lead": "cg", "reason": "噪声"}),
        (Kind.REPORTED_IN, CALL),
        (Kind.ARRIVED, {**CALL, "note": "已到"}),
        (Kind.PART_COMPLETED, {**CALL, "note": "已拆除"}),
        (Kind.PART_DECLINED, {**CALL, "reason": "与我无关"}),
        (Kind.JOINT_RESULT, {**CALL, "result": "已整治"}),
        (Kind.EXCUSED, {**CALL, "unit": "sw", "reason": "用不着"}),
        (Kind.SIGNED_OFF, {**CALL, "ratings": {"cg": 5, "sw": 1}}),
        (Kind.ACCEPTED, {}),
        (Kind.HOME_VISITED, {"note": "入户"}),
        (Kind.PLANNED, {"note": "方案", "review_at": "2026-12-01T10:00:00+08:00"}),
        (Kind.REVIEWED, {"note": "推进"}),
        (Kind.DISSOLUTION, DISSOLUTION),
        (Kind.APPROVED, {}),
        (Kind.NOT_APPROVED, {"reason": "还没解决"}),
    ],
)  # fmt: skip
def test_what_is_said_beside_the_handling(kind: Kind, said: dict[str, Any]) -> None:
    assert MESSAGES[kind].model_validate({**TASK, **said}).act_data() == {"task_id": "PS1-T1", **said}


@pytest.mark.parametrize(
    ("kind", "said", "field"),
    [
        (Kind.DECLINED, {"reason": "不归我管"}, "proposed_unit"),
        (Kind.REFERRAL_RETURNED, {}, "reason"),
        (Kind.WHISTLED, {"units": [], "lead": "cg", "reason": "噪声"}, "units"),
        (Kind.REPORTED_IN, {}, "call_id"),
        (Kind.EXCUSED, {**CALL, "unit": "sw"}, "reason"),
        (Kind.SIGNED_OFF, {**CALL, "ratings": {"cg": 6}}, "ratings"),
        (Kind.SIGNED_OFF, {**CALL, "ratings": {"cg": "5"}}, "ratings"),
        (Kind.PLANNED, {"note": "方案", "review_at": "soon"}, "review_at"),
        (Kind.DISSOLUTION, {**DISSOLUTION, "disposition": "done"}, "disposition"),
        (Kind.DISSOLUTION, {**DISSOLUTION, "evidence": []}, "evidence"),
        (Kind.DISSOLUTION, {k: v for k, v in DISSOLUTION.items() if k != "opinion"}, "opinion"),
        (Kind.NOT_APPROVED, {}, "reason"),
    ],
)  # fmt: skip
def test_what_is_wrong_beside_the_handling_has_its_field(kind: Kind, said: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as refused:
        MESSAGES[kind].model_validate({**TASK, **said})
    assert {str(fault["loc"][0]) for fault in refused.value.errors()} == {field}


def test_a_part_is_declined_for_a_reason_wherever_it_is_written() -> None:
    noted = PartDeclined.model_validate({**TASK, **CALL, "note": "与我无关"})
    assert noted.act_data()["reason"] == "与我无关"
    with pytest.raises(ValidationError, match="say why"):
        PartDeclined.model_validate({**TASK, **CALL})


@given(st.datetimes(timezones=st.just(UTC)))
def test_times_are_read_as_they_were_written(at: datetime) -> None:
    said = PauseRequested.model_validate({**TASK, "reason": "x", "review_at": at.isoformat()})
    assert said.review_at == at
    assert datetime.fromisoformat(said.act_data()["review_at"]) == at


@pytest.mark.parametrize("written", ["", "soon", "2026-11-22", "2026-11-22T10:00:00", 1, None, True])
def test_times_without_a_zone_are_none(written: object) -> None:
    with pytest.raises(ValidationError):
        PauseRequested.model_validate({**TASK, "reason": "x", "review_at": written})


@given(st.text())
def test_any_words_are_taken_or_refused(words: str) -> None:
    try:
        told = Acknowledged.model_validate({**TASK, "handler": "李工", "feedback": words})
    except ValidationError:
        assert not words.strip() or "\x00" in words or len(words) > 5000
    else:
        assert told.feedback in words
        assert told.feedback.strip() == words.strip()
