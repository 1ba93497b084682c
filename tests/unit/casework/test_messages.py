"""What a unit may say: each message becomes the act's data, each fault has its field."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from casework.events import Kind, Role
from casework.life_cycle import LIFE_CYCLE
from casework.messages import MESSAGES, OUT_OF_PLACE, Acknowledged, Completed, PauseRequested

TASK = {"case_no": "PS1", "task_id": "PS1-T1"}


def test_there_is_a_message_for_everything_a_unit_may_do() -> None:
    assert set(MESSAGES) == {row.event for row in LIFE_CYCLE if Role.UNIT in row.who}
    assert not OUT_OF_PLACE & set(MESSAGES)


def test_an_act_has_what_was_said_and_no_more() -> None:
    told = Completed.model_validate({**TASK, "result": " 好了 ", "evidence": ["https://a.cn/1.jpg"], "extra": 1})
    assert told.act_data() == {"task_id": "PS1-T1", "result": "好了", "evidence": ["https://a.cn/1.jpg"]}


@pytest.mark.parametrize("kind", list(MESSAGES))
def test_every_message_names_its_task(kind: Kind) -> None:
    with pytest.raises(ValidationError) as refused:
        MESSAGES[kind].model_validate({})
    assert {"case_no", "task_id"} <= {str(fault["loc"][0]) for fault in refused.value.errors()}


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
