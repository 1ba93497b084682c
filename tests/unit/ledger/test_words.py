"""Words of an act: what is kept of them, and what goes to the vault."""

from datetime import UTC, datetime

from casework.events import CITIZEN, Act, Kind
from casework.given import Given
from ledger.words import by_event, has_words, masked

AT = datetime(2026, 11, 23, tzinfo=UTC)
PEOPLE = Given.of({"name": "张伟", "phone": "13812345678"})


def act(**data: object) -> Act:
    return Act(Kind.COMPLETED, CITIZEN, AT, data)


def test_words_are_kept_masked_and_their_whole_is_answered() -> None:
    said, whole = masked(act(result="已告知张伟", task_id="T1", days=3), PEOPLE)
    assert said.data == {"result": "已告知【姓名】", "task_id": "T1", "days": 3}
    assert whole == {"result": "已告知张伟"}
    assert by_event(7, whole) == {"7.result": "已告知张伟"}


def test_words_without_anything_personal_stay() -> None:
    same = act(result="已清运", note=None)
    assert masked(same, PEOPLE) == (same, {})


def test_an_address_that_names_somebody_is_masked_even_where_it_is_encoded() -> None:
    given = ["https://x.cn/a.jpg", "https://x.cn/13812345678.jpg", "https://x.cn/%E5%BC%A0%E4%BC%9F.jpg"]
    said, whole = masked(act(evidence=given), PEOPLE)
    assert said.data["evidence"] == ["https://x.cn/a.jpg", "https://x.cn/【手机号】.jpg", "https://x.cn/【姓名】.jpg"]
    assert "13812345678" in whole["evidence"]
    assert masked(act(evidence=[]), PEOPLE)[1] == {}


def test_only_acts_with_words_are_looked_through() -> None:
    assert has_words(act(note="x"))
    assert has_words(act(evidence=[]))
    assert not has_words(act(days=3))
