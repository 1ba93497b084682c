"""The knowledge base's files: what they hold, and that every fault is told with file, line and field."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from casework.privacy import mask
from catalog.answer_loading import ANSWERS_FOLDER, load_answers, load_own_answers
from catalog.answers import Answer, KnowledgeBase
from catalog.items import Catalogue
from catalog.loading import load_catalogue
from catalog.marked import LoadError
from catalog.policy import Policy

DISTRICTS = Path(__file__).parents[3] / "deployments" / "districts"
ENTRY = """\
- id: lamp-hours
  question: 路灯几点亮
  phrasings:
    - 请问路灯什么时候开
    - 晚上路灯几点开
    - 路灯早上几点关
  answer: 路灯随日落自动亮起，日出后熄灭。
  source: 城市照明管理规定
  item: SZ-0602
"""


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def told(tmp_path: Path, catalogue: Catalogue) -> Callable[[str], list[str]]:
    """What loading a file of this content tells, without the folder."""

    def load(content: str) -> list[str]:
        (tmp_path / "01-lamps.yaml").write_text(content, encoding="utf-8")
        with pytest.raises(LoadError) as refused:
            load_answers(catalogue, tmp_path)
        return [line.removeprefix(f"{tmp_path}/") for line in str(refused.value).splitlines()]

    return load


def test_the_knowledge_base_that_ships_is_whole(catalogue: Catalogue) -> None:
    answers = load_answers(catalogue).answers
    assert len(answers) >= 80
    assert all(each.item for each in answers)
    assert len({phrasing for each in answers for phrasing in each.spoken}) == sum(len(each.spoken) for each in answers)


def test_no_answer_holds_what_would_be_masked(catalogue: Catalogue) -> None:
    """An answer is recorded and told as it is written: what looks like somebody's number has no place in it."""
    knowledge = load_own_answers(load_answers(catalogue), DISTRICTS, ("demo", "futian", "pingshan"), catalogue)
    for each in (answer for base in knowledge.values() for answer in base.answers):
        assert mask(each.answer).found == (), each.id


@pytest.mark.parametrize(
    ("written", "instead", "fault"),
    [
        ("id: lamp-hours", "id: Lamp Hours", "01-lamps.yaml:1: [0].id: “Lamp Hours” does not have the form"),
        ("item: SZ-0602", "item: SZ-9999", "01-lamps.yaml:9: [0].item: there is no item “SZ-9999”"),
        ("  source: 城市照明管理规定\n", "", "01-lamps.yaml:1: [0].source: this field is missing"),
        ("source:", "origin:", "01-lamps.yaml:8: [0].origin: there is no such field"),
        (
            "晚上路灯几点开",
            "请问路灯什么时候开",
            "01-lamps.yaml:5: [0].phrasings[1]: “请问路灯什么时候开” is written twice",
        ),
        ("    - 晚上路灯几点开\n    - 路灯早上几点关\n", "", "01-lamps.yaml:3: [0].phrasings: "),
        (
            "answer: 路灯随日落自动亮起，日出后熄灭。",
            "answer: 不知道",
            "01-lamps.yaml:7: [0].answer: “不知道” is not right",
        ),
        ("item: SZ-0602", "valid_until: 2026-02-30", "01-lamps.yaml:9: [0].valid_until: "),
    ],
)
def test_a_fault_is_told_with_line_and_field(
    told: Callable[[str], list[str]], written: str, instead: str, fault: str
) -> None:
    assert written in ENTRY
    assert any(line.startswith(fault) for line in told(ENTRY.replace(written, instead))), told(
        ENTRY.replace(written, instead)
    )


def test_an_id_that_another_file_has_is_told(told: Callable[[str], list[str]], tmp_path: Path) -> None:
    (tmp_path / "02-more.yaml").write_text(ENTRY, encoding="utf-8")
    (line,) = told(ENTRY)
    assert line == "02-more.yaml:1: [0].id: “lamp-hours” is taken in 01-lamps.yaml: choose another"


def test_a_districts_own_answer_goes_before_everybodys(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    own = ENTRY.replace("lamp-hours", "passport")
    (tmp_path / "answers" / "demo.yaml").write_text(own, encoding="utf-8")
    common = load_answers(catalogue)
    found = load_own_answers(common, tmp_path, ("demo", "futian"), catalogue)
    assert found["futian"] == common
    assert len(found["demo"].answers) == len(common.answers)
    assert [each.answer for each in found["demo"].answers if each.id == "passport"] == [
        "路灯随日落自动亮起，日出后熄灭。"
    ]


def test_answers_of_a_district_that_there_is_not(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "nowhere.yaml").write_text(ENTRY, encoding="utf-8")
    with pytest.raises(LoadError, match="there is no district nowhere"):
        load_own_answers(KnowledgeBase(answers=()), tmp_path, ("demo",), catalogue)


def test_other_words_are_another_version() -> None:
    answer = Answer(
        id="a",
        question="路灯几点亮",
        phrasings=("路灯几点开", "路灯几点关", "路灯时间"),
        answer="日落后自动亮起来的。",
        source="规定",
    )
    said_better = answer.model_copy(update={"answer": "路灯在日落以后自动亮起。"})
    asked_otherwise = answer.model_copy(update={"question": "路灯什么时候亮"})
    assert answer.version != said_better.version
    assert answer.version == asked_otherwise.version


def test_the_last_day_is_still_valid() -> None:
    answer = (
        load_answers(load_catalogue(), ANSWERS_FOLDER).answers[0].model_copy(update={"valid_until": date(2026, 1, 1)})
    )
    assert answer.valid(date(2026, 1, 1))
    assert not answer.valid(date(2026, 1, 2))


def test_a_policy_that_says_nothing_of_answers_is_written_as_it_always_was() -> None:
    assert "answer_threshold" not in Policy().model_dump(mode="json")
    assert Policy(answer_threshold=0.7).model_dump(mode="json")["answer_threshold"] == 0.7
    assert Policy.model_validate(Policy().model_dump(mode="json")) == Policy()
