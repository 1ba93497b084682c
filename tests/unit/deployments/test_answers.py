"""`huiyin answers`: what would be answered at once, and what speaks against it."""

import json
from datetime import date

import pytest

from catalog.districts import District
from catalog.loading import load_catalogue
from catalog.policy import Policy
from catalog.texts import text
from deployments.answer_forecast import answer_forecast
from learning.answering import Answerer, complaints, unsettled
from learning.classifier import Classifier
from ledger.city import City
from ledger.settings import Settings
from tests.unit.deployments.test_cli import Huiyin, huiyin  # noqa: F401  the fixture

TODAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def city() -> City:
    return City.of(Settings())


@pytest.fixture(scope="module")
def answerer(city: City) -> Answerer:
    return Answerer.of(city.knowledge["demo"], (*complaints(city.catalogue), *unsettled()))


@pytest.fixture(scope="module")
def judge(city: City) -> Classifier:
    return Classifier.from_catalogue(city.catalogue)


@pytest.mark.parametrize(
    ("words", "because"),
    [
        ("请问试用期最长可以约定几个月", None),
        ("试用期的规定，公司乱来，我要投诉他们拖欠工资", "property"),
        ("请问我的失业金申请交了三个月了，怎么还没有批", "own_matter"),
        ("请问采砂许可证怎么办理", "unsure"),
        ("请问家里燃气泄漏了怎么办，味道很大", "property"),
    ],
)
def test_why_or_why_not(city: City, answerer: Answerer, judge: Classifier, words: str, because: str | None) -> None:
    district: District = city.district("demo")
    told = answer_forecast(
        district, city.catalogue, answerer, district.policy, judge, words=words, place="", today=TODAY
    )
    assert told["because"] == because
    assert told["answered"] == (because is None)
    assert 0 <= told["confidence"] <= 1


def test_a_district_that_does_not_answer_at_once_says_so(city: City, answerer: Answerer, judge: Classifier) -> None:
    told = answer_forecast(
        city.district("demo"),
        city.catalogue,
        answerer,
        Policy(),
        judge,
        words="请问试用期最长可以约定几个月",
        place="",
        today=TODAY,
    )
    assert (told["answered"], told["because"], told["entry"]) == (False, "off", "probation")


def test_each_reason_has_its_words() -> None:
    for because in ("off", "property", "urgent", "recused", "own_matter", "unknown", "unsure"):
        given = {"property": "投诉", "percent": 1, "threshold": 70, "sign": "三个月了"}
        assert text(f"cli.answers.because.{because}", **given).startswith("不会当即答复")


def test_one_document_and_nothing_else(huiyin: Huiyin) -> None:  # noqa: F811
    said = huiyin("answers", "--district", "demo", "--text", "-", "--json", given="请问示范区真的存在吗")
    assert (said.returncode, said.stderr) == (0, "")
    told = json.loads(said.stdout)
    assert (told["answered"], told["entry"], told["threshold"]) == (True, "demo-guide", 0.7)


def test_what_was_asked_in_vain_of_an_empty_ledger(huiyin: Huiyin) -> None:  # noqa: F811
    said = huiyin("answers", "--district", "demo", "--missed", "--json")
    assert json.loads(said.stdout) == {"questions": 0, "groups": []}


@pytest.mark.parametrize("words", [[], ["--text", "请问", "--missed"]])
def test_either_a_text_or_what_was_missed(huiyin: Huiyin, words: list[str]) -> None:  # noqa: F811
    said = huiyin("answers", "--district", "demo", *words)
    assert said.returncode == 1
    assert "二者选一" in said.stderr


def test_the_three_districts_answer_at_once() -> None:
    city = City.of(Settings())
    assert city.catalogue == load_catalogue()
    assert {code: district.policy.answer_threshold for code, district in city.districts.items()} == {
        "demo": 0.7,
        "futian": 0.8,
        "pingshan": 0.7,
    }
