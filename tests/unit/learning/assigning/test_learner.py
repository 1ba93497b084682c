"""The learner on made histories: it learns, carries over from place to place, changes its mind, and repeats itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from catalog.working_time import SHANGHAI
from learning.assigning.facts import Facts
from learning.assigning.learner import AssignmentLearner, Judged
from learning.assigning.unit_names import HistoricUnit, PlaceNames

PLACES = PlaceNames("坪山区", ("坪山街道", "龙田街道", "坑梓街道"), ("老坑社区", "竹坑社区"))
START = datetime(2018, 9, 3, 9, tzinfo=SHANGHAI)
LAMPS, NOISE, LITTER = HistoricUnit("城管局"), HistoricUnit("环保局"), "市政服务中心"


def facts(n: int, sub: str, street: str = "龙田街道", **more: str) -> Facts:
    return Facts(START + timedelta(hours=n), sub, f"{sub}类", "市容", street, **more)


def taught(learner: AssignmentLearner, n: int, unit: HistoricUnit, sub: str, street: str = "龙田街道") -> Judged:
    judged = learner.judge(facts(n, sub, street))
    learner.learn(judged, unit)
    return judged


@pytest.fixture
def learner() -> AssignmentLearner:
    """Has seen thirty rows: lamps and noise of one street, litter of two streets, each with a unit of its own."""
    made = AssignmentLearner(PLACES)
    for n in range(0, 40, 4):
        taught(made, n, LAMPS, "路灯")
        taught(made, n + 1, NOISE, "噪声")
        taught(made, n + 2, HistoricUnit(LITTER, "龙田街道"), "垃圾")
        taught(made, n + 3, HistoricUnit(LITTER, "坪山街道"), "垃圾", "坪山街道")
    return made


def first(learner: AssignmentLearner, sub: str, street: str) -> HistoricUnit:
    return learner.judge(facts(50, sub, street)).ranked[0].unit


def test_nothing_learnt_nothing_said() -> None:
    assert AssignmentLearner(PLACES).judge(facts(0, "路灯")).ranked == ()


def test_what_was_seen_comes_first_with_a_probability(learner: AssignmentLearner) -> None:
    judged = learner.judge(facts(50, "路灯"))
    assert judged.ranked[0].unit == LAMPS
    assert judged.ranked[0].probability > 0.5
    assert judged.probabilities.sum() == pytest.approx(1)
    assert [one.probability for one in judged.ranked] == sorted((o.probability for o in judged.ranked), reverse=True)


def test_a_matter_known_from_one_street_is_known_in_the_next(learner: AssignmentLearner) -> None:
    assert first(learner, "噪声", "坪山街道") == NOISE
    assert first(learner, "垃圾", "坪山街道") == HistoricUnit(LITTER, "坪山街道")
    taught(learner, 49, HistoricUnit(LITTER, "坑梓街道"), "别的", "坑梓街道")  # it is there, and had no litter yet
    assert first(learner, "垃圾", "坑梓街道") == HistoricUnit(LITTER, "坑梓街道")


def test_it_changes_its_mind_when_the_work_is_divided_anew(learner: AssignmentLearner) -> None:
    for n in range(200, 206):
        taught(learner, n, NOISE, "路灯")
    assert learner.judge(facts(207, "路灯")).ranked[0].unit == NOISE


def test_the_same_rows_give_the_same_answers(learner: AssignmentLearner) -> None:
    again = AssignmentLearner(PLACES)
    for n in range(0, 40, 4):
        taught(again, n, LAMPS, "路灯")
        taught(again, n + 1, NOISE, "噪声")
        taught(again, n + 2, HistoricUnit(LITTER, "龙田街道"), "垃圾")
        taught(again, n + 3, HistoricUnit(LITTER, "坪山街道"), "垃圾", "坪山街道")
    assert again.judge(facts(50, "垃圾")).ranked == learner.judge(facts(50, "垃圾")).ranked


@dataclass(frozen=True)
class OneDuty:
    """Lamps are the city management's, whatever happened; nothing else is known."""

    units = (LAMPS, NOISE)

    def says(self, facts: Facts) -> Mapping[HistoricUnit, float]:
        return {LAMPS: 0.9} if facts.sub == "路灯" else {}


def test_the_table_speaks_before_anything_was_learnt_and_history_outweighs_it() -> None:
    learner = AssignmentLearner(PLACES, OneDuty())
    assert learner.judge(facts(0, "路灯")).ranked[0].unit == LAMPS
    for n in range(30):
        taught(learner, n, NOISE, "路灯")
    assert learner.judge(facts(31, "路灯")).ranked[0].unit == NOISE
